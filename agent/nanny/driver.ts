/** The nanny: checks all real servers from one event loop and says which weight each should have. */
import type { Clock, Exec, Log } from '#agent/runtime/types.ts';
import type { Checkers, CheckResult } from './checks/checker.ts';
import { checkers } from './checks/registry.ts';
import type { Nanny, NannyOptions } from './contract.ts';
import { createDrains, type ServerNames } from './drains.ts';
import { adoptedHealth, newHealth } from './health.ts';
import { createMember, type Member, type MemberDeps } from './member.ts';
import { type MemberPlan, membersOf, weightsInTable } from './members.ts';
import { createWatches } from './watches.ts';

export interface NannyDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly exec: Exec;
  /** Who makes each kind of check; the real ones by default. */
  readonly checkers?: Checkers;
}

const namesOf = (plan: MemberPlan): ServerNames => ({
  virtualServer: plan.virtualName,
  realServer: plan.serverName,
});

/** A member of a configuration that did not know it before: found in the kernel's table, or new. */
function enter(plan: MemberPlan, inTable: ReadonlyMap<string, number>, deps: MemberDeps): Member {
  const tableWeight = inTable.get(plan.key);
  if (tableWeight === undefined || plan.idle !== null)
    return createMember(plan, newHealth, 'not checked yet', deps);
  // The weight of a drained server is the administrator's 0; what it was before is not known.
  const known = deps.isDrained(plan) ? plan.settings.weight : tableWeight;
  const health = adoptedHealth(known, plan.settings, deps.clock.now());
  return createMember(plan, health, 'found in the routing table, not checked yet', deps);
}

/** `deps.clock` drives everything; `options.onChange` is called once for all changes of one turn of the event loop. */
export function createNanny(deps: NannyDeps, options: NannyOptions): Nanny {
  const { clock, log } = deps;
  const drains = createDrains(options.drained);
  let grid: readonly (readonly Member[])[] = [];
  let members = new Map<string, Member>();
  let cancelNotice: (() => void) | null = null;
  /** Faults of this router that were told already. */
  const told = new Set<string>();

  const onChange = (): void => {
    cancelNotice ??= clock.after(0, () => {
      cancelNotice = null;
      options.onChange();
    });
  };
  const memberDeps: MemberDeps = { clock, log, onChange, isDrained: (plan) => drains.has(namesOf(plan)) };

  const take = (waiting: readonly Member[], result: CheckResult): void => {
    if (result.ok === null && !told.has(result.evidence)) {
      told.add(result.evidence);
      log.event('error', 'check-impossible', `Real servers keep their last state: ${result.evidence}`);
    }
    for (const member of waiting) member.judge(result);
  };
  const watches = createWatches<Member>(
    { clock, exec: deps.exec, checkers: deps.checkers ?? checkers },
    take,
  );

  /** The member that was known before, with its new settings; null for one that has to begin anew. */
  const keep = (plan: MemberPlan): Member | null => {
    const member = members.get(plan.key);
    if (member === undefined || (member.plan.idle === null) !== (plan.idle === null)) return null;
    drains.rename(namesOf(member.plan), namesOf(plan));
    member.reconfigure(plan);
    return member;
  };

  const setDrain = (names: ServerNames, drained: boolean): boolean => {
    const concerned = [...members.values()].filter(
      ({ plan }) => plan.virtualName === names.virtualServer && plan.serverName === names.realServer,
    );
    if (concerned.length === 0 && (drained || !drains.has(names))) return false;
    const changed = drained ? drains.add(names) : drains.remove(names);
    if (changed) {
      const message = `${names.realServer} of ${names.virtualServer}`;
      log.event(
        'info',
        drained ? 'server-drained' : 'server-undrained',
        drained ? `draining ${message}: no new connections` : `${message} takes new connections again`,
      );
    }
    for (const member of concerned) member.refresh();
    return true;
  };

  return {
    configure(config, table) {
      const inTable = weightsInTable(table);
      const fresh: Member[] = [];
      const next = new Map<string, Member>();
      grid = membersOf(config).map((plans) =>
        plans.map((plan) => {
          const kept = keep(plan);
          const member = kept ?? enter(plan, inTable, memberDeps);
          if (kept === null) fresh.push(member);
          next.set(plan.key, member);
          return member;
        }),
      );
      for (const [key, member] of members) if (next.get(key) !== member) member.stop();
      members = next;
      told.clear();
      watches.set([...members.values()].filter((member) => member.plan.idle === null));
      for (const member of fresh) {
        const known = member.plan.idle === null ? watches.last(member.plan.endpoint) : null;
        if (known !== null) member.judge(known);
      }
      onChange();
    },
    weightOf: (virtualIndex, serverIndex) => grid[virtualIndex]?.[serverIndex]?.weight ?? null,
    status: () => grid.flat().map((member) => member.status()),
    drain: (virtualServer, realServer) => setDrain({ virtualServer, realServer }, true),
    undrain: (virtualServer, realServer) => setDrain({ virtualServer, realServer }, false),
    drains: drains.list,
    stop() {
      watches.stop();
      for (const member of members.values()) member.stop();
      cancelNotice?.();
    },
  };
}
