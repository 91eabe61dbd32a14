/**
 * A push on trial: unless it is confirmed in time, the configuration before it returns. The deadline is kept on
 * disk, so that a restart of the agent does not make a trial last for ever; on the machine's own time since its start,
 * so that a clock that is set makes it neither longer nor shorter.
 */

import type { ApplyResult } from '#lib/protocol/messages.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { type ApplyRequest, apply } from './apply.ts';
import { endOverrides, remainingOverrides } from './overrides.ts';
import { Refusal } from './refusal.ts';
import type { Router } from './router.ts';

/** Longer than a day is no trial. */
export const LONGEST_TRIAL_SECONDS = 86_400;

interface Trial {
  readonly deadline: number;
  readonly cancel: () => void;
}

/** Timers of the trials, by router: a timer is no state that outlives the process. */
const trials = new WeakMap<Router, Trial>();

/**
 * Writes down that the trial starts, is replaced or ends with an apply. Runs inside the queue. What it returns is to be
 * called in the moment in which the configuration runs: a status in between would take a trial that is being rolled
 * back for one that was confirmed.
 */
export async function armTrial(
  router: Router,
  previousHash: string | null,
  request: ApplyRequest,
): Promise<() => void> {
  const before = router.state.current.trial;
  const over = (): void => endTimer(router);
  if (request.confirmWithinSeconds === null || request.origin !== 'push') {
    await router.state.update({ trial: null });
    return over;
  }
  // A trial on top of a trial: silence returns to what was confirmed last.
  const target = before?.previousHash ?? previousHash;
  if (target === null) {
    await router.state.update({ trial: null });
    router.log.event(
      'warning',
      'trial-impossible',
      'The first configuration cannot be on trial: there is none to return to',
    );
    return over;
  }
  const totalMs = request.confirmWithinSeconds * 1000;
  const deadlineAt = new Date(Date.parse(router.clock.wall()) + totalMs).toISOString();
  const { bootId, ms } = router.host.uptime();
  const deadline = { bootId, ms: ms + totalMs };
  await router.state.update({ trial: { previousHash: target, totalMs, deadlineAt, deadline } });
  return () => {
    startTimer(router, Math.max(0, deadline.ms - router.host.uptime().ms));
    router.log.event(
      'info',
      'trial-started',
      `On trial for ${request.confirmWithinSeconds} s; without a confirmation the configuration before it returns`,
    );
  };
}

/** After a start of the agent or an apply that was taken back: goes on with the trial that the state names. */
export function resumeTrial(router: Router): void {
  endTimer(router);
  const { trial } = router.state.current;
  if (trial === null) return;
  const { bootId, ms } = router.host.uptime();
  const isSameBoot = bootId !== null && trial.deadline?.bootId === bootId;
  const left =
    isSameBoot && trial.deadline !== undefined
      ? trial.deadline.ms - ms
      : Date.parse(trial.deadlineAt) - Date.parse(router.clock.wall());
  // A clock that was set back must not make the trial longer than it was.
  startTimer(router, Math.min(Math.max(left, 0), trial.totalMs));
}

function startTimer(router: Router, ms: number): void {
  endTimer(router);
  const cancel = router.clock.after(ms, () => void expire(router));
  trials.set(router, { deadline: router.clock.now() + ms, cancel });
}

function endTimer(router: Router): void {
  trials.get(router)?.cancel();
  trials.delete(router);
}

/** Seconds until silence rolls back; null when no push is on trial. */
export function trialSecondsLeft(router: Router): number | null {
  const trial = trials.get(router);
  return trial === undefined ? null : Math.max(0, Math.ceil((trial.deadline - router.clock.now()) / 1000));
}

/** Ends the trial: what runs stays. */
export async function confirm(router: Router): Promise<{ done: boolean; message: string }> {
  return router.queue.run(async () => {
    if (router.state.current.trial === null)
      return { done: false, message: 'No push is on trial: nothing to confirm' };
    try {
      await router.state.update({ trial: null, overrides: [...remainingOverrides(router)] });
    } catch (error) {
      const why = reasonOf(error);
      const left = trialSecondsLeft(router) ?? 0;
      return {
        done: false,
        message: `Not confirmed: this router's disk did not take it (${why}). The configuration before it returns in ${left} s unless a confirmation is saved`,
      };
    }
    // Only now: a confirmation that is not on the disk is none, and the time goes on.
    endTimer(router);
    endOverrides(router);
    router.log.event('info', 'trial-confirmed', `Serial ${router.running?.serial ?? '?'} is confirmed`);
    router.changed();
    return { done: true, message: `Serial ${router.running?.serial ?? '?'} stays` };
  });
}

/** Returns to the configuration before: the one that the trial names, else the one applied before this one. */
export async function rollback(
  router: Router,
  origin: 'rollback' | 'trial' = 'rollback',
): Promise<ApplyResult> {
  const { trial, history } = router.state.current;
  const target = trial?.previousHash ?? history.find(({ hash }) => hash !== router.running?.hash)?.hash;
  if (target === undefined) throw new Refusal('conflict', 'There is no earlier configuration to return to');
  const text = await router.files.kept(target);
  if (text === null)
    throw new Refusal(
      'conflict',
      `The earlier configuration ${target.slice(0, 12)} is no longer kept on this router`,
    );
  return apply(router, { text, hash: target, dryRun: false, confirmWithinSeconds: null, origin });
}

const EXPIRE_RETRY_MS = 10_000;

async function expire(router: Router): Promise<void> {
  // A confirmation that is being written down comes first.
  const isOver = await router.queue.run(async () => router.ending || router.state.current.trial === null);
  if (isOver) return;
  router.log.event(
    'warning',
    'trial-expired',
    'Nobody confirmed the push: the configuration before it returns',
  );
  const outcome = await rollback(router, 'trial').catch((error: unknown) => ({
    applied: false,
    failure: reasonOf(error),
  }));
  if (outcome.applied || router.state.current.trial === null) return;
  router.log.event(
    'error',
    'rollback-failed',
    `The configuration before it did not return: ${outcome.failure ?? 'it is not valid'}`,
  );
  startTimer(router, EXPIRE_RETRY_MS);
}
