/**
 * Who serves: `step(state, event, now)` returns the next state and what to do. No clock, no socket, no randomness:
 * the same function runs in the daemon (driver.ts) and in the simulator (agent/sim).
 *
 * Each step notes how long this router slept, takes the event in, asks the rules of its role until nothing changes,
 * and sends heartbeats if something is due or new. The driver performs `acquire` first and all others in order, and
 * answers `acquire` with `acquired` and `release` with `released`; it steps at least twice each keepalive (`wakeAfterMs`).
 */
import { change } from './change.ts';
import { sendIfDue, sendNow } from './compose.ts';
import type { PulseMemory } from './contract.ts';
import { announceIfActive, decide } from './decide.ts';
import type { Heartbeat } from './heartbeat.ts';
import { flagNames, isOwner } from './heartbeat.ts';
import { keepQuietIfCrossed, releaseForSwitchover, sendPlainIfDue } from './plain.ts';
import type { PlainLink } from './plain-link.ts';
import { forgetWords, hearUnchecked, hearWord } from './plain-link.ts';
import { deadtimeMs, isPaired, isPlain, isSigned, partner, pauseLimitMs, seconds } from './rules.ts';
import { receiveHeartbeat } from './session.ts';
import type { MachineState, PulseAction, PulseEvent, Turn } from './state.ts';
import {
  answerSwitchover,
  becomeActive,
  becomeActiveAdopted,
  becomeFault,
  becomeListening,
  becomeReleasingAfterFailure,
  becomeStandbyAfterRelease,
  log,
  offerService,
  withdrawOffer,
} from './transitions.ts';

export interface StepResult {
  readonly state: MachineState;
  readonly actions: readonly PulseAction[];
}

export function step(state: MachineState, event: PulseEvent, now: number): StepResult {
  const turn: Turn = { state, now, actions: [] };
  notePassedTime(turn);
  takeIn(turn, event);
  decide(turn);
  if (isPlain(turn.state)) sendPlainIfDue(turn);
  else sendIfDue(turn);
  return { state: turn.state, actions: turn.actions };
}

/** What the next run of the agent is to know. */
export function memoryOf({ role, isProven }: MachineState): PulseMemory {
  const pinned = (role.name === 'active' || role.name === 'acquiring') && role.isPinned;
  return { pinned, proven: isProven };
}

/** When the machine wants its next tick, in ms from `now`, if nothing else happens. */
export function wakeAfterMs(state: MachineState, now: number): number {
  const { config, role } = state;
  if (config === null) return 1000;
  // A late step counts as a keepalive at most: one in time for each keepalive would count each lateness out of the silence.
  const due = [config.keepaliveMs / 2];
  if (isPaired(state)) {
    due.push(state.nextSendAt - now);
    const leftMs = deadtimeMs(state) - state.silentMs;
    if (leftMs > 0) due.push(leftMs);
  }
  if (role.name === 'active' && role.offer !== null) due.push(role.offer.until - now);
  if (role.name === 'fault' && role.retryAt !== null) due.push(role.retryAt - now);
  return Math.max(1, Math.min(...due));
}

/**
 * Silence is counted in time awake. After a gap (SIGSTOP, a paused machine, a stalled event loop) nothing is known
 * of the partner: it may have taken over, it may live; a full dead time starts again.
 */
function notePassedTime(turn: Turn) {
  const { state, now } = turn;
  const gap = Math.max(0, now - state.lastEventAt);
  if (state.config === null || !isPaired(state)) {
    change(turn, { lastEventAt: now });
    return;
  }
  if (gap > pauseLimitMs(state.config)) {
    const plain = forgetWords(state.plain);
    change(turn, { silentMs: 0, aliveSince: null, nextSendAt: now, lastEventAt: now, plain });
    const slept = `this router slept for ${seconds(gap)}: listening before it acts`;
    if (state.role.name === 'standby' && state.role.yielded === null) becomeListening(turn, slept);
    else log(turn, 'warning', 'slept', slept);
    return;
  }
  const silentMs = state.silentMs + (state.canHear ? Math.min(gap, state.config.keepaliveMs) : 0);
  const isSilent = silentMs >= deadtimeMs(state);
  change(turn, { lastEventAt: now, silentMs, aliveSince: isSilent ? null : state.aliveSince });
  if (isSilent && isPlain(state)) change(turn, { plain: forgetWords(state.plain) });
  if (isSilent && state.aliveSince !== null) {
    log(turn, 'warning', 'partner-silent', `no fresh heartbeat from the partner for ${seconds(silentMs)}`);
  }
}

