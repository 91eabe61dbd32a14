/**
 * The datagram, version 1: 172 bytes, big-endian, HMAC-SHA256 over everything before it.
 *
 *     0 magic "SHOL"    8 cluster id     48 flags        64 serial (8)
 *     4 version        16 session        50 hears        72 health: up, total (2 + 2)
 *     5 channel        24 sequence       51 hash length  76 configuration hash (64)
 *     6 role           32 echo session   52 active ms   140 MAC (32)
 *     7 state          40 echo sequence  56 keepalive ms, 60 deadtime ms
 *
 * The cluster id is made from the id of the key, which belongs to one cluster: it tells a foreign cluster from a
 * forgery, and picks the key while two are valid. Pure: the MAC comes in as a function.
 */

import type { ChannelName, Flags, Heartbeat } from './heartbeat.ts';
import { channelNames, flagNames, routerRoles, wireStates } from './heartbeat.ts';

export const PACKET_VERSION = 1;
export const PACKET_BYTES = 172;
export const MAC_BYTES = 32;
const SIGNED_BYTES = PACKET_BYTES - MAC_BYTES;
const HASH_AT = 76;
const HASH_BYTES = SIGNED_BYTES - HASH_AT;
const MAGIC = 0x53484f4c;
const MAX_UINT32 = 0xffffffff;

/** Why a datagram is no heartbeat of this cluster; the counters in the status carry these names. */
export type PacketFault =
  | 'piranha-heartbeat'
  | 'too-short'
  | 'too-long'
  | 'not-a-heartbeat'
  | 'bad-version'
  | 'foreign-cluster'
  | 'bad-mac'
  | 'malformed';

/** Makes the MAC; `clusterId` is 16 hexadecimal digits. */
export interface Signer {
  readonly clusterId: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** Compares in constant time. */
export type Verify = (
  clusterId: string,
  signed: Uint8Array,
  mac: Uint8Array,
) => 'ok' | 'foreign-cluster' | 'bad-mac';

export type Decoded =
  | { readonly ok: true; readonly heartbeat: Heartbeat }
  | { readonly ok: false; readonly fault: PacketFault };

/** The bytes of a heartbeat. Counts that do not fit are cut to the largest that does. */
export function encodeHeartbeat(heartbeat: Heartbeat, signer: Signer): Uint8Array {
  const bytes = new Uint8Array(PACKET_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint8(4, PACKET_VERSION);
  view.setUint8(5, channelNames.indexOf(heartbeat.channel));
  view.setUint8(6, routerRoles.indexOf(heartbeat.role));
  view.setUint8(7, wireStates.indexOf(heartbeat.state));
  writeHex(view, 8, signer.clusterId);
  writeHex(view, 16, heartbeat.session);
  writeCount(view, 24, heartbeat.sequence);
  writeHex(view, 32, heartbeat.echoSession);
  writeCount(view, 40, heartbeat.echoSequence);
  view.setUint16(48, flagBits(heartbeat.flags));
  view.setUint8(50, channelBits(heartbeat.hears));
  view.setUint32(52, atMost(heartbeat.activeMs, MAX_UINT32));
  view.setUint32(56, atMost(heartbeat.keepaliveMs, MAX_UINT32));
  view.setUint32(60, atMost(heartbeat.deadtimeMs, MAX_UINT32));
  writeCount(view, 64, heartbeat.serial);
  view.setUint16(72, atMost(heartbeat.healthUp, 0xffff));
  view.setUint16(74, atMost(heartbeat.healthTotal, 0xffff));
  writeHash(view, heartbeat.configHash);
  bytes.set(signer.sign(bytes.subarray(0, SIGNED_BYTES)), SIGNED_BYTES);
  return bytes;
}

/** Reads a datagram from anybody. Never throws. */
export function decodeHeartbeat(bytes: Uint8Array, verify: Verify): Decoded {
  if (bytes.length === 4) return fault('piranha-heartbeat');
  if (bytes.length < PACKET_BYTES) return fault('too-short');
  if (bytes.length > PACKET_BYTES) return fault('too-long');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== MAGIC) return fault('not-a-heartbeat');
  if (view.getUint8(4) !== PACKET_VERSION) return fault('bad-version');
  const verdict = verify(readHex(view, 8), bytes.subarray(0, SIGNED_BYTES), bytes.subarray(SIGNED_BYTES));
  if (verdict !== 'ok') return fault(verdict);
  const heartbeat = readFields(view);
  return heartbeat === null ? fault('malformed') : { ok: true, heartbeat };
}

function readFields(view: DataView): Heartbeat | null {
  const channel = channelNames[view.getUint8(5)];
  const role = routerRoles[view.getUint8(6)];
  const state = wireStates[view.getUint8(7)];
  const sequence = readCount(view, 24);
  const echoSequence = readCount(view, 40);
  const serial = readCount(view, 64);
  const configHash = readHash(view);
  if (channel === undefined || role === undefined || state === undefined) return null;
  if (sequence === null || echoSequence === null || serial === null || configHash === null) return null;
  const bits = view.getUint16(48);
  const hears = view.getUint8(50);
  if (bits >= 1 << flagNames.length || hears >= 1 << channelNames.length) return null;
  return {
    channel,
    role,
    state,
    flags: readFlags(bits),
    session: readHex(view, 16),
    sequence,
    echoSession: readHex(view, 32),
    echoSequence,
    hears: channelNames.filter((_, bit) => (hears & (1 << bit)) !== 0),
    activeMs: view.getUint32(52),
    keepaliveMs: view.getUint32(56),
    deadtimeMs: view.getUint32(60),
    serial,
    configHash,
    healthUp: view.getUint16(72),
    healthTotal: view.getUint16(74),
  };
}

function fault(name: PacketFault): Decoded {
  return { ok: false, fault: name };
}

function atMost(value: number, most: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, Math.trunc(value)), most) : 0;
}

