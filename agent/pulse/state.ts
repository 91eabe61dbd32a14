/**
 * The state of the machine, its events and its actions: plain data. Every time is monotonic, in ms, of this router.
 */
import type { PulseConfig, PulseMemory } from './contract.ts';
import type { ChannelName, Heartbeat, SessionNonce } from './heartbeat.ts';
import type { OwnWord, PlainWord } from './piranha-word.ts';
import type { PlainLink } from './plain-link.ts';
import { silentLink } from './plain-link.ts';
import type { PeerLink, SentMarks, SessionFault } from './session.ts';
import { emptyLink } from './session.ts';

/** Why an active router hands the service over. */
export type HandoverCause = 'preemption' | 'switchover' | 'stop' | 'fault';

interface RoleBase {
  readonly since: number;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** Started, or woken after a pause: hears first, acts then. */
export interface Listening extends RoleBase {
  readonly name: 'listening';
}
export interface Standby extends RoleBase {
  readonly name: 'standby';
  /** Released for the partner, who has not been heard as the owner yet. */
  readonly yielded: HandoverCause | null;
}
/** The addresses are being put on. */
export interface Acquiring extends RoleBase {
  readonly name: 'acquiring';
  readonly isPinned: boolean;
}
export interface Active extends RoleBase {
  readonly name: 'active';
  /** Here by an administrator's switchover: the primary does not take it back by itself. */
  readonly isPinned: boolean;
  readonly offer: { readonly cause: HandoverCause; readonly until: number } | null;
}
/** The addresses are being taken off. */
export interface Releasing extends RoleBase {
  readonly name: 'releasing';
  readonly yields: HandoverCause | null;
  /** Taking the addresses failed: next try then. */
  readonly retryAt: number | null;
}
/** By an administrator, until `start`. */
export interface Stopped extends RoleBase {
  readonly name: 'stopped';
}
/** Cannot serve. `retryAt`: taking the addresses failed, next try then. */
export interface Fault extends RoleBase {
  readonly name: 'fault';
  readonly retryAt: number | null;
}
export type RoleState = Listening | Standby | Acquiring | Active | Releasing | Stopped | Fault;

export interface MachineState {
  readonly config: PulseConfig | null;
  /** False: Piranha's heartbeat is spoken. */
  readonly hasKey: boolean;
  /** At least one channel is open: without an ear, silence means nothing. */
  readonly canHear: boolean;
  readonly role: RoleState;
  readonly health: { readonly up: number; readonly total: number };

  readonly session: SessionNonce;
  readonly nextSequence: number;
  readonly sent: SentMarks;
  /** The first number that tells the partner my present claim (see `claimOf`); what it says before does not count. */
  readonly claim: string;
  readonly claimSequence: number;
  /** What the last heartbeat said, to send at once when it changes. */
  readonly saidLast: string;
  readonly nextSendAt: number;
  readonly promptedAt: number;

  readonly link: PeerLink;
  /** What is heard in Piranha's words: all there is without a key, a warning with one. */
  readonly plain: PlainLink;
  /** A heartbeat signed with a key of this cluster was accepted once. */
  readonly isProven: boolean;
  /** Fresh heartbeats without a gap since then; null = not alive, as far as known. */
  readonly aliveSince: number | null;
  /** Time awake without a fresh heartbeat. */
  readonly silentMs: number;
  readonly lastFreshAt: number | null;
  readonly rejected: Readonly<Partial<Record<SessionFault | 'stop-me', number>>>;
  /** Both are active, and it has been said. */
  readonly isConflict: boolean;
  /** Both are active, and the partner does not hear this router since then. */
  readonly deafSince: number | null;
  /** A one-way link holds a takeover back, and it has been said. */
  readonly isHeldByOneWay: boolean;

  readonly fault: string | null;
  readonly faultEndedAt: number;
  /** Since then the links of all channels are down; null = not, as far as known. */
  readonly cutOffSince: number | null;
  /** Failed acquisitions in a row. */
  readonly failures: number;
  /** No takeover from a silent partner before this: it was not dead the last time. */
  readonly heldUntil: number;
  /** Without a partner: do not become active before. */
  readonly aloneFrom: number;
  /** An administrator's stop is in force. */
  readonly isLeaving: boolean;
  /** An administrator's switchover waits for its answer. */
  readonly isSwitching: boolean;
  readonly lastEventAt: number;
}

export type PulseEvent =
  | {
      readonly type: 'configure';
      readonly config: PulseConfig;
      readonly hasKey: boolean;
      readonly isAdopted: boolean;
      /** Of an earlier run; counts at the first configuration only. */
      readonly memory: PulseMemory;
    }
  | { readonly type: 'tick' }
  | { readonly type: 'channels'; readonly open: number }
  | { readonly type: 'heartbeat'; readonly channel: ChannelName; readonly heartbeat: Heartbeat }
  | { readonly type: 'plain'; readonly channel: ChannelName; readonly word: PlainWord }
  /** Signed, and there is no key to check it with. */
  | { readonly type: 'unchecked'; readonly channel: ChannelName; readonly heartbeat: Heartbeat }
  | { readonly type: 'acquired'; readonly ok: boolean }
  | { readonly type: 'released' }
  | { readonly type: 'fault'; readonly problem: string | null }
  | { readonly type: 'cut-off'; readonly isCutOff: boolean }
  | { readonly type: 'health'; readonly up: number; readonly total: number }
  | { readonly type: 'switchover' }
  | { readonly type: 'stop' }
  | { readonly type: 'start' };

export type Severity = 'info' | 'warning' | 'error';

export type PulseAction =
  | { readonly type: 'send'; readonly heartbeat: Heartbeat }
  /** On every channel. */
  | { readonly type: 'send-plain'; readonly word: OwnWord }
  | { readonly type: 'acquire' }
  /** Planned: the partner waits for its turn, so what is under way may end. */
  | { readonly type: 'release'; readonly isPlanned: boolean }
  | { readonly type: 'announce' }
  | { readonly type: 'log'; readonly severity: Severity; readonly kind: string; readonly message: string }
  | {
      readonly type: 'answer';
      readonly command: 'switchover' | 'stop';
      readonly done: boolean;
      readonly message: string;
    };

/** One step in the making: transitions replace `state` and add to `actions`. */
export interface Turn {
  state: MachineState;
  readonly now: number;
  readonly actions: PulseAction[];
}

/** `session`: 16 random hexadecimal digits, new at each start. */
export function initialState(session: SessionNonce, now: number): MachineState {
  return {
    config: null,
    hasKey: false,
    canHear: true,
    role: { name: 'listening', since: now, reason: 'no configuration yet' },
    health: { up: 0, total: 0 },
    session,
    nextSequence: 1,
    sent: [],
    claim: '',
    claimSequence: 1,
    saidLast: '',
    nextSendAt: now,
    promptedAt: Number.NEGATIVE_INFINITY,
    link: emptyLink,
    plain: silentLink,
    isProven: false,
    aliveSince: null,
    silentMs: 0,
    lastFreshAt: null,
    rejected: {},
    isConflict: false,
    deafSince: null,
    isHeldByOneWay: false,
    fault: null,
    faultEndedAt: Number.NEGATIVE_INFINITY,
    cutOffSince: null,
    failures: 0,
    heldUntil: Number.NEGATIVE_INFINITY,
    aloneFrom: Number.NEGATIVE_INFINITY,
    isLeaving: false,
    isSwitching: false,
    lastEventAt: now,
  };
}
