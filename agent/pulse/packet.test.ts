import { describe, expect, test } from 'vitest';
import { makeSigner, makeVerify, randomSession } from '#agent/runtime/heartbeat-mac.ts';
import type { Random } from '#agent/sim/random.ts';
import { createRandom } from '#agent/sim/random.ts';
import type { Flags, Heartbeat } from './heartbeat.ts';
import { channelNames, flagNames, noSession, routerRoles, wireStates } from './heartbeat.ts';
import { decodeHeartbeat, encodeHeartbeat, MAC_BYTES, PACKET_BYTES } from './packet.ts';

const key = { keyId: 'k1', key: new Uint8Array(32).fill(1) };
const otherKey = { keyId: 'k1', key: new Uint8Array(32).fill(2) };
const foreignKey = { keyId: 'somebody-else', key: new Uint8Array(32).fill(3) };
const signer = makeSigner(key);
const verify = makeVerify([key]);

const noFlags: Flags = {
  ready: false,
  wants: false,
  offers: false,
  yielded: false,
  keeps: false,
  pinned: false,
  switchover: false,
  fault: false,
  withdrew: false,
};

const plain: Heartbeat = {
  channel: 'public',
  role: 'primary',
  state: 'active',
  flags: { ...noFlags, ready: true },
  session: '0123456789abcdef',
  sequence: 7,
  echoSession: noSession,
  echoSequence: 0,
  hears: [],
  activeMs: 12_345,
  keepaliveMs: 1000,
  deadtimeMs: 3000,
  serial: 42,
  configHash: 'a'.repeat(64),
  healthUp: 3,
  healthTotal: 4,
};

function anyHeartbeat(random: Random): Heartbeat {
  const count = () => Math.floor(random.next() * Number.MAX_SAFE_INTEGER);
  return {
    channel: random.pick(channelNames),
    role: random.pick(routerRoles),
    state: random.pick(wireStates),
    flags: { ...noFlags, [random.pick(flagNames)]: true, [random.pick(flagNames)]: true },
    session: randomSession(),
    sequence: count(),
    echoSession: randomSession(),
    echoSequence: count(),
    hears: channelNames.filter(() => random.chance(0.5)),
    activeMs: random.integer(0, 2 ** 32 - 1),
    keepaliveMs: random.integer(1, 60_000),
    deadtimeMs: random.integer(1, 600_000),
    serial: count(),
    configHash: 'c0ffee'.repeat(random.integer(0, 10)),
    healthUp: random.integer(0, 65_535),
    healthTotal: random.integer(0, 65_535),
  };
}

const faultOf = (bytes: Uint8Array) => {
  const decoded = decodeHeartbeat(bytes, verify);
  return decoded.ok ? null : decoded.fault;
};

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
}

/** With a MAC that is right for what the bytes say. */
function resigned(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(signer.sign(copy.subarray(0, PACKET_BYTES - MAC_BYTES)), PACKET_BYTES - MAC_BYTES);
  return copy;
}

test('what is encoded is decoded again, whatever it says', () => {
  const random = createRandom(1);
  for (let count = 0; count < 2000; count += 1) {
    const heartbeat = anyHeartbeat(random);
    expect(decodeHeartbeat(encodeHeartbeat(heartbeat, signer), verify)).toEqual({ ok: true, heartbeat });
  }
});

test('each flag has a place of its own', () => {
  for (const name of flagNames) {
    const flags = { ...noFlags, [name]: true };
    const decoded = decodeHeartbeat(encodeHeartbeat({ ...plain, flags }, signer), verify);
    expect(decoded).toMatchObject({ ok: true, heartbeat: { flags } });
  }
});

test('what does not fit is cut to the largest that does', () => {
  const huge = { ...plain, activeMs: 2 ** 40, healthTotal: 1e6, configHash: 'f'.repeat(99) };
  const decoded = decodeHeartbeat(encodeHeartbeat(huge, signer), verify);
  expect(decoded).toMatchObject({
    ok: true,
    heartbeat: { activeMs: 2 ** 32 - 1, healthTotal: 65_535, configHash: 'f'.repeat(64) },
  });
});

