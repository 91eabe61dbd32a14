/** One endpoint: an address, a port and a check, made again and again for all virtual servers that share it. */
import type { Check } from '#lib/lvs/checks.ts';
import type { CheckDeps, Checkers, CheckResult, Target } from './checks/checker.ts';
import { runCheck } from './checks/registry.ts';
import { nextDue } from './schedule.ts';
import type { Turnstile } from './turnstile.ts';

export interface EndpointPlan {
  /** Identity: everything below in one text. */
  readonly key: string;
  readonly target: Target;
  readonly check: Check;
  readonly intervalMs: number;
  /** Longest time that one check may take. */
  readonly limitMs: number;
}

export interface Endpoint {
  readonly key: string;
  /** The last result that says something about the real server. */
  last(): CheckResult | null;
  stop(): void;
}

export interface EndpointDeps extends Omit<CheckDeps, 'signal'> {
  readonly checkers: Checkers;
  readonly turnstile: Turnstile;
  /** Length of the slots that checks start in, as it is now. */
  slotMs(): number;
}

/**
 * A failure that took much longer than its limit: this process was held up meanwhile, so that the silence may be
 * its own. Such a check is made again, once.
 */
const wasHeldUp = (result: CheckResult, limitMs: number): boolean =>
  result.ok === false && result.durationMs > limitMs + Math.max(250, limitMs / 4);

/** Starts checking after `firstDelayMs`, then at its fixed places in time; never two checks at once. */
export function startEndpoint(
  plan: EndpointPlan,
  firstDelayMs: number,
  deps: EndpointDeps,
  onResult: (result: CheckResult) => void,
): Endpoint {
  const { clock } = deps;
  const giveUp = new AbortController();
  let last: CheckResult | null = null;
  let due = clock.now() + firstDelayMs;
  const begin = (): void => {
    cancel = deps.turnstile(() => void check(true));
  };
  let cancel = clock.after(firstDelayMs, begin);

  const check = async (mayRepeat: boolean): Promise<void> => {
    const startedAt = clock.now();
    const result = await runCheck(deps.checkers, plan.check, plan.target, plan.limitMs, {
      ...deps,
      signal: giveUp.signal,
    });
    if (giveUp.signal.aborted) return;
    if (mayRepeat && wasHeldUp(result, plan.limitMs)) return check(false);
    // From `due`, for timers fire a fraction early. A place in time that passed meanwhile is made up for at once.
    due = nextDue(Math.max(startedAt, due), plan.intervalMs, plan.key, deps.slotMs());
    cancel = clock.after(Math.max(0, due - clock.now()), begin);
    if (result.ok !== null) last = result;
    onResult(result);
  };

  return {
    key: plan.key,
    last: () => last,
    stop() {
      cancel();
      giveUp.abort();
    },
  };
}
