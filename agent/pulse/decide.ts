/** What follows from the present state, role by role; asked after every event until nothing changes. */
import { change } from './change.ts';
import { sendNow } from './compose.ts';
import { isOwner } from './heartbeat.ts';
import { decidePlainActive, decidePlainConflict, decidePlainOut } from './plain.ts';
import {
  deadtimeMs,
  isLostToPartner,
  isPaired,
  isPlain,
  isPrimary,
  isServing,
  oneWayPartner,
  partner,
  partnerRole,
  primaryWithdraws,
  reasonToHandOver,
  reasonToTake,
  reasonToTakeFromSilent,
  seconds,
} from './rules.ts';
import type { Active, Turn } from './state.ts';
import {
  answerSwitchover,
  becomeAcquiring,
  becomeFault,
  becomeListening,
  becomeReleasing,
  becomeReleasingAfterConflict,
  becomeStandby,
  becomeStopped,
  forgetYield,
  log,
  offerService,
  withdrawOffer,
} from './transitions.ts';

/** Longest chain: releasing → standby → fault, and some room. */
const ROUNDS_MOST = 6;

export function decide(turn: Turn) {
  if (turn.state.config === null) return;
  for (let round = 0; round < ROUNDS_MOST; round += 1) {
    const before = turn.state;
    decideOnce(turn);
    if (turn.state === before) return;
  }
}

function decideOnce(turn: Turn) {
  const { role } = turn.state;
  switch (role.name) {
    case 'listening':
    case 'standby':
      return decideOut(turn);
    case 'acquiring':
      return isPlain(turn.state) ? decidePlainConflict(turn) : decideConflict(turn);
    case 'active':
      return decideActive(turn, role);
    case 'fault':
      return decideFault(turn, role.retryAt);
    case 'releasing':
    case 'stopped':
      return;
  }
}

/** Listening and standby. */
function decideOut(turn: Turn) {
  const { state } = turn;
  if (state.isLeaving) return becomeStopped(turn, stopReason(turn));
  if (state.fault !== null) return becomeFault(turn, state.fault, null);
  if (!isPaired(state)) return decideAlone(turn);
  if (isPlain(state)) return decidePlainOut(turn);
  const other = partner(state);
  if (other === null) return decideSilent(turn);

  if (isOwner(other.state)) {
    if (isServing(other)) forgetYield(turn);
    if (other.state === 'active') answerSwitchover(turn, true, 'the partner has the service');
    if (state.role.name === 'listening') becomeStandby(turn, `the ${partnerRole(state)} is ${other.state}`);
    return;
  }
  const reason = reasonToTake(state);
  if (reason !== null) {
    const isPinned = !isPrimary(state) && other.flags.yielded && other.flags.switchover;
    return becomeAcquiring(turn, 'info', reason, isPinned);
  }
  if (state.role.name === 'listening') {
    becomeStandby(turn, `the ${partnerRole(state)} is heard and is to serve`);
  }
}

function decideSilent(turn: Turn) {
  const { state, now } = turn;
  const reason = reasonToTakeFromSilent(state, now);
  if (reason !== null) return becomeAcquiring(turn, 'warning', reason, false);
  const isHeld = isServing(oneWayPartner(state, now));
  if (isHeld === state.isHeldByOneWay) return;
  change(turn, { isHeldByOneWay: isHeld });
  if (!isHeld) return;
  const evidence = 'the partner is heard and serves, but does not hear this router';
  log(turn, 'warning', 'one-way-link', `one-way link: ${evidence}: not taking over`);
}

/** No backup configured. */
function decideAlone(turn: Turn) {
  const { state, now } = turn;
  if (isPrimary(state)) {
    if (now < state.aloneFrom) return;
    return becomeAcquiring(turn, 'info', 'no backup configured: activating lvs', false);
  }
  if (state.role.name === 'listening') becomeStandby(turn, 'backup is marked inactive');
}

function decideFault(turn: Turn, retryAt: number | null) {
  const { state, now } = turn;
  if (state.isLeaving) return becomeStopped(turn, stopReason(turn));
  if (state.fault !== null || (retryAt !== null && now < retryAt)) return;
  becomeListening(turn, retryAt === null ? 'the fault is over' : 'trying again after a failure');
}

function decideActive(turn: Turn, role: Active) {
  const { state } = turn;
  if (!isPaired(state) && !isPrimary(state)) {
    return becomeReleasing(turn, 'info', 'backup is marked inactive: deactivating LVS', null);
  }
  if (isLostToPartner(state)) {
    const reason = 'the links of this router are down, so the partner takes over: deactivating LVS';
    // It was taken from a partner that lived: the next silence is distrusted, too.
    if (state.isConflict) return becomeReleasingAfterConflict(turn, reason);
    return becomeReleasing(turn, 'error', reason, null);
  }
  if (isPlain(state)) return decidePlainActive(turn, role);
  decideConflict(turn);
  if (turn.state !== state) return;

  const cause = reasonToHandOver(state);
  if (cause !== null) {
    return becomeReleasing(turn, 'info', `handing over to the ${partnerRole(state)} (${cause})`, cause);
  }
  if (state.isLeaving) return decideLeaving(turn, role);
  decideOffer(turn, role);
}