function takeIn(turn: Turn, event: PulseEvent) {
  switch (event.type) {
    case 'tick':
      return;
    case 'channels':
      change(turn, { canHear: event.open > 0 });
      return;
    case 'configure':
      return takeConfiguration(turn, event);
    case 'heartbeat':
      return takeHeartbeat(turn, event.channel, event.heartbeat);
    case 'plain':
      return takeWord(turn, event);
    case 'unchecked':
      return takeUnchecked(turn, event);
    case 'acquired':
      return takeAcquired(turn, event.ok);
    case 'released':
      return takeReleased(turn);
    case 'fault':
      return takeFault(turn, event.problem);
    case 'cut-off':
      return takeCutOff(turn, event.isCutOff);
    case 'health':
      change(turn, { health: { up: event.up, total: event.total } });
      return;
    case 'switchover':
      return takeSwitchover(turn);
    case 'stop':
      return takeStop(turn);
    case 'start':
      return takeStart(turn);
  }
}

function takeConfiguration(turn: Turn, event: Extract<PulseEvent, { type: 'configure' }>) {
  const before = turn.state;
  const isFirst = before.config === null;
  change(turn, { config: event.config, hasKey: event.hasKey, silentMs: 0, nextSendAt: turn.now });
  if (!isFirst && event.hasKey !== before.hasKey) {
    change(turn, { aliveSince: null });
    log(turn, 'info', 'heartbeats-signed', 'there is a cluster key now: only signed heartbeats count');
  }
  if (isPaired(before) && !isPaired(turn.state)) {
    // The partner may still serve until it gets this configuration too.
    const wait = partner(before) === null ? 0 : deadtimeMs(before);
    change(turn, { aliveSince: null, aloneFrom: turn.now + wait });
  }
  if (!isFirst) return;
  const name = event.config.configuredAs.toUpperCase();
  log(turn, 'info', 'started', `STARTING PULSE AS ${name}`);
  if (isPlain(turn.state)) {
    log(turn, 'warning', 'unsigned', "there is no cluster key: speaking Piranha's unsigned heartbeat");
  }
  change(turn, { isProven: event.memory.proven });
  if (event.isAdopted) return becomeActiveAdopted(turn, event.memory.pinned);
  if (isPaired(turn.state)) becomeListening(turn, 'started: listening for the partner before it acts');
}

function takeHeartbeat(turn: Turn, channel: Heartbeat['channel'], heartbeat: Heartbeat) {
  const { state, now } = turn;
  if (state.config === null || !isSigned(state)) return;
  const { session: mySession, sent, nextSequence } = state;
  const myRole = state.config.configuredAs;
  const context = { mySession, myRole, channel, sent, nextSequence, windowMs: deadtimeMs(state), now };
  const { link, verdict, restarted } = receiveHeartbeat(state.link, context, heartbeat);
  if (verdict === 'accepted') {
    const aliveSince = state.aliveSince ?? now;
    change(turn, { link, silentMs: 0, lastFreshAt: now, isProven: true, aliveSince });
    if (state.aliveSince === null || restarted) return noteAlive(turn, restarted);
    // It held the addresses for a moment, whether or not that was heard: this router must be heard again.
    const heardBefore = state.link.proven?.newest.flags.withdrew;
    if (heardBefore === false && partner(turn.state)?.flags.withdrew) announceIfActive(turn);
    // It changed: an early answer tells it that this is known (see `partnerKnowsClaim`).
    if (hasChanged(state.link.proven?.newest, link.proven?.newest)) answerSoon(turn);
    return;
  }
  change(turn, { link });
  if (verdict === 'heard' || verdict === 'taught') return answerSoon(turn);
  const rejected = { ...state.rejected, [verdict]: (state.rejected[verdict] ?? 0) + 1 };
  change(turn, { rejected });
  if (verdict === 'wrong-nonce' || verdict === 'stale-echo') answerSoon(turn);
}

function takeWord(turn: Turn, { channel, word }: Extract<PulseEvent, { type: 'plain' }>) {
  const { state, now } = turn;
  if (word === 'stop-me' && state.config?.service !== 'fos') {
    // A Piranha that obeyed it would stop serving and keep the addresses, so anybody could make two owners.
    const count = (state.rejected['stop-me'] ?? 0) + 1;
    change(turn, { rejected: { ...state.rejected, 'stop-me': count } });
    return;
  }
  const plain = hearWord(state.plain, channel, word, now);
  if (isPlain(state)) return takePlain(turn, plain, word);
  if (!isSigned(state)) return;
  change(turn, { plain });
  if (state.isProven || state.plain.word !== null) return;
  const evidence = "the partner speaks Piranha's unsigned heartbeat: it has no cluster key";
  log(turn, 'warning', 'partner-without-key', `${evidence}; unsigned heartbeats do not count`);
}

function takeUnchecked(turn: Turn, { channel, heartbeat }: Extract<PulseEvent, { type: 'unchecked' }>) {
  const { state, now } = turn;
  if (!isPlain(state) || heartbeat.role === state.config?.configuredAs) return;
  const plain = hearUnchecked(state.plain, channel, heartbeat, now);
  takePlain(turn, plain, `${heartbeat.state}, signed`);
  if (state.plain.isUnchecked) return;
  const evidence = 'the partner signs its heartbeats and this router has no cluster key';
  log(turn, 'warning', 'no-key', `${evidence}: not taking over while it is heard`);
}

