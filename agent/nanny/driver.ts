/** The nanny: checks all real servers from one event loop and says which weight each should have. */
import type { Host } from '#agent/runtime/host.ts';
import type { Clock, Exec, Log } from '#agent/runtime/types.ts';
import type { Checkers, CheckResult } from './checks/checker.ts';
import { checkers } from './checks/registry.ts';
import type { Nanny, NannyOptions } from './contract.ts';
import { createLoads } from './loads.ts';
import type { Member } from './member.ts';
import { isUnasked } from './members.ts';
import { createOverrides } from './overrides.ts';
import { createQuorums } from './quorums.ts';
import { createRoster } from './roster.ts';
import { createTurnstile } from './turnstile.ts';
import { createWatches } from './watches.ts';

export interface NannyDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly exec: Exec;
  readonly host: Pick<Host, 'hostname' | 'readTextNow'>;
  /** Who makes each kind of check; the real ones by default. */
  readonly checkers?: Checkers;
}

const isServed = ({ plan }: Member): boolean => plan.idle === null;
const isAsked = (member: Member): boolean => isServed(member) && !isUnasked(member.plan);

/** `deps.clock` drives everything; `options.onChange` is called once for all changes of one turn of the event loop. */
export function createNanny(deps: NannyDeps, options: NannyOptions): Nanny {
  const { clock, log } = deps;
  let cancelNotice: (() => void) | null = null;
  /** Faults of this router that were told already. */
  const told = new Set<string>();

  const onChange = (): void => {
    cancelNotice ??= clock.after(0, () => {
      cancelNotice = null;
      options.onChange();
    });
  };
  const overrides = createOverrides(options.overrides);
  const roster = createRoster(overrides, { clock, log, onChange, inForce: overrides.of });

  const quorums = createQuorums(roster, log);

  const take = (waiting: readonly Member[], result: CheckResult): void => {
    if (result.ok === null && !told.has(result.evidence)) {
      told.add(result.evidence);
      log.event('error', 'check-impossible', `Real servers keep their last state: ${result.evidence}`);
    }
    for (const member of waiting) member.judge(result);
    if (quorums.look()) onChange();
  };
  const loads = createLoads(deps, () => {
    if (quorums.look()) onChange();
  });
  const files = new Map<string, string | null>();
  const readCertificates = (path: string): string | null => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const text = deps.host.readTextNow(path);
    files.set(path, text);
    return text;
  };
  const { exec } = deps;
  const { hostname } = deps.host;
  const watches = createWatches<Member>(
    {
      ...{ clock, exec, hostname, readCertificates },
      checkers: deps.checkers ?? checkers,
      turnstile: createTurnstile(clock.now),
    },
    take,
  );

  return {
    configure(config, table) {
      const fresh = roster.follow(config, table).filter(isAsked);
      told.clear();
      files.clear();
      watches.set(roster.all().filter(isAsked));
      // An endpoint that others share is known already.
      for (const member of fresh) {
        const known = watches.last(member.plan.endpoint);
        if (known !== null) member.judge(known);
      }
      loads.set(roster.all().filter(isServed));
      quorums.follow(config);
      quorums.look();
      onChange();
    },
    weightOf: (virtualIndex, serverIndex) =>
      quorums.isLost(virtualIndex) ? null : (roster.at(virtualIndex, serverIndex)?.weight ?? null),
    status: () => roster.all().map((member) => member.status()),
    knows: (names) => roster.named(names).length > 0,
    override(list) {
      for (const names of overrides.replace(list)) for (const member of roster.named(names)) member.refresh();
      if (quorums.look()) onChange();
    },
    overrides: overrides.list,
    stop() {
      watches.stop();
      loads.stop();
      for (const member of roster.all()) member.stop();
      cancelNotice?.();
    },
  };
}
