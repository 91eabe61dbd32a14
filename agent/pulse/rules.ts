/**
 * The questions that decide who serves, each one a pure function of the state. machine.ts asks them, transitions.ts
 * acts. A router may only ever take the service when one of three is true: it is alone; the partner, heard now,
 * says that it does not own the addresses and knows what this router claims; the partner was silent for a dead time
 * in which this router was awake.
 */
import type { PulseConfig } from './contract.ts';
import type { Heartbeat, RouterRole } from './heartbeat.ts';
import { isOwner } from './heartbeat.ts';
import type { HandoverCause, MachineState } from './state.ts';

/** Piranha's routers shared no timing; ours judge by the slower of the two while a change travels. */
export function deadtimeMs(state: MachineState): number {
  return Math.max(state.config?.deadtimeMs ?? 0, state.link.proven?.newest.deadtimeMs ?? 0);
}

/** At most one transfer in this time, however often a link or the partner comes and goes. */
export function holdDownMs(state: MachineState): number {
  return state.config?.holdDownMs ?? 3 * deadtimeMs(state);
}

/** A gap between two steps longer than this means that this router slept. */
export function pauseLimitMs(config: PulseConfig): number {
  return Math.max(2 * config.keepaliveMs, config.deadtimeMs / 2);
}

export function isPaired(state: MachineState): boolean {
  return state.config?.hasBackup === true;
}

/** The pair signs its heartbeats. */
export function isSigned(state: MachineState): boolean {
  return isPaired(state) && state.hasKey;
}

/** The pair speaks Piranha's heartbeat. */
export function isPlain(state: MachineState): boolean {
  return isPaired(state) && !state.hasKey;
}

export function isPrimary(state: MachineState): boolean {
  return state.config?.configuredAs === 'primary';
}

/** The other router by its configured role. */
export function partnerRole(state: MachineState): RouterRole {
  return isPrimary(state) ? 'backup' : 'primary';
}

/** What the partner said last, while it is alive on a two-way link. */
export function partner(state: MachineState): Heartbeat | null {
  return state.aliveSince === null ? null : (state.link.proven?.newest ?? null);
}

/** What a partner says who is heard now but did not hear this router for a dead time. */
export function oneWayPartner(state: MachineState, now: number): Heartbeat | null {
  const { proven } = state.link;
  if (proven === null || state.aliveSince !== null || state.silentMs < deadtimeMs(state)) return null;
  return now - proven.heardAt < deadtimeMs(state) ? proven.newest : null;
}

export function isServing(heartbeat: Heartbeat | null): boolean {
  return heartbeat !== null && (heartbeat.state === 'active' || heartbeat.state === 'acquiring');
}

export function isReady(state: MachineState): boolean {
  if (state.config === null || state.fault !== null || state.isLeaving) return false;
  return state.role.name !== 'stopped' && state.role.name !== 'fault';
}

export function yieldedFor(state: MachineState): HandoverCause | null {
  return state.role.name === 'standby' ? state.role.yielded : null;
}

/** What the partner must know before its answer counts; a heartbeat that crossed a change of this proves nothing. */
export function claimOf(state: MachineState): string {
  const owner = isOwner(state.role.name) ? 'owner' : 'none';
  return `${owner} ${isReady(state) ? 'ready' : 'unready'} ${yieldedFor(state) ?? 'keeps'} ${state.role.name === 'stopped'}`;
}

/** True when the partner had heard my present claim when it said what it said last. */
export function partnerKnowsClaim(state: MachineState): boolean {
  const heard = partner(state);
  if (heard === null || claimOf(state) !== state.claim) return false;
  return heard.echoSession === state.session && heard.echoSequence >= state.claimSequence;
}

/** Why a router that does not serve takes the service from a living partner that does not serve; null = it does not. */
export function reasonToTake(state: MachineState): string | null {
  const other = partner(state);
  if (other === null || isOwner(other.state) || !isReady(state) || !partnerKnowsClaim(state)) return null;
  const name = partnerRole(state);
  const hasYielded = yieldedFor(state) !== null;
  if (other.flags.yielded && !hasYielded) return `${name} handed over: activating lvs`;
  if (other.state === 'stopped') return `${name} stopped: activating lvs`;
  if (!other.flags.ready) return `${name} inactive, it has a fault: activating lvs`;
  if (isPrimary(state) && (!hasYielded || other.flags.yielded)) return `${name} inactive: activating lvs`;
  return null;
}

