import { createSocket } from 'node:dgram';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '#agent/runtime/clock.ts';
import type { Clock, Log } from '#agent/runtime/types.ts';
import { openUdpSocket } from '#agent/runtime/udp.ts';
import type { ClusterKey, PulseConfig, PulseEffects, PulseMemory } from './contract.ts';
import type { PulseDriver } from './driver.ts';
import { createPulse } from './driver.ts';

const key: ClusterKey = { keyId: 'k1', key: new Uint8Array(32).fill(7) };
const nextKey: ClusterKey = { keyId: 'k2', key: new Uint8Array(32).fill(9) };
const clock: Clock = systemClock;
const open = new Set<PulseDriver>();

afterEach(() => {
  for (const pulse of open) pulse.close();
  open.clear();
});

interface Router {
  readonly pulse: PulseDriver;
  /** What was done to the addresses, in order. */
  readonly effects: string[];
  readonly events: string[];
  /** The datagrams it received, as they came. */
  readonly received: Uint8Array[];
  /** What it wants to know again after a restart. */
  readonly memories: PulseMemory[];
}

function makeRouter(overrides: Partial<PulseEffects> = {}): Router {
  const effects: string[] = [];
  const events: string[] = [];
  const received: Uint8Array[] = [];
  const memories: PulseMemory[] = [];
  const log: Log = { event: (_, kind, message) => void events.push(`${kind}: ${message}`) };
  const pulse = createPulse(
    {
      clock,
      log,
      openSocket: (options) =>
        openUdpSocket({
          ...options,
          onDatagram(bytes, from) {
            received.push(Uint8Array.from(bytes));
            options.onDatagram(bytes, from);
          },
        }),
    },
    {
      becomeActive: async () => effects.push('active') > 0,
      becomeStandby: async () => void effects.push('standby'),
      getReady: () => {},
      announce: () => void effects.push('announce'),
      remember: (memory) => void memories.push(memory),
      ...overrides,
    },
  );
  open.add(pulse);
  return { pulse, effects, events, received, memories };
}

function configOf(
  role: 'primary' | 'backup',
  port: number,
  overrides: Partial<PulseConfig> = {},
): PulseConfig {
  const [localAddress, peerAddress] =
    role === 'primary' ? ['127.0.0.1', '127.0.0.2'] : ['127.0.0.2', '127.0.0.1'];
  return {
    configuredAs: role,
    hasBackup: true,
    channels: [{ name: 'public', localAddress, peerAddress }],
    port,
    keepaliveMs: 20,
    // Half of it is a pause, after which a router listens: a busy machine is none.
    deadtimeMs: 2000,
    preempt: true,
    preemptDelayMs: 0,
    holdDownMs: null,
    service: 'lvs',
    serial: 5,
    configHash: `hash-of-${role}`,
    ...overrides,
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}

async function sendFrom(address: string, port: number, bytes: Uint8Array) {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.9', resolve));
  await new Promise<void>((resolve) => socket.send(bytes, port, address, () => resolve()));
  socket.close();
}

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 20_000, interval: 5 });
const roleOf = (router: Router) => router.pulse.status().role;

async function startPair(timing: Partial<PulseConfig> = {}) {
  const port = await freePort();
  const primary = makeRouter();
  const backup = makeRouter();
  backup.pulse.configure(configOf('backup', port, timing), [key], false);
  primary.pulse.configure(configOf('primary', port, timing), [key], false);
  await until(() => expect([roleOf(primary), roleOf(backup)]).toEqual(['active', 'standby']));
  return { port, primary, backup };
}

test('two routers elect the primary, and each reports the other', async () => {
  const { primary, backup } = await startPair();
  await until(() => expect(backup.pulse.status().peer.role).toBe('active'));
  expect(backup.effects).toEqual([]);
  expect(primary.effects).toEqual(['active']);
  expect(backup.pulse.status().peer).toMatchObject({
    state: 'alive',
    serial: 5,
    configHash: 'hash-of-primary',
    authenticated: true,
    channels: [{ name: 'public', twoWay: true }],
  });
});

test('the backup takes over from a primary that fell silent, and says on what evidence', async () => {
  const { primary, backup } = await startPair();
  primary.pulse.close();
  await until(() => expect(roleOf(backup)).toBe('active'));
  expect(backup.pulse.status().roleReason).toMatch(
    /^partner dead: no heartbeat for \d+(\.\d)? m?s on 1 channel/,
  );
  expect(backup.pulse.status().peer).toMatchObject({ state: 'silent', role: null });
  expect(primary.effects, 'closing leaves the addresses in place').toEqual(['active']);
});

test('the addresses are on their way before a takeover is told', async () => {
  const told: boolean[] = [];
  const port = await freePort();
  const backup = makeRouter({
    becomeActive: async () => told.push(backup.events.some((event) => event.startsWith('taking-over'))) > 0,
  });
  backup.pulse.configure(configOf('backup', port), [key], false);
  await until(() => expect(roleOf(backup)).toBe('active'));
  expect(told).toEqual([false]);
  expect(backup.events.join('\n')).toContain('taking-over: partner dead');
});

