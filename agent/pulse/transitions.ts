/**
 * One function per transition, and nothing else changes the role. Each says from where it may come; any other origin
 * is an error of the program and throws. Each logs the reason with its evidence.
 */

import { change } from './change.ts';
import { holdDownMs, partner, partnerRole, seconds } from './rules.ts';
import type { HandoverCause, Releasing, RoleState, Severity, Turn } from './state.ts';

type RoleName = RoleState['name'];

/** Waits of a router that could not take the addresses grow up to this, in ms. */
const RETRY_MOST_MS = 60_000;
const RETRY_LEAST_MS = 1000;

export function log(turn: Turn, severity: Severity, kind: string, message: string): void {
  turn.actions.push({ type: 'log', severity, kind, message });
}

export function becomeListening(turn: Turn, reason: string): void {
  enter(turn, ['listening', 'standby', 'stopped', 'fault'], { name: 'listening', since: turn.now, reason });
  log(turn, 'info', 'listening', reason);
}

export function becomeStandby(turn: Turn, reason: string, yielded: HandoverCause | null = null): void {
  enter(turn, ['listening', 'releasing'], { name: 'standby', since: turn.now, reason, yielded });
  log(turn, 'info', 'became-standby', reason);
}

/** The addresses are off. */
export function becomeStandbyAfterRelease(turn: Turn, role: Releasing): void {
  const handedOver = `handed over to the ${partnerRole(turn.state)} (${role.yields})`;
  becomeStandby(turn, role.yields === null ? role.reason : handedOver, role.yields);
}

/** The partner has the service: this router is a plain standby from now on. */
export function forgetYield(turn: Turn): void {
  const { role } = turn.state;
  if (role.name === 'standby' && role.yielded !== null) setRole(turn, { ...role, yielded: null });
}

export function becomeAcquiring(turn: Turn, severity: Severity, reason: string, isPinned: boolean): void {
  const { now } = turn;
  enter(turn, ['listening', 'standby'], { name: 'acquiring', since: now, reason, isPinned });
  // A new ownership is a new claim, even if the one before ended in this very step.
  change(turn, { claim: '' });
  turn.actions.push({ type: 'acquire' });
  log(turn, severity, 'taking-over', reason);
  answerSwitchover(turn, false, `the service came back: ${reason}`);
}

export function becomeActive(turn: Turn): void {
  const { role } = turn.state;
  const isPinned = role.name === 'acquiring' && role.isPinned;
  const { reason } = role;
  enter(turn, ['acquiring'], { name: 'active', since: turn.now, reason, isPinned, offer: null });
  change(turn, { failures: 0 });
  log(turn, 'info', 'became-active', `active: ${reason}`);
}

/** The addresses are here already, from an earlier run of the agent: they stay, and are completed. */
export function becomeActiveAdopted(turn: Turn, isPinned: boolean): void {
  const reason = 'adopted: the addresses were on the interfaces when the agent started';
  enter(turn, ['listening'], { name: 'active', since: turn.now, reason, isPinned, offer: null });
  turn.actions.push({ type: 'acquire' });
  log(turn, 'info', 'became-active', reason);
}

/** Asks the partner to take the service; nothing is given up before it answers. */
export function offerService(turn: Turn, cause: HandoverCause, until: number): void {
  const { role } = turn.state;
  if (role.name !== 'active') throw new Error(`pulse: cannot offer the service as ${role.name}`);
  setRole(turn, { ...role, offer: { cause, until } });
  log(turn, 'info', 'handover-offered', `asking the partner to take the service (${cause})`);
}

export function withdrawOffer(turn: Turn): void {
  const { role } = turn.state;
  if (role.name === 'active' && role.offer !== null) setRole(turn, { ...role, offer: null });
}

export function becomeReleasing(
  turn: Turn,
  severity: Severity,
  reason: string,
  yields: HandoverCause | null,
): void {
  release(turn, { severity, reason, yields, retryAt: null });
}

/** Both were active and this router withdraws: the partner was not dead, so silence is distrusted for a while. */
export function becomeReleasingAfterConflict(turn: Turn, reason: string): void {
  const { role } = turn.state;
  const heldUntil = role.since + holdDownMs(turn.state);
  release(turn, { severity: 'warning', reason, yields: null, retryAt: null });
  change(turn, { heldUntil });
}

/** The addresses could not be put on: take off what is there, try again later. */
export function becomeReleasingAfterFailure(turn: Turn): void {
  // A partner that serves meanwhile is not disturbed soon; a lone router must not wait for long.
  const hasPartner = partner(turn.state)?.flags.ready === true;
  const base = hasPartner ? Math.max(RETRY_LEAST_MS, holdDownMs(turn.state)) : RETRY_LEAST_MS;
  const wait = Math.min(RETRY_MOST_MS, base * 2 ** Math.min(turn.state.failures, 10));
  const reason = 'the addresses could not be put on the interfaces';
  release(turn, { severity: 'error', reason, yields: null, retryAt: turn.now + wait });
  change(turn, { failures: turn.state.failures + 1 });
}

export function becomeStopped(turn: Turn, reason: string): void {
  enter(turn, ['listening', 'standby', 'fault'], { name: 'stopped', since: turn.now, reason });
  log(turn, 'info', 'stopped', reason);
  answerSwitchover(turn, false, 'the router was stopped meanwhile');
  turn.actions.push({ type: 'answer', command: 'stop', done: true, message: reason });
}

export function becomeFault(turn: Turn, why: string, retryAt: number | null): void {
  const reason = retryAt === null ? why : `${why}; next try in ${seconds(retryAt - turn.now)}`;
  enter(turn, ['listening', 'standby', 'releasing'], { name: 'fault', since: turn.now, reason, retryAt });
  if (reason !== turn.state.fault) log(turn, 'error', 'fault', reason);
  answerSwitchover(turn, false, reason);
}

/** Tells the administrator who waits for a switchover, if one does. */
export function answerSwitchover(turn: Turn, done: boolean, message: string): void {
  if (!turn.state.isSwitching) return;
  change(turn, { isSwitching: false });
  turn.actions.push({ type: 'answer', command: 'switchover', done, message });
}

function release(
  turn: Turn,
  how: { severity: Severity; reason: string; yields: HandoverCause | null; retryAt: number | null },
): void {
  const { reason, yields, retryAt } = how;
  enter(turn, ['active', 'acquiring'], { name: 'releasing', since: turn.now, reason, yields, retryAt });
  turn.actions.push({ type: 'release', isPlanned: yields !== null && yields !== 'fault' });
  log(turn, how.severity, 'releasing', reason);
}

function enter(turn: Turn, origins: readonly RoleName[], role: RoleState): void {
  const from = turn.state.role.name;
  if (!origins.includes(from)) throw new Error(`pulse: no transition from ${from} to ${role.name}`);
  change(turn, { isConflict: false, deafSince: null, isHeldByOneWay: false, role });
}

function setRole(turn: Turn, role: RoleState): void {
  change(turn, { role });
}