/** Why a router that does not serve takes the service from a silent partner; null = it does not. */
export function reasonToTakeFromSilent(state: MachineState, now: number): string | null {
  const deadtime = deadtimeMs(state);
  if (state.aliveSince !== null || state.silentMs < deadtime || now < state.heldUntil) return null;
  // Nobody can be heard over links that are down.
  if (state.cutOffSince !== null) return null;
  if (isServing(oneWayPartner(state, now)) || isHeldByPlain(state, now)) return null;
  const count = state.config?.channels.length ?? 0;
  const channels = count === 1 ? '1 channel' : `${count} channels`;
  return `partner dead: no heartbeat for ${seconds(state.silentMs)} on ${channels}: activating lvs`;
}

/** A router that does not serve and has not heard its partner for most of a dead time: it may have to take over soon. */
export function isDoubtful(state: MachineState): boolean {
  const isOut = state.role.name === 'standby' || state.role.name === 'listening';
  return isOut && isPaired(state) && state.silentMs >= (2 / 3) * deadtimeMs(state);
}

/**
 * The cluster key is new here, and a partner without it says that it serves. An unsigned word never lets a router
 * act; this one holds it back, until the partner has signed once: from then on such words count for nothing.
 */
export function isHeldByPlain(state: MachineState, now: number): boolean {
  const { plain } = state;
  const isRecent = now - plain.heardAt < deadtimeMs(state);
  return isSigned(state) && !state.isProven && plain.word === 'running' && isRecent;
}

/**
 * This router's own links are down since before the partner fell silent: it lived, and takes the service now. A
 * partner that was silent before cannot take it.
 */
export function isLostToPartner(state: MachineState): boolean {
  const { cutOffSince, lastFreshAt } = state;
  if (state.fault === null || cutOffSince === null || lastFreshAt === null || !isPaired(state)) return false;
  const deadtime = deadtimeMs(state);
  return state.aliveSince === null && state.silentMs >= deadtime && cutOffSince - lastFreshAt < deadtime;
}

/** Whether this standby asks for the service: it was offered, or it is the primary's turn again. */
export function wantsService(state: MachineState, now: number): boolean {
  const other = partner(state);
  if (state.role.name !== 'standby' || other === null || !isReady(state)) return false;
  if (!isOwner(other.state)) return false;
  if (other.flags.offers) return true;
  if (!isPrimary(state) || state.config?.preempt !== true || other.flags.pinned) return false;
  if (other.state !== 'active' || state.aliveSince === null) return false;
  const [holdDown, delay] = [holdDownMs(state), state.config.preemptDelayMs];
  return (
    now - state.aliveSince >= Math.max(deadtimeMs(state), delay) &&
    now - state.faultEndedAt >= Math.max(holdDown, delay) &&
    other.activeMs >= holdDown
  );
}

/** Whether this active router gives the service to a partner that asks for it. */
export function reasonToHandOver(state: MachineState): HandoverCause | null {
  const other = partner(state);
  if (state.role.name !== 'active' || other === null) return null;
  if (!other.flags.wants || !other.flags.ready || isOwner(other.state) || !partnerKnowsClaim(state))
    return null;
  if (state.role.offer !== null) return state.role.offer.cause;
  return other.role === 'primary' && !state.role.isPinned ? 'preemption' : null;
}

/**
 * Both are active: only the primary judges, so that the two cannot judge differently. It stays, unless it has a
 * fault and the backup has none, or preemption is off and the backup has been active for longer.
 */
export function primaryWithdraws(state: MachineState, other: Heartbeat, now: number): boolean {
  if (state.fault !== null && other.flags.ready) return true;
  return state.config?.preempt === false && other.activeMs > activeMs(state, now);
}

/** The primary's word that it stays; with preemption it need not even know that both are active. */
export function keepsService(state: MachineState): boolean {
  if (!isPrimary(state) || (state.role.name !== 'active' && state.role.name !== 'acquiring')) return false;
  return state.isConflict || (state.config?.preempt === true && state.fault === null);
}

export function activeMs(state: MachineState, now: number): number {
  return state.role.name === 'active' ? Math.max(0, now - state.role.since) : 0;
}

/** `3.0 s` or, below a second, `240 ms`. */
export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