test('the layout of version 1 does not change by accident', () => {
  const bytes = encodeHeartbeat(plain, signer);
  const hex = [...bytes.subarray(0, 76)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  expect(hex).toBe(
    '53484f4c01000003' +
      `${signer.clusterId}` +
      '0123456789abcdef' +
      '0000000000000007' +
      '0000000000000000' +
      '0000000000000000' +
      '000100400000303900' +
      '0003e800000bb8' +
      '000000000000002a' +
      '00030004',
  );
  expect(bytes.length).toBe(172);
});

describe('a datagram is refused with the reason', () => {
  const bytes = encodeHeartbeat(plain, signer);

  test.for([
    ['piranha-heartbeat', Uint8Array.of(0xda, 0xdb, 0xad, 0xbd)],
    ['too-short', bytes.subarray(0, PACKET_BYTES - 1)],
    ['too-short', new Uint8Array()],
    ['too-long', Uint8Array.of(...bytes, 0)],
    ['not-a-heartbeat', changed(bytes, 0, 0)],
    ['bad-version', changed(bytes, 4, 2)],
    ['foreign-cluster', encodeHeartbeat(plain, makeSigner(foreignKey))],
    ['bad-mac', encodeHeartbeat(plain, makeSigner(otherKey))],
    ['bad-mac', changed(bytes, 7, 1)],
    ['malformed', resigned(changed(bytes, 7, 99))],
    ['malformed', resigned(changed(bytes, 5, 2))],
    ['malformed', resigned(changed(bytes, 24, 255))],
    ['malformed', resigned(changed(bytes, 48, 2))],
    ['malformed', resigned(changed(bytes, 51, 65))],
    ['malformed', resigned(changed(bytes, 76, 7))],
  ] as const)('%s', ([fault, datagram]) => {
    expect(faultOf(datagram)).toBe(fault);
  });
});

test('while a key is rotated, heartbeats of both keys count, and no others', () => {
  const rotating = makeVerify([foreignKey, key]);
  expect(decodeHeartbeat(encodeHeartbeat(plain, signer), rotating).ok).toBe(true);
  expect(decodeHeartbeat(encodeHeartbeat(plain, makeSigner(foreignKey)), rotating).ok).toBe(true);
  expect(decodeHeartbeat(encodeHeartbeat(plain, signer), makeVerify([])).ok).toBe(false);
});

test('of 100 000 random and mutated datagrams none is accepted and none crashes', { timeout: 30_000 }, () => {
  const random = createRandom(20_261_123);
  const originals = Array.from({ length: 16 }, () => encodeHeartbeat(anyHeartbeat(random), signer));
  let accepted = 0;
  for (let count = 0; count < 100_000; count += 1) {
    const bytes = random.chance(0.3)
      ? noise(random)
      : mutation(random, random.pick([originals[0] ?? noise(random), ...originals]));
    if (bytes !== null && decodeHeartbeat(bytes, verify).ok) accepted += 1;
  }
  expect(accepted).toBe(0);
});

function noise(random: Random): Uint8Array {
  const length = random.chance(0.7) ? PACKET_BYTES : random.integer(0, 300);
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}

/** A few bytes changed, cut or put in; null when nothing was. */
function mutation(random: Random, original: Uint8Array): Uint8Array | null {
  const bytes = Uint8Array.from(original);
  const kind = random.integer(0, 3);
  if (kind === 0) return bytes.subarray(0, random.integer(0, PACKET_BYTES - 1));
  if (kind === 1) return Uint8Array.of(...bytes, random.integer(0, 255));
  const times = kind === 2 ? 1 : random.integer(2, 40);
  for (let time = 0; time < times; time += 1) {
    const at = random.integer(0, PACKET_BYTES - 1);
    bytes[at] = (bytes[at] ?? 0) ^ random.integer(1, 255);
  }
  return bytes.every((byte, at) => byte === original[at]) ? null : bytes;
}
