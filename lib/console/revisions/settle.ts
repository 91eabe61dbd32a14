/** What a router's own word makes of a push that ended in the open. Pure. */
import type { PushOutcome } from '#lib/protocol/live.ts';
import type { RouterStatus } from '#lib/protocol/messages.ts';

/** Outcomes that wait for the router's word. */
export const openOutcomes = ['sending', 'unknown', 'trial'] as const satisfies readonly PushOutcome[];

export interface Settled {
  readonly outcome: PushOutcome;
  readonly message: string;
}

/** Null: nothing new is known. `hash`: of the revision that was sent. */
export function settle(
  outcome: PushOutcome,
  hash: string,
  status: Pick<RouterStatus, 'config'> | null,
): Settled | null {
  if (status === null || !openOutcomes.some((open) => open === outcome)) return null;
  if (status.config.isApplying === true) return null;
  const runsIt = status.config.hash === hash;
  const onTrial = status.config.confirmSecondsLeft !== null;
  if (outcome === 'trial') {
    if (!runsIt)
      return { outcome: 'rolled-back', message: 'nobody kept it: the router runs again what it ran before' };
    return onTrial ? null : { outcome: 'applied', message: 'kept on the router' };
  }
  if (!runsIt)
    return { outcome: 'failed', message: 'the push broke off; the router does not run this revision' };
  return onTrial
    ? { outcome: 'trial', message: 'the push broke off, but the router took it: it is on trial' }
    : { outcome: 'applied', message: 'the push broke off, but the router took it and runs it' };
}

export type TrialEnd = 'kept' | 'rolled-back' | 'mixed' | 'nowhere';

/** A router that took part in a trial. */
export interface TrialPart {
  readonly name: string;
  readonly outcome: PushOutcome;
}

/**
 * How a trial ended, or null while that is open. A router that cannot be asked holds it open until its time is over:
 * after that the others' word counts.
 */
export function trialEnd(parts: readonly TrialPart[], isOver: boolean): TrialEnd | null {
  const kept = parts.some(({ outcome }) => outcome === 'applied');
  const back = parts.some(({ outcome }) => outcome === 'rolled-back');
  const open = parts.some(({ outcome }) => openOutcomes.some((each) => each === outcome));
  if (open && !(isOver && (kept || back))) return null;
  if (kept && back) return 'mixed';
  return kept ? 'kept' : back ? 'rolled-back' : 'nowhere';
}
