/** The nanny: checks all real servers from one event loop and says which weight each should have. */
import type { Host } from '#agent/runtime/host.ts';
import type { Clock, Exec, Log } from '#agent/runtime/types.ts';
import type { Checkers, CheckResult } from './checks/checker.ts';
import { checkers } from './checks/registry.ts';
import type { Nanny, NannyOptions } from './contract.ts';
import { createDrains, type ServerNames } from './drains.ts';
import { createLoads } from './loads.ts';
import type { Member } from './member.ts';
import { createQuorums } from './quorums.ts';
import { createRoster, namesOf } from './roster.ts';
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
  const drains = createDrains(options.drained);
  const isDrained = (plan: Member['plan']): boolean => drains.has(namesOf(plan));
  const roster = createRoster(drains, { clock, log, onChange, isDrained });

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
    { clock, exec, hostname, readCertificates, checkers: deps.checkers ?? checkers },
    take,
  );

  const setDrain = (names: ServerNames, drained: boolean): boolean => {
    const concerned = roster.named(names);
    if (concerned.length === 0 && (drained || !drains.has(names))) return false;
    const who = `${names.realServer} of ${names.virtualServer}`;
    if (drained && drains.add(names))
      log.event('info', 'server-drained', `draining ${who}: no new connections`);
    if (!drained && drains.remove(names))
      log.event('info', 'server-undrained', `${who} takes new connections again`);
    for (const member of concerned) member.refresh();
    if (quorums.look()) onChange();
    return true;
  };

  return {
    configure(config, table) {
      const fresh = roster.follow(config, table).filter(isServed);
      told.clear();
      files.clear();
      watches.set(roster.all().filter(isServed));
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
    drain: (virtualServer, realServer) => setDrain({ virtualServer, realServer }, true),
    undrain: (virtualServer, realServer) => setDrain({ virtualServer, realServer }, false),
    drains: drains.list,
    stop() {
      watches.stop();
      loads.stop();
      for (const member of roster.all()) member.stop();
      cancelNotice?.();
    },
  };
}
