/**
 * What one router tells the other: the content of a heartbeat, apart from its bytes (packet.ts) and from what is
 * made of it (session.ts, machine.ts). There are no times of day in it, only ages, counts and numbers.
 */
import type { Channel } from './contract.ts';

export type ChannelName = Channel['name'];
export const channelNames = ['public', 'private'] as const satisfies readonly ChannelName[];

export type RouterRole = 'primary' | 'backup';
export const routerRoles = ['primary', 'backup'] as const satisfies readonly RouterRole[];

/** `acquiring` and `releasing`: the addresses may be on the interfaces, so the sender counts as an owner. */
export const wireStates = [
  'listening',
  'standby',
  'acquiring',
  'active',
  'releasing',
  'stopped',
  'fault',
] as const;
export type WireState = (typeof wireStates)[number];

/** One bit each, in this order. */
export const flagNames = [
  /** Could serve: configured, no fault, not stopped. */
  'ready',
  /** Standby: asks for the service, or answers yes to `offers`. */
  'wants',
  /** Active: asks the partner to take the service. */
  'offers',
  /** Standby: has released the addresses for the partner, who is to take them at once. */
  'yielded',
  /** Primary and owner: if both are active, the primary stays. */
  'keeps',
  /** Active by an administrator's switchover: the primary does not ask for the service back. */
  'pinned',
  /** The offer or the yield is an administrator's switchover. */
  'switchover',
  /** The sender has a fault of its own. */
  'fault',
  /** Standby: held the addresses a moment ago, beside a partner that kept them; the partner announces again. */
  'withdrew',
] as const;
export type FlagName = (typeof flagNames)[number];
export type Flags = Readonly<Record<FlagName, boolean>>;

/** 16 hexadecimal digits; `noSession` means "none heard". */
export type SessionNonce = string;
export const noSession: SessionNonce = '0000000000000000';

export interface Heartbeat {
  readonly channel: ChannelName;
  readonly role: RouterRole;
  readonly state: WireState;
  readonly flags: Flags;
  /** Random per start of the sender. */
  readonly session: SessionNonce;
  /** Counts up per session over all channels. */
  readonly sequence: number;
  /** Session and highest sequence number that the sender heard from the receiver: proof of freshness. */
  readonly echoSession: SessionNonce;
  readonly echoSequence: number;
  /** Channels on which the sender heard the receiver within its deadtime. */
  readonly hears: readonly ChannelName[];
  /** How long the sender has been active, in ms; 0 when it is not. */
  readonly activeMs: number;
  /** Both routers judge by the longer deadtime of the two, so that a change of timing is no failover. */
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly serial: number;
  /** At most 64 characters of ASCII. */
  readonly configHash: string;
  readonly healthUp: number;
  readonly healthTotal: number;
}

/** True when the sender may have the addresses on its interfaces. */
export function isOwner(state: WireState): boolean {
  return state === 'acquiring' || state === 'active' || state === 'releasing';
}