test('a switchover ends when the partner has the service, and the primary does not take it back', async () => {
  const { primary, backup } = await startPair();
  const answer = await primary.pulse.switchover();
  expect(answer).toEqual({ done: true, message: 'the partner has the service' });
  expect([roleOf(primary), roleOf(backup)]).toEqual(['standby', 'active']);
  expect(primary.effects).toEqual(['active', 'standby']);
  expect(primary.pulse.status().roleReason).toContain('no preemption after a switchover');
  expect((await primary.pulse.switchover()).message).toContain('give the command to the active router');
  expect((await backup.pulse.switchover()).done).toBe(true);
  expect([roleOf(primary), roleOf(backup)]).toEqual(['active', 'standby']);
});

test('the agent of a pinned router starts again: the primary still does not take the service back', async () => {
  const { port, primary, backup } = await startPair();
  await primary.pulse.switchover();
  await until(() => expect(roleOf(backup)).toBe('active'));
  const memory = backup.memories.at(-1);
  expect(memory).toEqual({ pinned: true, proven: true });
  backup.pulse.close();
  const next = makeRouter();
  next.pulse.configure(configOf('backup', port, { holdDownMs: 0 }), [key], true, memory);
  await until(() => expect(next.pulse.status().peer.state).toBe('alive'));
  expect(next.pulse.status().roleReason).toContain('by a switchover');
  const before = next.received.length;
  await until(() => expect(next.received.length).toBeGreaterThan(before + 30));
  expect(roleOf(next)).toBe('active');
  expect(next.memories).toEqual([]);
});

test('a stop hands over first, stays out until start, and then the primary takes the service back', async () => {
  const { primary, backup } = await startPair();
  expect((await primary.pulse.stop()).done).toBe(true);
  await until(() => expect([roleOf(primary), roleOf(backup)]).toEqual(['stopped', 'active']));
  primary.pulse.start();
  await until(() => expect([roleOf(primary), roleOf(backup)]).toEqual(['active', 'standby']));
});

test('the last word of a router that stops and ends at once reaches the partner', async () => {
  const { primary, backup } = await startPair();
  await primary.pulse.stop();
  primary.pulse.close();
  await until(() => expect(roleOf(backup)).toBe('active'));
  expect(backup.pulse.status().roleReason).toContain('primary stopped: activating lvs');
});

test('replayed, forged and foreign datagrams are rejected and counted', async () => {
  const { port, primary, backup } = await startPair();
  await until(() => expect(backup.received.length).toBeGreaterThan(2));
  const recorded = backup.received[0] ?? new Uint8Array();
  const forged = Uint8Array.from(recorded);
  forged[7] = (forged[7] ?? 0) ^ 1;
  const foreign = Uint8Array.from(recorded);
  foreign[8] = (foreign[8] ?? 0) ^ 1;
  for (const bytes of [recorded, forged, foreign, Uint8Array.of(0xbd, 0xda, 0xbd, 0xad)]) {
    await sendFrom('127.0.0.2', port, bytes);
  }
  await sendFrom('127.0.0.1', port, recorded);
  await until(() => {
    expect(backup.pulse.status().peer.rejected).toMatchObject({
      replay: 1,
      'bad-mac': 1,
      'foreign-cluster': 1,
      'piranha-heartbeat': 1,
    });
    expect(primary.pulse.status().peer.rejected).toMatchObject({ 'own-reflection': 1 });
  });
  expect(backup.events.join('\n')).toContain('heartbeat from 127.0.0.9 rejected: bad-mac (1 so far)');
  expect([roleOf(primary), roleOf(backup)]).toEqual(['active', 'standby']);
});

test('a key is rotated without a failover, step by step on one router after the other', async () => {
  const timing = { deadtimeMs: 150 };
  const { port, primary, backup } = await startPair(timing);
  const give = (router: Router, keys: readonly ClusterKey[]) => {
    router.pulse.configure(configOf(router === primary ? 'primary' : 'backup', port, timing), keys, false);
  };
  const exchange = async () => {
    const before = [primary.received.length, backup.received.length] as const;
    await until(() => {
      expect(primary.received.length).toBeGreaterThan(before[0] + 12);
      expect(backup.received.length).toBeGreaterThan(before[1] + 12);
    });
  };
  const steps = [[key, nextKey], [nextKey, key], [nextKey]];
  for (const keys of steps) {
    for (const router of [backup, primary]) {
      give(router, keys);
      // A router that is reached only much later is no harm: more than a dead time between the two.
      await exchange();
    }
  }
  const heard = { partnerKeyId: 'k2', peer: { state: 'alive' } };
  await until(() => {
    expect(primary.pulse.status()).toMatchObject({ role: 'active', ...heard });
    expect(backup.pulse.status()).toMatchObject({ role: 'standby', ...heard });
  });
  expect(primary.effects.filter((effect) => effect !== 'announce')).toEqual(['active']);
  expect(backup.effects).toEqual([]);
  for (const { pulse } of [primary, backup])
    expect(pulse.status().peer.rejected['foreign-cluster']).toBeUndefined();
});

