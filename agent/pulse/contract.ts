/** What the rest of the agent knows of pulse. */
import type { RouterStatus } from '#lib/protocol/messages.ts';
import type { PlainService } from './piranha-word.ts';

export type Role = RouterStatus['role'];

/** One path to the other router. */
export interface Channel {
  readonly name: 'public' | 'private';
  readonly localAddress: string;
  readonly peerAddress: string;
}

/** What pulse needs of the configuration; made by the dataplane's owner, compared by value. */
export interface PulseConfig {
  readonly configuredAs: 'primary' | 'backup';
  /** False: no partner; become active at once. */
  readonly hasBackup: boolean;
  readonly channels: readonly Channel[];
  readonly port: number;
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly preempt: boolean;
  /** How long a primary that returned is there before it takes the service back. */
  readonly preemptDelayMs: number;
  /** At most one transfer in this time; null: three dead times. */
  readonly holdDownMs: number | null;
  /** Whose words to use while Piranha's heartbeat is spoken. */
  readonly service: PlainService;
  /** Reported in heartbeats, so that each router knows what the other runs. */
  readonly serial: number;
  readonly configHash: string;
}

/** One shared secret; two may be valid while the key is rotated, the first is used for sending. */
export interface ClusterKey {
  readonly keyId: string;
  readonly key: Uint8Array;
}

/** What pulse must know again after a restart of the agent. */
export interface PulseMemory {
  /** Active by an administrator's switchover: the primary does not take the service back by itself. */
  readonly pinned: boolean;
  /** The partner has signed a heartbeat with a key of this cluster: unsigned words hold nothing back any more. */
  readonly proven: boolean;
}

export const noMemory: PulseMemory = { pinned: false, proven: false };

export interface PulseEffects {
  /**
   * Puts the VIPs and the NAT router address on and announces them. False: it failed; pulse goes to fault. It may have
   * to wait for its turn: what is not wanted any more by then is not begun, and the answer counts for nothing.
   */
  becomeActive(isWanted: () => boolean): Promise<boolean>;
  /**
   * Takes the addresses off. Must succeed or keep trying by itself. `isPlanned`: the partner waits for its turn, so
   * requests in flight may end first.
   */
  becomeStandby(isPlanned: boolean): Promise<void>;
  /** The partner may be dead: what a takeover can do before it is one may be done now, where nobody notices it. */
  getReady(): void;
  /** Gratuitous ARP for everything that is held. */
  announce(): void;
  /** Keeps what the next run of the agent is to be given. */
  remember(memory: PulseMemory): void;
}

export interface PulseStatus {
  readonly role: Role;
  readonly roleSince: string;
  readonly roleReason: string;
  readonly peer: RouterStatus['peer'];
  /** Which key the partner's last good heartbeat was signed with. */
  readonly partnerKeyId: string | null;
  /** What an administrator must mend about the pair, in sentences. */
  readonly problems: readonly string[];
}

export interface Pulse {
  /** First call starts. Without a key Piranha's heartbeat is spoken. `adopted`: the VIPs were found on the interfaces, left by an earlier run of the agent; `memory`: what that run remembered. */
  configure(config: PulseConfig, keys: readonly ClusterKey[], adopted: boolean, memory?: PulseMemory): void;
  /** A sentence while the data plane cannot serve (promise 3), null when it can. */
  setFault(problem: string | null): void;
  /** Whether the links of all channels are down, as link tracking sees them: no heartbeat can leave. */
  setCutOff(isCutOff: boolean): void;
  /** Planned: gives the service to the partner. Resolves when it has it, or with the reason why not. */
  switchover(): Promise<{ readonly done: boolean; readonly message: string }>;
  /** Administrator's stop: hands over first when the partner can serve, then stays out until `start`. */
  stop(): Promise<{ readonly done: boolean; readonly message: string }>;
  start(): void;
  status(): PulseStatus;
  /** Closes the sockets without any change of role: the agent restarts or is upgraded. */
  close(): void;
}
