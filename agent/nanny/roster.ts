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

export const namesOf = (plan: MemberPlan): ServerNames => ({
  virtualServer: plan.virtualName,
  realServer: plan.serverName,
});

/** A member of a configuration that did not know it before: found in the kernel's table, or new. */
function enter(plan: MemberPlan, inTable: ReadonlyMap<string, number>, deps: MemberDeps): Member {
  const tableWeight = inTable.get(plan.key);
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

export function createRoster(overrides: Overrides, deps: MemberDeps): Roster {
  let grid: readonly (readonly Member[])[] = [];
  let members = new Map<string, Member>();

  /** Members that stay, by key; the others have to begin anew. */
  const stay = (plans: readonly MemberPlan[]): ReadonlyMap<string, Member> => {
    const staying = plans.flatMap((plan) => {
      const member = plan.idle === null ? members.get(plan.key) : undefined;
      return member === undefined ? [] : [{ member, plan }];
    });
    overrides.rename(staying.map(({ member, plan }) => [namesOf(member.plan), namesOf(plan)]));
    for (const { member, plan } of staying) member.reconfigure(plan);
    return new Map(staying.map(({ member, plan }) => [plan.key, member]));
  };

  return {
    follow(config, table) {
      const plans = membersOf(config);
      const staying = stay(plans.flat());
      const inTable = weightsInTable(table);
      const before = members;
      grid = plans.map((row) => row.map((plan) => staying.get(plan.key) ?? enter(plan, inTable, deps)));
      members = new Map(grid.flat().map((member) => [member.plan.key, member]));
      for (const [key, member] of before) if (!staying.has(key)) member.stop();
      return grid.flat().filter(({ plan }) => !staying.has(plan.key));
    },
    at: (virtualIndex, serverIndex) => grid[virtualIndex]?.[serverIndex],
    of: (virtualIndex) => grid[virtualIndex] ?? [],
    all: () => grid.flat(),
    named: ({ virtualServer, realServer }) =>
      grid.flat().filter(({ plan }) => plan.virtualName === virtualServer && plan.serverName === realServer),
  };
}
