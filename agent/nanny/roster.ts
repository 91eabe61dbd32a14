/** All members of the running configuration, and how one configuration follows another. */
import type { RoutingTable } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { unasked } from './checks/none.ts';
import { adoptedHealth, checked, newHealth } from './health.ts';
import { createMember, type Member, type MemberDeps } from './member.ts';
import { isUnasked, type MemberPlan, membersOf, weightsInTable } from './members.ts';
import type { Overrides, ServerNames } from './overrides.ts';

export interface Roster {
  /** Takes a configuration over and returns the members that it did not hold before. */
  follow(config: ClusterConfig, table: RoutingTable): readonly Member[];
  /** By position in the configuration. */
  at(virtualIndex: number, serverIndex: number): Member | undefined;
  /** Of one virtual server. */
  of(virtualIndex: number): readonly Member[];
  /** In the order of the configuration. */
  all(): readonly Member[];
  named(names: ServerNames): readonly Member[];
}

/** A member of a configuration that did not know it before: found in the kernel's table, or new. */
function enter(plan: MemberPlan, tableWeight: number | undefined, deps: MemberDeps): Member {
  if (tableWeight === undefined && isUnasked(plan)) {
    const up = checked(newHealth, true, plan.settings, deps.clock.now());
    return createMember(plan, up, unasked.evidence, deps);
  }
  if (tableWeight === undefined || plan.idle !== null)
    return createMember(plan, newHealth, 'not checked yet', deps);
  // That weight is the administrator's; what it would be without is not known. A 0 may stand for a failure, too.
  const { isDrained, fixedWeight } = deps.inForce(plan);
  const isGiven = isDrained || (fixedWeight !== null && tableWeight > 0);
  const known = isGiven ? plan.settings.weight : tableWeight;
  const health = adoptedHealth(known, plan.settings, deps.clock.now());
  const member = createMember(plan, health, 'found in the routing table, not checked yet', deps);
  if (isUnasked(plan)) member.judge(unasked);
  return member;
}

/** By service and key. */
const byIdentity = (grid: readonly (readonly Member[])[]): ReadonlyMap<string, ReadonlyMap<string, Member>> =>
  new Map(
    grid.flatMap((row) => {
      const [first] = row;
      if (first === undefined) return [];
      return [[first.plan.service, new Map(row.map((member) => [member.plan.key, member]))]];
    }),
  );

export function createRoster(overrides: Overrides, deps: MemberDeps): Roster {
  let grid: readonly (readonly Member[])[] = [];
  let list: readonly Member[] = [];
  let known = byIdentity([]);

  /** The members that stay, at the places of the configuration; the others have to begin anew. */
  const stay = (plans: readonly (readonly MemberPlan[])[]): readonly (readonly (Member | undefined)[])[] => {
    const staying = plans.map((row) =>
      row.map((plan) => (plan.idle === null ? known.get(plan.service)?.get(plan.key) : undefined)),
    );
    const pairs = plans.flatMap((row, virtual) =>
      row.flatMap((plan, server) => {
        const member = staying[virtual]?.[server];
        return member === undefined ? [] : [{ member, plan }];
      }),
    );
    overrides.rename(pairs.map(({ member, plan }) => [member.plan, plan]));
    for (const { member, plan } of pairs) member.reconfigure(plan);
    return staying;
  };

  return {
    follow(config, table) {
      const plans = membersOf(config);
      const staying = stay(plans);
      const inTable = weightsInTable(table);
      const fresh: Member[] = [];
      const begin = (plan: MemberPlan): Member => {
        const member = enter(plan, inTable.get(plan.service)?.get(plan.key), deps);
        fresh.push(member);
        return member;
      };
      const kept = new Set(staying.flat());
      for (const member of list) if (!kept.has(member)) member.stop();
      grid = plans.map((row, virtual) =>
        row.map((plan, server) => staying[virtual]?.[server] ?? begin(plan)),
      );
      list = grid.flat();
      known = byIdentity(grid);
      return fresh;
    },
    at: (virtualIndex, serverIndex) => grid[virtualIndex]?.[serverIndex],
    of: (virtualIndex) => grid[virtualIndex] ?? [],
    all: () => list,
    named: ({ virtualServer, realServer }) =>
      list.filter(({ plan }) => plan.virtualServer === virtualServer && plan.realServer === realServer),
  };
}