/** An administrator's stop: hands over when the partner can serve, and leaves in any case. */
function decideLeaving(turn: Turn, role: Active) {
  const { state, now } = turn;
  const other = partner(state);
  const leave = (why: string) => becomeReleasing(turn, 'info', `stopping: ${why}`, null);
  if (!isPaired(state)) return leave('there is no partner');
  if (other === null) return leave('the partner does not answer');
  if (!other.flags.ready) return leave(`the partner cannot serve (${other.state})`);
  if (role.offer?.cause !== 'stop') return offerService(turn, 'stop', now + deadtimeMs(state));
  if (now >= role.offer.until) leave('the partner did not take the service in time');
}

/** Offers for a switchover end after a dead time; those for a fault stand while the fault does. */
function decideOffer(turn: Turn, role: Active) {
  const { state, now } = turn;
  const other = partner(state);
  const canTake = other?.flags.ready === true && !isOwner(other.state);
  if (role.offer?.cause === 'switchover') {
    if (canTake && now < role.offer.until) return;
    withdrawOffer(turn);
    const why = canTake ? `did not answer for ${seconds(deadtimeMs(state))}` : 'can no longer serve';
    return answerSwitchover(turn, false, `the partner ${why}: the service stays here`);
  }
  const shouldOffer = state.fault !== null && canTake;
  if (shouldOffer && role.offer === null) return offerService(turn, 'fault', Number.POSITIVE_INFINITY);
  if (!shouldOffer && role.offer !== null) withdrawOffer(turn);
}

/** Both are active (or about to be). */
function decideConflict(turn: Turn) {
  const { state, now } = turn;
  const other = partner(state);
  if (other === null) return decideOneWayConflict(turn);
  if (state.deafSince !== null) change(turn, { deafSince: null });
  if (!isOwner(other.state)) {
    if (!state.isConflict) return;
    change(turn, { isConflict: false });
    log(turn, 'info', 'conflict-ended', 'the partner withdrew: resending arps');
    announceIfActive(turn);
    return;
  }
  const isLeavingAlready = other.state === 'releasing';
  if (isPrimary(state) && !isLeavingAlready && !state.isConflict && primaryWithdraws(state, other, now)) {
    const why = state.fault === null ? 'it has been active for longer' : 'this router has a fault';
    return becomeReleasingAfterConflict(turn, `partner active: deactivating LVS, ${why}`);
  }
  if (!isPrimary(state) && other.flags.keeps) {
    return becomeReleasingAfterConflict(
      turn,
      'partner active: deactivating LVS, the primary keeps the service',
    );
  }
  if (state.isConflict) return;
  change(turn, { isConflict: true });
  log(turn, 'warning', 'both-active', 'partner active: resending arps');
  announceIfActive(turn);
  sendNow(turn);
}

/** The partner serves too and cannot hear this router: only this one can end it. */
function decideOneWayConflict(turn: Turn) {
  const { state, now } = turn;
  const other = oneWayPartner(state, now);
  // Heard without a gap: a few recorded heartbeats, held back on the way, must not end a service.
  const heardAt = state.link.proven?.heardAt ?? 0;
  const isDeaf =
    other !== null &&
    now - heardAt <= 2 * Math.max(other.keepaliveMs, state.config?.keepaliveMs ?? 0) &&
    isServing(other) &&
    other.flags.ready &&
    (!isPrimary(state) || other.hears.length === 0);
  const since = isDeaf ? (state.deafSince ?? now) : null;
  if (state.isConflict || since !== state.deafSince) change(turn, { isConflict: false, deafSince: since });
  // A link that has just been mended looks one-way until the first answer: two dead times tell them apart.
  if (since === null || now - since < 2 * deadtimeMs(state)) return;
  const reason = 'partner active: deactivating LVS, it does not hear this router (one-way link)';
  becomeReleasingAfterConflict(turn, reason);
}

export function announceIfActive(turn: Turn) {
  if (turn.state.role.name === 'active') turn.actions.push({ type: 'announce' });
}

function stopReason(turn: Turn): string {
  const { state } = turn;
  const other = partner(state);
  const mayServe = isPlain(state) ? state.aliveSince !== null : other?.flags.ready;
  if (mayServe) return 'stopped by an administrator; the partner serves';
  return 'stopped by an administrator; nobody serves: the partner is silent or cannot';
}
