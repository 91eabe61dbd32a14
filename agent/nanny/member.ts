/** One real server of one virtual server: its health over time, what it weighs and what is told of it. */
import type { Clock, Log } from '#agent/runtime/types.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import type { CheckResult } from './checks/checker.ts';
import { checked, type Health, nextGrowthMs, reconfigured, weightAt } from './health.ts';
import { type Load, loadedWeight, unknownLoad } from './load.ts';
import type { MemberPlan } from './members.ts';

export interface Member {
  readonly plan: MemberPlan;
  /** Weight in the kernel's table; null = not in the table. */
  readonly weight: number | null;
  /** Serves by its health, and no administrator took it out. */
  readonly isUp: boolean;
  /** The load that its weight follows. */
  readonly load: Load;
  judge(result: CheckResult): void;
  takeLoad(load: Load): void;
  /** Takes over what a new configuration says of the same server. */
  reconfigure(plan: MemberPlan): void;
  /** The drain was set or taken away. */
  refresh(): void;
  status(): HealthStatus;
  stop(): void;
}

export interface MemberDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly isDrained: (plan: MemberPlan) => boolean;
  /** The weight has changed. */
  readonly onChange: () => void;
}

function stateOf(plan: MemberPlan, health: Health, drained: boolean, load: Load): HealthStatus['state'] {
  if (plan.idle !== null) return 'disabled';
  if (health.phase === 'up' && load.order === 'out') return 'down';
  if (drained || (health.phase === 'up' && load.order === 'drain')) return 'drained';
  return health.phase === 'down' && health.successes > 0 ? 'rising' : health.phase;
}

/** The event of a change of phase; null when there is none. */
function eventOf(plan: MemberPlan, before: Health, after: Health, evidence: string): string | null {
  if (before.phase === after.phase) return null;
  const place = `${plan.address}:${plan.port}`;
  if (after.phase === 'up') return `[ active ] making ${place} available in ${plan.virtualName}: ${evidence}`;
  return before.phase === 'up'
    ? `[inactive] shutting down ${place} of ${plan.virtualName} due to ${evidence}`
    : `[inactive] ${place} of ${plan.virtualName} is not available due to ${evidence}`;
}

/** The healthy weight under the load; one that still grows is not raised by it. */
function underLoad(healthy: number | null, plan: MemberPlan, load: Load): number | null {
  if (healthy === null || healthy === 0) return healthy;
  if (load.order === 'out') return plan.settings.quiesce ? 0 : null;
  const loaded = loadedWeight(plan.settings.weight, load);
  return healthy === plan.settings.weight ? loaded : Math.min(healthy, loaded);
}

/** What its load says of it, as the end of a sentence. */
function loadRemark({ order, percent }: Load): string {
  if (order === 'out') return '; its load agent says that it is out';
  if (order === 'drain') return '; its load agent asks for a drain';
  return Math.round(percent) === 100 ? '' : `; ${Math.round(percent)} % of its weight by its load`;
}

function remarkOf(plan: MemberPlan, health: Health, evidence: string, load: Load): string {
  if (plan.idle !== null) return plan.idle;
  if (health.phase === 'down' && health.successes > 0)
    return `${evidence}, ${health.successes} of ${plan.settings.rise} times for re-entry`;
  if (health.phase !== 'up') return evidence;
  const failures =
    health.failures > 0 ? `, ${health.failures} of ${plan.settings.fall} failures that take it out` : '';
  return `${evidence}${failures}${loadRemark(load)}`;
}

export function createMember(
  initial: MemberPlan,
  health: Health,
  evidence: string,
  deps: MemberDeps,
): Member {
  const { clock, log } = deps;
  let plan = initial;
  let weight: number | null = null;
  let state: HealthStatus['state'] | null = null;
  let since: string | null = null;
  let checkedAt: string | null = null;
  let cancelGrowth: (() => void) | null = null;
  let warned: string | null = null;
  let load = unknownLoad;

  /** Brings what follows from health, drain and time up to date, and waits for the next growth of the weight. */
  const refresh = (): void => {
    const now = clock.now();
    const drained = deps.isDrained(plan);
    const healthy = plan.idle === null ? underLoad(weightAt(health, plan.settings, now), plan, load) : null;
    const next = drained && healthy !== null ? 0 : healthy;
    const nextState = stateOf(plan, health, drained, load);
    if (state !== nextState) since = clock.wall();
    state = nextState;
    if (weight !== next) {
      weight = next;
      deps.onChange();
    }
    cancelGrowth?.();
    const growth = plan.idle === null ? nextGrowthMs(health, plan.settings, now) : null;
    cancelGrowth = growth === null ? null : clock.after(growth, refresh);
  };

  /** Says once what will become a failure. */
  const warn = (warning: string | null): void => {
    if (warning !== null && warning !== warned)
      log.event(
        'warning',
        'server-warning',
        `${plan.address}:${plan.port} of ${plan.virtualName}: ${warning}`,
      );
    warned = warning;
  };

  refresh();
  return {
    get plan() {
      return plan;
    },
    get weight() {
      return weight;
    },
    get isUp() {
      return stateOf(plan, health, deps.isDrained(plan), load) === 'up';
    },
    get load() {
      return load;
    },
    takeLoad(next) {
      if (next.order !== load.order)
        log.event(
          'info',
          'load-order',
          `${plan.address}:${plan.port} of ${plan.virtualName}: its load agent says ${next.order}`,
        );
      load = next;
      refresh();
    },
    judge(result) {
      checkedAt = clock.wall();
      evidence = result.warning === undefined ? result.evidence : `${result.evidence}; ${result.warning}`;
      warn(result.warning ?? null);
      if (result.ok === null) return;
      const before = health;
      health = checked(before, result.ok, plan.settings, clock.now());
      const event = eventOf(plan, before, health, evidence);
      if (event !== null && health.phase === 'up') log.event('info', 'server-up', event);
      else if (event !== null) log.event('warning', 'server-down', event);
      refresh();
    },
    reconfigure(next) {
      health = reconfigured(health, plan.settings, next.settings, clock.now());
      plan = next;
      refresh();
    },
    refresh,
    status: () => ({
      virtualServer: plan.virtualName,
      realServer: plan.serverName,
      address: plan.address,
      port: plan.port,
      state: stateOf(plan, health, deps.isDrained(plan), load),
      weight,
      since,
      evidence: remarkOf(plan, health, evidence, load),
      checkedAt,
    }),
    stop: () => cancelGrowth?.(),
  };
}
