/** The endpoints that are checked now, each with all the members that wait for its results. */
import type { CheckResult } from './checks/checker.ts';
import { type Endpoint, type EndpointDeps, type EndpointPlan, startEndpoint } from './endpoint.ts';
import { firstDelay, slotFor } from './schedule.ts';

interface Watching {
  readonly plan: { readonly endpoint: EndpointPlan };
}

interface Watch<Member> {
  readonly endpoint: Endpoint;
  members: readonly Member[];
}

export interface Watches<Member> {
  /** From now on these are checked. Endpoints that stay keep their place in time, new ones start at once. */
  set(members: readonly Member[]): void;
  /** What the last check of this endpoint said; null when there was none. */
  last(endpoint: EndpointPlan): CheckResult | null;
  stop(): void;
}

function byEndpoint<Member extends Watching>(members: readonly Member[]): Map<string, [Member, ...Member[]]> {
  const groups = new Map<string, [Member, ...Member[]]>();
  for (const member of members) {
    const group = groups.get(member.plan.endpoint.key);
    if (group) group.push(member);
    else groups.set(member.plan.endpoint.key, [member]);
  }
  return groups;
}

export function createWatches<Member extends Watching>(
  deps: Omit<EndpointDeps, 'slotMs'>,
  onResult: (members: readonly Member[], result: CheckResult) => void,
): Watches<Member> {
  let watches = new Map<string, Watch<Member>>();
  let slot = 1;
  const endpointDeps: EndpointDeps = { ...deps, slotMs: () => slot };

  const start = (plan: EndpointPlan, delayMs: number, members: readonly Member[]): Watch<Member> => {
    const watch: Watch<Member> = {
      members,
      endpoint: startEndpoint(plan, delayMs, endpointDeps, (result) => onResult(watch.members, result)),
    };
    return watch;
  };

  return {
    set(members) {
      const groups = byEndpoint(members);
      const before = watches;
      for (const [key, watch] of before) if (!groups.has(key)) watch.endpoint.stop();
      const fresh = [...groups.keys()].filter((key) => !before.has(key)).length;
      let index = 0;
      slot = slotFor(
        [...groups.values()].reduce((sum, [first]) => sum + 1000 / first.plan.endpoint.intervalMs, 0),
      );
      watches = new Map();
      for (const [key, group] of groups) {
        const plan = group[0].plan.endpoint;
        const kept = before.get(key);
        if (kept) kept.members = group;
        watches.set(key, kept ?? start(plan, firstDelay(index, fresh, plan.intervalMs), group));
        if (!kept) index += 1;
      }
    },
    last: (plan) => watches.get(plan.key)?.endpoint.last() ?? null,
    stop() {
      for (const watch of watches.values()) watch.endpoint.stop();
      watches = new Map();
    },
  };
}