function flagBits(flags: Flags): number {
  return flagNames.reduce((bits, name, bit) => (flags[name] ? bits | (1 << bit) : bits), 0);
}

function readFlags(bits: number): Flags {
  const has = (bit: number) => (bits & (1 << bit)) !== 0;
  return {
    ready: has(0),
    wants: has(1),
    offers: has(2),
    yielded: has(3),
    keeps: has(4),
    pinned: has(5),
    switchover: has(6),
    fault: has(7),
    withdrew: has(8),
  };
}

function channelBits(channels: readonly ChannelName[]): number {
  return channels.reduce((bits, name) => bits | (1 << channelNames.indexOf(name)), 0);
}

function writeHex(view: DataView, at: number, hex: string): void {
  view.setUint32(at, Number.parseInt(hex.slice(0, 8), 16));
  view.setUint32(at + 4, Number.parseInt(hex.slice(8, 16), 16));
}

function readHex(view: DataView, at: number): string {
  const half = (offset: number) => view.getUint32(offset).toString(16).padStart(8, '0');
  return half(at) + half(at + 4);
}

/** 64 bits on the wire, 53 of them used: a router would send for 285 years at a million a second. */
function writeCount(view: DataView, at: number, value: number): void {
  const count = atMost(value, Number.MAX_SAFE_INTEGER);
  view.setUint32(at, Math.floor(count / 2 ** 32));
  view.setUint32(at + 4, count % 2 ** 32);
}

function readCount(view: DataView, at: number): number | null {
  const count = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  return Number.isSafeInteger(count) ? count : null;
}

function writeHash(view: DataView, hash: string): void {
  const length = Math.min(hash.length, HASH_BYTES);
  view.setUint8(51, length);
  for (let index = 0; index < length; index += 1) {
    view.setUint8(HASH_AT + index, hash.charCodeAt(index) & 0x7f);
  }
}

function readHash(view: DataView): string | null {
  const length = view.getUint8(51);
  if (length > HASH_BYTES) return null;
  let hash = '';
  for (let index = 0; index < length; index += 1) {
    const code = view.getUint8(HASH_AT + index);
    if (code < 0x20 || code > 0x7e) return null;
    hash += String.fromCharCode(code);
  }
  return hash;
}