function takePlain(turn: Turn, plain: PlainLink, said: string) {
  const { state, now } = turn;
  change(turn, { plain, silentMs: 0, lastFreshAt: now, aliveSince: state.aliveSince ?? now });
  keepQuietIfCrossed(turn);
  if (state.aliveSince !== null) return;
  log(turn, 'info', 'partner-alive', `the partner is heard, unsigned; it says: ${said}`);
  // Another machine may have announced the addresses while it was not heard.
  if (plain.word !== 'running') announceIfActive(turn);
}

/** An early answer lets the partner prove itself at once; at a bounded rate, so that recordings buy no flood. */
function answerSoon(turn: Turn) {
  const { state, now } = turn;
  const at = Math.max(now, state.promptedAt + (state.config?.keepaliveMs ?? 0) / 8);
  if (at < state.nextSendAt) change(turn, { promptedAt: at, nextSendAt: at });
}

function hasChanged(before: Heartbeat | undefined, after: Heartbeat | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return before.state !== after.state || flagNames.some((name) => before.flags[name] !== after.flags[name]);
}

function noteAlive(turn: Turn, restarted: boolean) {
  // What it says now may be old: a machine that stood still, its clock too, finds in its sockets what was said before.
  // Only what answers the heartbeat that goes out now counts for taking the service.
  const { nextSequence } = turn.state;
  change(turn, { aliveSince: turn.now, isHeldByOneWay: false, claimSequence: nextSequence });
  const said = partner(turn.state)?.state ?? 'listening';
  const what = restarted ? 'the partner restarted' : 'the partner is heard on a two-way link';
  log(turn, 'info', 'partner-alive', `${what}; it says: ${said}`);
  // It may have served meanwhile: whoever listened to it then must hear this router again. If it still serves,
  // the rule for both active says who announces.
  if (!isOwner(said)) announceIfActive(turn);
  sendNow(turn);
}

function takeAcquired(turn: Turn, ok: boolean) {
  const { role } = turn.state;
  if (role.name !== 'acquiring' && role.name !== 'active') return;
  if (!ok) return becomeReleasingAfterFailure(turn);
  if (role.name === 'acquiring') becomeActive(turn);
}

function takeReleased(turn: Turn) {
  const { role } = turn.state;
  if (role.name !== 'releasing') return;
  if (role.retryAt !== null) return becomeFault(turn, role.reason, role.retryAt);
  becomeStandbyAfterRelease(turn, role);
}

function takeFault(turn: Turn, problem: string | null) {
  const { state, now } = turn;
  if (state.fault === problem) return;
  change(turn, { fault: problem });
  if (problem !== null) return log(turn, 'error', 'fault', `this router cannot serve: ${problem}`);
  change(turn, { faultEndedAt: now });
  log(turn, 'info', 'fault-ended', 'this router can serve again');
}

/** With all links down nobody can be heard: a full dead time starts when the first one is back. */
function takeCutOff(turn: Turn, isCutOff: boolean) {
  const { cutOffSince } = turn.state;
  if (isCutOff) change(turn, { cutOffSince: cutOffSince ?? turn.now });
  else if (cutOffSince !== null) change(turn, { cutOffSince: null, silentMs: 0 });
}

function takeSwitchover(turn: Turn) {
  const { state, now } = turn;
  const refuse = (message: string) =>
    void turn.actions.push({ type: 'answer', command: 'switchover', done: false, message });
  if (state.isSwitching) return;
  if (state.role.name !== 'active') {
    return refuse(`this router is not active (${state.role.name}): give the command to the active router`);
  }
  if (state.isLeaving) return refuse('this router is being stopped, which hands the service over by itself');
  if (!isPaired(state)) return refuse('no partner to switch over to: no backup router is configured');
  if (isPlain(state)) {
    const problem = releaseForSwitchover(turn);
    return problem === null ? undefined : refuse(problem);
  }
  const other = partner(state);
  if (other === null) return refuse('the partner does not answer: the service stays here');
  if (!other.flags.ready) return refuse(`the partner cannot serve (${other.state}): the service stays here`);
  change(turn, { isSwitching: true });
  offerService(turn, 'switchover', now + deadtimeMs(state));
}

function takeStop(turn: Turn) {
  const { state } = turn;
  const answer = (message: string) =>
    void turn.actions.push({ type: 'answer', command: 'stop', done: true, message });
  if (state.role.name === 'stopped') return answer('this router is stopped already');
  if (state.config === null) answer('stopped: there is no configuration yet');
  change(turn, { isLeaving: true });
  answerSwitchover(turn, false, 'the router is being stopped');
  withdrawOffer(turn);
}

function takeStart(turn: Turn) {
  const { state } = turn;
  if (!state.isLeaving) return;
  change(turn, { isLeaving: false });
  withdrawOffer(turn);
  if (state.role.name === 'stopped') {
    change(turn, { silentMs: 0 });
    return becomeListening(turn, 'started by an administrator');
  }
  turn.actions.push({
    type: 'answer',
    command: 'stop',
    done: false,
    message: 'started again before it had stopped',
  });
}
