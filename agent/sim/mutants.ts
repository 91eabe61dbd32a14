/**
 * Machines with one promise broken on purpose: a simulator that cannot see them would prove nothing. Each wraps the
 * real machine and lies to it, or drops what it says.
 */
import type { Flags, Heartbeat } from '#agent/pulse/heartbeat.ts';
import { step } from '#agent/pulse/machine.ts';
import type { MachineState, PulseEvent } from '#agent/pulse/state.ts';
import type { Step } from './router.ts';

export interface Mutant {
  readonly promise: 1 | 2 | 3 | 4 | 5 | 6;
  /** A world that is known to catch it; others are searched only when this one no longer does. */
  readonly seed: number;
  readonly step: Step;
}

/** Changes the state before each step. */
function withState(change: (state: MachineState, now: number) => Partial<MachineState>): Step {
  return (state, event, now) => step({ ...state, ...change(state, now) }, event, now);
}

/** Changes each heartbeat before the machine sees it. */
function withHeartbeat(change: (heartbeat: Heartbeat, state: MachineState) => Heartbeat): Step {
  return (state, event, now) => {
    if (event.type !== 'heartbeat') return step(state, event, now);
    const seen: PulseEvent = { ...event, heartbeat: change(event.heartbeat, state) };
    return step(state, seen, now);
  };
}

function withFlags(change: (heartbeat: Heartbeat, state: MachineState) => Partial<Flags>): Step {
  return withHeartbeat((heartbeat, state) => ({
    ...heartbeat,
    flags: { ...heartbeat.flags, ...change(heartbeat, state) },
  }));
}

export const mutants = {
  'never takes over from a silent partner': {
    promise: 1,
    seed: 7,
    step: withState(() => ({ silentMs: 0 })),
  },
  'never believes that the partner stopped or has a fault': {
    promise: 1,
    seed: 18,
    step: withHeartbeat((heartbeat) =>
      heartbeat.state === 'stopped' || heartbeat.state === 'fault'
        ? { ...heartbeat, state: 'active', flags: { ...heartbeat.flags, ready: true } }
        : heartbeat,
    ),
  },
  'overlooks that the partner has released': {
    promise: 1,
    seed: 10,
    step: withFlags(() => ({ yielded: false })),
  },
  'does not withdraw before the primary': {
    promise: 2,
    seed: 6,
    step: withFlags(() => ({ keeps: false })),
  },
  'wins without announcing again': {
    promise: 2,
    seed: 399,
    step: (state, event, now) => {
      const result = step(state, event, now);
      return { ...result, actions: result.actions.filter((action) => action.type !== 'announce') };
    },
  },
  'withdraws though it is the primary': {
    promise: 2,
    seed: 99,
    step: (state, event, now) => {
      const config = state.config === null ? null : { ...state.config, preempt: false };
      const isHeard = event.type === 'heartbeat';
      const seen = isHeard ? { ...event, heartbeat: { ...event.heartbeat, activeMs: 1e9 } } : event;
      return step({ ...state, config }, seen, now);
    },
  },
  'takes over with a fault': {
    promise: 3,
    seed: 2,
    step: (state, event, now) =>
      event.type === 'fault' ? step(state, { type: 'tick' }, now) : step(state, event, now),
  },
  'keeps the service with a fault': {
    promise: 3,
    seed: 18,
    step: withFlags((heartbeat, state) => ({ wants: state.fault === null && heartbeat.flags.wants })),
  },
  'knows no hold-down': {
    promise: 4,
    seed: 99,
    step: withState(() => ({ heldUntil: Number.NEGATIVE_INFINITY })),
  },
  'hands over again and again': {
    promise: 4,
    seed: 342,
    step: withHeartbeat((heartbeat) => ({ ...heartbeat, activeMs: 1e9 })),
  },
  'takes the service when it is offered, not when it is free': {
    promise: 5,
    seed: 2,
    step: withHeartbeat((heartbeat) =>
      heartbeat.flags.offers
        ? { ...heartbeat, state: 'standby', flags: { ...heartbeat.flags, yielded: true } }
        : heartbeat,
    ),
  },
  'counts answers that crossed its own change': {
    promise: 5,
    seed: 162,
    step: withState(() => ({ claimSequence: 0 })),
  },
  'does not say at once that it has released': {
    promise: 5,
    seed: 2,
    step: (state, event, now) => {
      const result = step(state, event, now);
      if (state.role.name !== 'releasing' || result.state.role.name !== 'standby') return result;
      return { ...result, actions: result.actions.filter((action) => action.type !== 'send') };
    },
  },
  'counts the time it slept as silence': {
    promise: 6,
    seed: 4,
    step: (state, event, now) => {
      const silentMs = state.silentMs + Math.max(0, now - state.lastEventAt);
      return step({ ...state, silentMs, lastEventAt: now }, event, now);
    },
  },
  'acts before it has listened': {
    promise: 6,
    seed: 1,
    step: (state, event, now) => {
      const isStart = event.type === 'tick' && state.role.name === 'listening';
      return step(isStart ? { ...state, silentMs: 1e9 } : state, event, now);
    },
  },
} as const satisfies Record<string, Mutant>;
