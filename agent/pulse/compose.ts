/** What this router says now, and when it has to say it: at least each keepalive, and at once when it changed. */
import { change } from './change.ts';
import type { PulseConfig } from './contract.ts';
import type { ChannelName, Flags, Heartbeat } from './heartbeat.ts';
import { flagNames } from './heartbeat.ts';
import {
  activeMs,
  claimOf,
  deadtimeMs,
  isPaired,
  isReady,
  keepsService,
  wantsService,
  yieldedFor,
} from './rules.ts';
import { echoOf, heardChannels, markSent } from './session.ts';
import type { MachineState, Turn } from './state.ts';

/** How often a heartbeat that hands the service over is sent at once: a lost one would cost a keepalive. */
const HANDOVER_COPIES = 3;

/** Sends heartbeats on every channel when one is due or what they say has changed. */
export function sendIfDue(turn: Turn): void {
  const { state, now } = turn;
  const { config } = state;
  if (config === null || !isPaired(state)) return;
  const flags = flagsOf(state, now);
  const said = sayingOf(state, flags);
  const hasChanged = said !== state.saidLast;
  if (!hasChanged && now < state.nextSendAt) return;
  const claim = claimOf(state);
  const isHandover = hasChanged && (state.role.name === 'stopped' || flags.yielded);
  const copies = isHandover ? HANDOVER_COPIES : 1;
  const first = state.nextSequence;
  let sequence = first;
  for (let copy = 0; copy < copies; copy += 1) {
    for (const { name } of config.channels) {
      turn.actions.push({ type: 'send', heartbeat: compose(state, config, { now, name, flags, sequence }) });
      sequence += 1;
    }
  }
  change(turn, {
    claim,
    claimSequence: claim === state.claim ? state.claimSequence : first,
    saidLast: said,
    nextSequence: sequence,
    sent: markSent(state.sent, first, now, deadtimeMs(state)),
    nextSendAt: now + config.keepaliveMs,
  });
}

/** Makes the next heartbeat due now. */
export function sendNow(turn: Turn): void {
  change(turn, { nextSendAt: turn.now });
}

function compose(
  state: MachineState,
  config: PulseConfig,
  about: { now: number; name: ChannelName; flags: Flags; sequence: number },
): Heartbeat {
  const { now, name, flags, sequence } = about;
  const windowMs = deadtimeMs(state);
  const echo = echoOf(state.link, now, windowMs);
  return {
    channel: name,
    role: config.configuredAs,
    state: state.role.name,
    flags,
    session: state.session,
    sequence,
    echoSession: echo.session,
    echoSequence: echo.sequence,
    hears: heardChannels(state.link, now, windowMs),
    activeMs: activeMs(state, now),
    keepaliveMs: config.keepaliveMs,
    deadtimeMs: config.deadtimeMs,
    serial: config.serial,
    configHash: config.configHash,
    healthUp: state.health.up,
    healthTotal: state.health.total,
  };
}

function flagsOf(state: MachineState, now: number): Flags {
  const { role } = state;
  const offered = role.name === 'active' ? (role.offer?.cause ?? null) : null;
  const leaving = role.name === 'releasing' ? role.yields : null;
  const handover = offered ?? leaving ?? yieldedFor(state);
  return {
    ready: isReady(state),
    wants: wantsService(state, now),
    offers: offered !== null || leaving !== null,
    yielded: yieldedFor(state) !== null,
    keeps: keepsService(state),
    pinned: role.name === 'active' && role.isPinned,
    switchover: handover === 'switchover',
    fault: state.fault !== null,
    withdrew: role.name === 'standby' && now < state.heldUntil,
  };
}

function sayingOf(state: MachineState, flags: Flags): string {
  let said: string = state.role.name;
  for (const name of flagNames) said += flags[name] ? ` ${name}` : '';
  return said;
}
