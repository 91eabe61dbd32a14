/** The only way in which a step replaces parts of the state. */
import type { MachineState, Turn } from './state.ts';

type Writable = { -readonly [Key in keyof MachineState]: MachineState[Key] };

/** The turn's state becomes a copy with these changes; whoever holds the state before keeps it as it was. */
export function change(turn: Turn, changes: Partial<MachineState>): void {
  const next = copyOf(turn.state);
  Object.assign(next, changes);
  turn.state = next;
}

/**
 * Field by field: to spread an object of this many fields takes the engine twenty times as long, and the simulator
 * takes hundreds of millions of steps. A field that is forgotten here does not compile.
 */
function copyOf(state: MachineState): Writable {
  return {
    config: state.config,
    hasKey: state.hasKey,
    canHear: state.canHear,
    role: state.role,
    health: state.health,
    session: state.session,
    nextSequence: state.nextSequence,
    sent: state.sent,
    claim: state.claim,
    claimSequence: state.claimSequence,
    saidLast: state.saidLast,
    nextSendAt: state.nextSendAt,
    promptedAt: state.promptedAt,
    link: state.link,
    plain: state.plain,
    isProven: state.isProven,
    aliveSince: state.aliveSince,
    silentMs: state.silentMs,
    lastFreshAt: state.lastFreshAt,
    rejected: state.rejected,
    isConflict: state.isConflict,
    deafSince: state.deafSince,
    isHeldByOneWay: state.isHeldByOneWay,
    fault: state.fault,
    faultEndedAt: state.faultEndedAt,
    cutOffSince: state.cutOffSince,
    failures: state.failures,
    heldUntil: state.heldUntil,
    aloneFrom: state.aloneFrom,
    isLeaving: state.isLeaving,
    isSwitching: state.isSwitching,
    lastEventAt: state.lastEventAt,
  };
}
