/**
 * Who serves while the pair speaks Piranha's heartbeat. Piranha 0.8.6 on the other side: hearing `running` it stays
 * out, or as a backup withdraws, or as a primary repeats its ARPs; hearing `stopped` it takes the service at once; it
 * says no goodbye and never gives the service back. So the backup yields to a partner that runs, the primary stays,
 * nobody preempts, and `stopped` is said only by a router whose partner may take the service.
 */
import { change } from './change.ts';
import { sendNow } from './compose.ts';
import { isOwner } from './heartbeat.ts';
import { crossingMs, knowsMine } from './plain-link.ts';
import { isPrimary, isReady, partnerRole, reasonToTakeFromSilent } from './rules.ts';
import type { Active, Turn } from './state.ts';
import {
  answerSwitchover,
  becomeAcquiring,
  becomeReleasing,
  becomeReleasingAfterConflict,
  becomeStandby,
  forgetYield,
  log,
} from './transitions.ts';

/** How often the word that frees the service is said at once: a lost one would cost a dead time. */
const RELEASE_COPIES = 3;
/** A backup that kept quiet speaks again after so many heartbeats: two that both keep quiet would wait for ever. */
const QUIET_HEARTBEATS = 1.5;

/** Listening and standby. */
export function decidePlainOut(turn: Turn) {
  const { state, now } = turn;
  const { plain } = state;
  const name = partnerRole(state);
  if (state.aliveSince === null) {
    const reason = reasonToTakeFromSilent(state, now);
    if (reason !== null) becomeAcquiring(turn, 'warning', reason, false);
    return;
  }
  if (plain.word === 'running') {
    forgetYield(turn);
    answerSwitchover(turn, true, 'the partner has the service');
    if (state.role.name === 'listening') becomeStandby(turn, `the ${name} is active`);
    return;
  }
  // Said since this router is out: before, the partner had no cause to take the service.
  if (plain.word === 'stopped' && plain.heardAt >= state.role.since && knowsMine(plain, keepaliveMs(turn))) {
    return becomeAcquiring(turn, 'info', `${name} inactive: activating lvs`, false);
  }
  if (state.role.name === 'listening' && !isPrimary(state)) {
    becomeStandby(turn, `the ${name} is heard and is to serve`);
  }
}

/** Acquiring and active: both may be. */
export function decidePlainConflict(turn: Turn) {
  const { state } = turn;
  const { plain, isConflict } = state;
  if (state.aliveSince === null || plain.word !== 'running') {
    if (!isConflict) return;
    change(turn, { isConflict: false });
    log(turn, 'info', 'conflict-ended', 'the partner withdrew: resending arps');
    announceIfActive(turn);
    return;
  }
  const why = reasonToYield(turn);
  if (why !== null) {
    // As Piranha: a primary repeats its ARPs for each heartbeat that it hears from a running partner.
    sendNow(turn);
    return becomeReleasingAfterConflict(turn, `partner active: deactivating LVS, ${why}`);
  }
  if (isConflict) return;
  change(turn, { isConflict: true });
  log(turn, 'warning', 'both-active', 'partner active: resending arps');
  announceIfActive(turn);
  sendNow(turn);
}

function reasonToYield({ state }: Turn): string | null {
  if (!isPrimary(state)) return 'the primary keeps the service';
  if (state.plain.isUnchecked) return 'it signs its heartbeats and does not heed unsigned ones';
  if (state.plain.isDemand) return 'it asks for the service (stop me)';
  return state.fault === null ? null : 'this router has a fault';
}

export function decidePlainActive(turn: Turn, role: Active) {
  const { state } = turn;
  decidePlainConflict(turn);
  if (turn.state.role !== role) return;
  const isThere = state.aliveSince !== null;
  if (state.isLeaving) {
    const why = isThere
      ? `handing over to the ${partnerRole(state)} (stop)`
      : 'stopping: the partner is silent';
    return becomeReleasing(turn, 'info', why, isThere ? 'stop' : null);
  }
  if (state.fault !== null && isThere && state.plain.word === 'stopped') {
    becomeReleasing(turn, 'info', `handing over to the ${partnerRole(state)} (fault)`, 'fault');
  }
}

/** An administrator's switchover. Piranha cannot be asked whether it can serve: if it does not, it comes back. */
export function releaseForSwitchover(turn: Turn): string | null {
  const { state } = turn;
  if (state.aliveSince === null) return 'the partner does not answer: the service stays here';
  if (state.plain.word !== 'stopped') return 'the partner is not a standby: the service stays here';
  change(turn, { isSwitching: true });
  becomeReleasing(turn, 'info', `handing over to the ${partnerRole(state)} (switchover)`, 'switchover');
  return null;
}

/** Says its word when it is due or new; keeps quiet where a word could make both take the service. */
export function sendPlainIfDue(turn: Turn): void {
  const { state, now } = turn;
  const interval = keepaliveMs(turn);
  const word = isOwner(state.role.name) ? 'running' : 'stopped';
  if (word === 'stopped' && mustKeepQuiet(turn)) {
    change(turn, { saidLast: 'quiet', nextSendAt: Math.max(state.nextSendAt, now + interval / 4) });
    return;
  }
  const isRelease = word === 'stopped' && state.saidLast === 'running';
  const isNew = isRelease || (word === 'running' && state.saidLast !== 'running');
  if (!isNew && now < state.nextSendAt) return;
  for (let copy = 0; copy < (isRelease ? RELEASE_COPIES : 1); copy += 1) {
    turn.actions.push({ type: 'send-plain', word });
  }
  change(turn, {
    saidLast: word,
    nextSendAt: now + interval,
    plain: word === 'stopped' ? { ...state.plain, saidStoppedAt: now } : state.plain,
  });
}

/**
 * A primary that has just started says nothing: it takes the service on the partner's word, or after its silence.
 * A router whose own word may have crossed the partner's waits for the next one.
 */
function mustKeepQuiet(turn: Turn): boolean {
  const { state, now } = turn;
  if (!isReady(state) || (state.role.name !== 'listening' && state.role.name !== 'standby')) return false;
  if (state.role.name === 'listening' && isPrimary(state)) return true;
  return now < state.plain.quietUntil;
}

/** After each `stopped` of the partner. */
export function keepQuietIfCrossed(turn: Turn): void {
  const { state, now } = turn;
  const { plain } = state;
  const isMine = !isOwner(state.role.name) && isReady(state);
  if (!isMine || plain.word !== 'stopped' || knowsMine(plain, keepaliveMs(turn))) return;
  if (now - plain.saidStoppedAt > crossingMs(keepaliveMs(turn)) || now < plain.quietUntil) return;
  const quietMs = isPrimary(state) ? Number.POSITIVE_INFINITY : QUIET_HEARTBEATS * keepaliveMs(turn);
  change(turn, { plain: { ...plain, quietUntil: now + quietMs } });
}

function announceIfActive(turn: Turn): void {
  if (turn.state.role.name === 'active') turn.actions.push({ type: 'announce' });
}

function keepaliveMs({ state }: Turn): number {
  return state.config?.keepaliveMs ?? 0;
}
