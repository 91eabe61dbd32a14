/** One real server of one virtual server: its health over time, what it weighs and what is told of it. */
import type { Clock, Log } from '#agent/runtime/types.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import type { CheckResult } from './checks/checker.ts';
import { unasked } from './checks/none.ts';
import {
  checked,
  type Health,
  newHealth,
  nextGrowthMs,
  readmitted,
  reconfigured,
  weightAt,
} from './health.ts';
import { type Load, unknownLoad } from './load.ts';
import { isUnasked, type MemberPlan } from './members.ts';
import type { InForce } from './overrides.ts';
import { weighed } from './weighing.ts';

export interface Member {
  readonly plan: MemberPlan;
  /** Weight in the kernel's table; null = not in the table. */
  readonly weight: number | null;
  /** Serves by its health, and no administrator took it out. */
  readonly isUp: boolean;
  /** The weight that it brings to a quorum while it is up: the fixed one, else the configured one. */
  readonly worth: number;
  /** The load that its weight follows. */
  readonly load: Load;
  judge(result: CheckResult): void;
  takeLoad(load: Load): void;
  /** Takes over what a new configuration says of the same server. */
  reconfigure(plan: MemberPlan): void;
  /** Other overrides of an administrator count for it. */
  refresh(): void;
  status(): HealthStatus;
  stop(): void;
}

export interface MemberDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** What administrators decided about it. */
  readonly inForce: (plan: MemberPlan) => InForce;
  /** The weight has changed. */
  readonly onChange: () => void;
}

function stateOf(plan: MemberPlan, health: Health, given: InForce, load: Load): HealthStatus['state'] {
  if (plan.idle !== null || given.isDisabled) return 'disabled';
  if (health.phase === 'up' && load.order === 'out') return 'down';
  if (given.isDrained || (health.phase === 'up' && load.order === 'drain')) return 'drained';
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

/** What its load says of it, as the end of a sentence. */
function loadRemark({ order, percent, isOld }: Load): string {
  const silence = isOld === true ? ', and has been silent since' : '';
  if (order === 'out') return `; its load agent says that it is out${silence}`;
  if (order === 'drain') return `; its load agent asks for a drain${silence}`;
  const share = Math.round(percent) === 100 ? '' : `; ${Math.round(percent)} % of its weight by its load`;
  return isOld === true ? `${share}; its load is not told any more` : share;
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
  let wasDisabled = deps.inForce(plan).isDisabled;

  const stateNow = (): HealthStatus['state'] => stateOf(plan, health, deps.inForce(plan), load);

  /** Brings what follows from health, overrides and time up to date, and waits for the next growth of the weight. */
  const refresh = (): void => {
    const now = clock.now();
    const given = deps.inForce(plan);
    // It was out of the table meanwhile: it comes as one that returns.
    if (wasDisabled && !given.isDisabled) health = readmitted(health, plan.settings, now);
    wasDisabled = given.isDisabled;
    const healthy = plan.idle === null ? weightAt(health, plan.settings, now) : null;
    const next = weighed(healthy, plan, load, given);
    const nextState = stateNow();
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
      return stateNow() === 'up';
    },
    get worth() {
      return deps.inForce(plan).fixedWeight ?? plan.settings.weight;
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
      if (!isUnasked(plan)) checkedAt = clock.wall();
      evidence = result.warning === undefined ? result.evidence : `${result.evidence}; ${result.warning}`;
      warn(result.warning ?? null);
      if (result.ok === null) return;
      const before = health;
      health = checked(before, result.ok, plan.settings, clock.now());
      // Nearly every check says what the one before said.
      if (health === before) return;
      const event = eventOf(plan, before, health, evidence);
      if (event !== null && health.phase === 'up') log.event('info', 'server-up', event);
      else if (event !== null) log.event('warning', 'server-down', event);
      refresh();
    },
    reconfigure(next) {
      health = reconfigured(health, plan.settings, next.settings, clock.now());
      plan = next;
      if (!isUnasked(plan) || health.phase === 'up') return refresh();
      // Whatever was found while it was asked counts no more.
      health = newHealth;
      this.judge(unasked);
    },
    refresh,
    status: () => ({
      virtualServer: plan.virtualName,
      realServer: plan.serverName,
      address: plan.address,
      port: plan.port,
      state: stateNow(),
      weight,
      since,
      evidence: remarkOf(plan, health, evidence, load),
      checkedAt,
      overrides: [...deps.inForce(plan).all],
    }),
    stop: () => cancelGrowth?.(),
  };
}