test('new timing and a new port are taken while running, one router after the other', async () => {
  const { primary, backup } = await startPair();
  const port = await freePort();
  backup.pulse.configure(configOf('backup', port, { deadtimeMs: 1000 }), [key], false);
  primary.pulse.configure(configOf('primary', port, { deadtimeMs: 1000, keepaliveMs: 10 }), [key], false);
  const before = backup.received.length;
  await until(() => expect(backup.received.length).toBeGreaterThan(before + 10));
  expect([roleOf(primary), roleOf(backup)]).toEqual(['active', 'standby']);
  expect(backup.effects).toEqual([]);
});

test('an address that is not on an interface is reported, and does not end the agent', async () => {
  const port = await freePort();
  const alone = makeRouter();
  const channels = [{ name: 'public', localAddress: '192.0.2.77', peerAddress: '192.0.2.78' } as const];
  alone.pulse.configure(configOf('backup', port, { channels }), [key], false);
  await until(() => {
    expect(alone.events.join('\n')).toContain('no heartbeats on 192.0.2.77 port');
  });
});

test("without a key two routers are a pair on Piranha's four bytes, say so, and take a key without a transfer", async () => {
  const port = await freePort();
  const primary = makeRouter();
  const backup = makeRouter();
  primary.pulse.configure(configOf('primary', port), [], false);
  backup.pulse.configure(configOf('backup', port), [], false);
  await until(() => expect([roleOf(primary), roleOf(backup)]).toEqual(['active', 'standby']));
  await until(() => expect(backup.pulse.status().peer).toMatchObject({ state: 'alive', role: 'active' }));
  expect(backup.received.map((bytes) => Buffer.from(bytes).toString('hex'))).toContain('dadbadbd');
  expect(primary.received.map((bytes) => Buffer.from(bytes).toString('hex'))).toContain('bddabdad');
  for (const { pulse } of [primary, backup]) {
    expect(pulse.status().peer.authenticated).toBe(false);
    expect(pulse.status().problems.join()).toContain('unsigned heartbeat');
  }
  await sendFrom('127.0.0.1', port, Uint8Array.of(0xda, 0xdb, 0xad, 0xbd));
  await until(() => expect(primary.pulse.status().peer.rejected).toMatchObject({ 'unexpected-sender': 1 }));

  backup.pulse.configure(configOf('backup', port), [key], false);
  await until(() => expect(primary.pulse.status().problems.join()).toContain('The partner signs'));
  await until(() => expect(backup.pulse.status().problems.join()).toContain("Piranha's unsigned heartbeat"));
  primary.pulse.configure(configOf('primary', port), [key], false);
  await until(() => expect(backup.pulse.status().peer).toMatchObject({ state: 'alive', role: 'active' }));
  await until(() => expect(primary.pulse.status()).toMatchObject({ problems: [], role: 'active' }));
  expect(primary.effects.filter((effect) => effect !== 'announce')).toEqual(['active']);
  expect(backup.effects).toEqual([]);
});

test('a data plane that refuses leads to a fault, release and no endless wait', async () => {
  const port = await freePort();
  const results = [false];
  const broken = makeRouter({ becomeActive: async () => results.pop() ?? true });
  const config = configOf('primary', port, { hasBackup: false, channels: [], deadtimeMs: 50 });
  broken.pulse.configure(config, [], false);
  await until(() => expect(roleOf(broken)).toBe('fault'));
  expect(broken.effects).toEqual(['standby']);
  await until(() => expect(roleOf(broken)).toBe('active'));
});

test('a takeover that waits for its turn hears when the router has to yield', async () => {
  const port = await freePort();
  const primary = makeRouter();
  primary.pulse.configure(configOf('primary', port), [key], false);
  await until(() => expect(roleOf(primary)).toBe('active'));
  const asked: boolean[] = [];
  const backup = makeRouter({
    async becomeActive(isWanted) {
      asked.push(isWanted());
      await until(() => expect(isWanted()).toBe(false));
      return false;
    },
  });
  backup.pulse.configure(configOf('backup', port), [key], true);
  await until(() => expect(backup.effects).toEqual(['standby']));
  expect(asked).toEqual([true]);
  await until(() => expect(roleOf(backup)).toBe('standby'));
  expect(roleOf(primary)).toBe('active');
});

test('an adopted router serves at once and announces nothing it did not change', async () => {
  const port = await freePort();
  const adopted = makeRouter();
  adopted.pulse.configure(configOf('backup', port), [key], true);
  expect(roleOf(adopted)).toBe('active');
  await until(() => expect(adopted.effects).toEqual(['active']));
});
