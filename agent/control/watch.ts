/** Twice a second: is the kernel, is the file still as the agent left it? Looks only; repairs go through the queue. */

import { isLargeTable, needsCloseLook } from '../dataplane/drift.ts';
import { reasonOf } from '../runtime/attempt.ts';
import {
  addressDrift,
  convergeTable,
  repairAddresses,
  repairTable,
  repairTimeouts,
  reportForeign,
  tableDrift,
} from './converge.ts';
import { repairMarks } from './marks.ts';
import { rehearseTakeover } from './rehearsal.ts';
import { beginServices, convergePulse } from './roles.ts';
import { hasFindings, type Router, setFindings } from './router.ts';
import { selfCheck } from './self-check.ts';
import { recogniseItself } from './start.ts';

const INTERVAL_MS = 500;
/** Every so many rounds. */
const SELF_CHECK_ROUNDS = 10;
/** Soon after a start, and when all of it is compiled now and then: a slow machine is busy with it for a moment. */
const REHEARSAL_ROUNDS = { first: 10, later: 120, laterFrom: 30 };
/**
 * What /proc does not show (thresholds, flags) is compared more rarely: a program's start holds up a slow router's
 * heartbeats.
 */
const FULL_ROUNDS = 120;
/** As often where the configuration uses it. */
const CLOSE_ROUNDS = 3;
/** Services of others are looked for as often as this. */
const FOREIGN_ROUNDS = 2;
/** A table that takes the kernel a while to print is looked at as often as the promise of two seconds asks. */
const LARGE_ROUNDS = 3;

export interface Watch {
  /** Whether a round is under way. */
  isLooking(): boolean;
  end(): void;
}

/** Starts watching. */
export function watch(router: Router): Watch {
  let ended = false;
  let looking = false;
  let cancel = (): void => {};
  let round = 0;
  const next = (): void => {
    if (ended) return;
    cancel = router.clock.after(INTERVAL_MS, () => {
      round += 1;
      looking = true;
      look(router, round)
        .catch((error: unknown) => router.log.event('error', 'watch-failed', reasonOf(error)))
        .finally(() => {
          looking = false;
          next();
        });
    });
  };
  next();
  return {
    isLooking: () => looking,
    end() {
      ended = true;
      cancel();
    },
  };
}

async function look(router: Router, round: number): Promise<void> {
  if (router.ending) return;
  await lookAtFile(router);
  if (round % SELF_CHECK_ROUNDS === 0) await selfCheck(router);
  if (router.running === null) return;
  router.readyIp.keep(!router.holding && router.configuredAs !== null);
  // The agent may start before the network gives this router its address.
  if (router.configuredAs === null) {
    recogniseItself(router, router.running);
    if (router.configuredAs !== null) {
      beginServices(router);
      await convergePulse(router, router.holding);
    }
  }
  if (isRehearsalRound(round) && router.configuredAs !== null) await rehearseTakeover(router);
  if (router.clock.now() < router.retryAt) return;
  if (!isLarge(router) || round % LARGE_ROUNDS === 0) await lookAtTable(router, round);
  if (round % CLOSE_ROUNDS === 0) await router.queue.run(() => repairMarks(router));
  if (hasFindings(router, 'timeouts')) await router.queue.run(() => repairTimeouts(router));
  if (addressDrift(router).length > 0) await router.queue.run(() => repairAddresses(router));
  // A failed activation is tried again after a while: pulse hears that nothing is known to be wrong any more.
  else if (hasFindings(router, 'addresses')) setFindings(router, 'addresses', []);
}

const isRehearsalRound = (round: number): boolean =>
  round % (round < REHEARSAL_ROUNDS.laterFrom ? REHEARSAL_ROUNDS.first : REHEARSAL_ROUNDS.later) === 1;

const isLarge = ({ left }: Router): boolean => left !== null && isLargeTable(left);

async function lookAtTable(router: Router, round: number): Promise<void> {
  const drift = await tableDrift(router);
  if (isFullRound(router, round)) await router.queue.run(() => convergeTable(router));
  else if (router.left === null || (drift !== null && drift.length > 0))
    await router.queue.run(() => repairTable(router));
  else if (round % (isLarge(router) ? LARGE_ROUNDS : FOREIGN_ROUNDS) === 0)
    await router.queue.run(() => reportForeign(router));
}

function isFullRound(router: Router, round: number): boolean {
  const isClose = router.left !== null && needsCloseLook(router.left);
  return round % (isClose ? CLOSE_ROUNDS : FULL_ROUNDS) === 0;
}

/** Reports a file that somebody edited; it is taken in by a reload or overwritten by a push, never in silence. */
async function lookAtFile(router: Router): Promise<void> {
  const hash = await router.files.currentHash();
  if (hash === (router.running?.hash ?? null)) {
    router.reportedFileHash = null;
    return;
  }
  // An apply that is under way writes the file some moments before it runs.
  if (hash !== router.reportedFileHash) await router.queue.run(() => reportFile(router));
}

async function reportFile(router: Router): Promise<void> {
  const hash = await router.files.currentHash();
  if (hash === (router.running?.hash ?? null) || hash === router.reportedFileHash) return;
  router.reportedFileHash = hash;
  router.log.event(
    'warning',
    'file-changed',
    hash === null
      ? `${router.files.path} is gone; what ran goes on running`
      : `${router.files.path} was changed on this router and is not in effect; take it in with: shoalctl reload`,
  );
  router.changed();
}
