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
  if (after.phase === 'up')
    return `[ active ] making ${place} available in ${plan.virtualServer}: ${evidence}`;
  return before.phase === 'up'
    ? `[inactive] shutting down ${place} of ${plan.virtualServer} due to ${evidence}`
    : `[inactive] ${place} of ${plan.virtualServer} is not available due to ${evidence}`;
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

/** A class, not a closure: a large cluster has tens of thousands of them. */
class WatchedMember implements Member {
  #plan: MemberPlan;
  #health: Health;
  #evidence: string;
  readonly #deps: MemberDeps;
  #weight: number | null = null;
  #state: HealthStatus['state'] | null = null;
  #since: string | null = null;
  #checkedAt: string | null = null;
  #cancelGrowth: (() => void) | null = null;
  #warned: string | null = null;
  #load = unknownLoad;
  #wasDisabled: boolean;

  constructor(plan: MemberPlan, health: Health, evidence: string, deps: MemberDeps) {
    this.#plan = plan;
    this.#health = health;
    this.#evidence = evidence;
    this.#deps = deps;
    this.#wasDisabled = deps.inForce(plan).isDisabled;
    this.refresh();
  }

  get plan(): MemberPlan {
    return this.#plan;
  }

  get weight(): number | null {
    return this.#weight;
  }

  get isUp(): boolean {
    return this.#stateNow() === 'up';
  }

  get worth(): number {
    return this.#given().fixedWeight ?? this.#plan.settings.weight;
  }

  get load(): Load {
    return this.#load;
  }

  takeLoad(next: Load): void {
    const { address, port, virtualServer } = this.#plan;
    if (next.order !== this.#load.order)
      this.#deps.log.event(
        'info',
        'load-order',
        `${address}:${port} of ${virtualServer}: its load agent says ${next.order}`,
      );
    this.#load = next;
    this.refresh();
  }

  judge(result: CheckResult): void {
    const { clock, log } = this.#deps;
    if (!isUnasked(this.#plan)) this.#checkedAt = clock.wall();
    this.#evidence = result.warning === undefined ? result.evidence : `${result.evidence}; ${result.warning}`;
    this.#warn(result.warning ?? null);
    if (result.ok === null) return;
    const before = this.#health;
    this.#health = checked(before, result.ok, this.#plan.settings, clock.now());
    // Nearly every check says what the one before said.
    if (this.#health === before) return;
    const event = eventOf(this.#plan, before, this.#health, this.#evidence);
    if (event !== null && this.#health.phase === 'up') log.event('info', 'server-up', event);
    else if (event !== null) log.event('warning', 'server-down', event);
    this.refresh();
  }

  reconfigure(next: MemberPlan): void {
    this.#health = reconfigured(this.#health, this.#plan.settings, next.settings, this.#deps.clock.now());
    this.#plan = next;
    if (isUnasked(next) && this.#health.phase !== 'up') {
      // Whatever was found while it was asked counts no more.
      this.#health = newHealth;
      this.judge(unasked);
    } else this.refresh();
  }

  /** Brings what follows from health, overrides and time up to date, and waits for the next growth of the weight. */
  refresh(): void {
    const { clock, onChange } = this.#deps;
    const { idle, settings } = this.#plan;
    const now = clock.now();
    const given = this.#given();
    // It was out of the table meanwhile: it comes as one that returns.
    if (this.#wasDisabled && !given.isDisabled) this.#health = readmitted(this.#health, settings, now);
    this.#wasDisabled = given.isDisabled;
    const healthy = idle === null ? weightAt(this.#health, settings, now) : null;
    const next = weighed(healthy, this.#plan, this.#load, given);
    const nextState = this.#stateNow();
    if (this.#state !== nextState) this.#since = clock.wall();
    this.#state = nextState;
    if (this.#weight !== next) {
      this.#weight = next;
      onChange();
    }
    this.#cancelGrowth?.();
    const growth = idle === null ? nextGrowthMs(this.#health, settings, now) : null;
    this.#cancelGrowth = growth === null ? null : clock.after(growth, () => this.refresh());
  }

  status(): HealthStatus {
    const { virtualServer, realServer, address, port } = this.#plan;
    return {
      virtualServer,
      realServer,
      address,
      port,
      state: this.#stateNow(),
      weight: this.#weight,
      since: this.#since,
      evidence: remarkOf(this.#plan, this.#health, this.#evidence, this.#load),
      checkedAt: this.#checkedAt,
      overrides: [...this.#given().all],
    };
  }

  stop(): void {
    this.#cancelGrowth?.();
  }

  #given(): InForce {
    return this.#deps.inForce(this.#plan);
  }

  #stateNow(): HealthStatus['state'] {
    return stateOf(this.#plan, this.#health, this.#given(), this.#load);
  }

  /** Says once what will become a failure. */
  #warn(warning: string | null): void {
    const { address, port, virtualServer } = this.#plan;
    if (warning !== null && warning !== this.#warned)
      this.#deps.log.event('warning', 'server-warning', `${address}:${port} of ${virtualServer}: ${warning}`);
    this.#warned = warning;
  }
}

export const createMember = (plan: MemberPlan, health: Health, evidence: string, deps: MemberDeps): Member =>
  new WatchedMember(plan, health, evidence, deps);
