/** The driver on a virtual clock and sockets made of functions: what real sockets would make slow or rare. */
import { expect, test } from 'vitest';
import type { Clock } from '#agent/runtime/types.ts';
import type { UdpOptions } from '#agent/runtime/udp.ts';
import { createTimeline } from '#agent/sim/timeline.ts';
import type { PulseConfig } from './contract.ts';
import { createPulse } from './driver.ts';

const key = { keyId: 'k1', key: new Uint8Array(32).fill(7) };
const config: PulseConfig = {
  configuredAs: 'primary',
  hasBackup: true,
  channels: [{ name: 'public', localAddress: '192.0.2.1', peerAddress: '192.0.2.2' }],
  port: 539,
  keepaliveMs: 1000,
  deadtimeMs: 3000,
  preempt: true,
  preemptDelayMs: 0,
  holdDownMs: null,
  service: 'lvs',
  serial: 1,
  configHash: 'a1b2c3',
};

/** `lateMs`: every timer fires so much later than it was asked for, as on a busy machine. */
function createStage(lateMs = 0) {
  const timeline = createTimeline();
  const clock: Clock = {
    now: timeline.now,
    wall: () => new Date(timeline.now()).toISOString(),
    after: (delayMs, callback) => timeline.at(timeline.now() + delayMs + lateMs, callback),
  };
  const opened: UdpOptions[] = [];
  const sent: { at: number; address: string }[] = [];
  const effects: string[] = [];
  const prepared: string[] = [];
  const events: string[] = [];
  const pulse = createPulse(
    {
      clock,
      log: { event: (_, kind, message) => void events.push(`${kind}: ${message}`) },
      openSocket(options) {
        opened.push(options);
        return {
          send: (_bytes, _port, address) => void sent.push({ at: timeline.now(), address }),
          close() {},
        };
      },
    },
    {
      becomeActive: async () => effects.push('active') > 0,
      becomeStandby: async () => void effects.push('standby'),
      getReady: () => void prepared.push('ready'),
      announce: () => void effects.push('announce'),
      remember: () => {},
    },
  );
  /** Lets virtual time pass; effects are promises, so the loop gives them a turn between two events. */
  const pass = async (ms: number) => {
    const end = timeline.now() + ms;
    timeline.at(end, () => {});
    while (timeline.advance(end)) for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  };
  return { pulse, opened, sent, effects, prepared, events, pass };
}

test('a router that cannot open any channel takes silence for nothing, and serves when it could listen', async () => {
  const { pulse, opened, effects, events, pass } = createStage();
  pulse.configure(config, [key], false);
  opened[0]?.onFailure('bind EADDRNOTAVAIL 192.0.2.1:539');
  await pass(500);
  for (let time = 0; time < 20; time += 1) {
    await pass(1000);
    opened.at(-1)?.onFailure('bind EADDRNOTAVAIL 192.0.2.1:539');
  }
  expect(opened.length).toBeGreaterThan(15);
  expect(events.filter((event) => event.startsWith('heartbeat-socket'))).toHaveLength(1);
  expect(pulse.status().role).toBe('listening');
  expect(pulse.status().roleReason).toContain('no heartbeat channel could be opened');

  await pass(1000);
  opened.at(-1)?.onBound();
  await pass(2500);
  expect(effects).toEqual([]);
  await pass(1000);
  expect(effects).toEqual(['active']);
  expect(events.join('\n')).toContain('partner dead: no heartbeat for 3.0 s');
});

test('timers that fire late hold a takeover up by the lateness of the last ones, not of each heartbeat that is missed', async () => {
  const { pulse, opened, effects, pass } = createStage(200);
  pulse.configure(config, [key], false);
  opened[0]?.onBound();
  await pass(2999);
  expect(effects).toEqual([]);
  await pass(501);
  expect(effects).toEqual(['active']);
});

test('gets ready once in a silence, before it takes over', async () => {
  const { pulse, opened, effects, prepared, pass } = createStage();
  pulse.configure(config, [key], false);
  opened[0]?.onBound();
  await pass(1900);
  expect(prepared).toEqual([]);
  await pass(1000);
  expect([prepared, effects]).toEqual([['ready'], []]);
  await pass(5000);
  expect([prepared, effects]).toEqual([['ready'], ['active']]);
});

test('heartbeats go out each keepalive, and on no channel that was not configured', async () => {
  const { pulse, opened, sent, pass } = createStage();
  pulse.configure(config, [key], false);
  opened[0]?.onBound();
  await pass(2900);
  expect(sent.map(({ at }) => Math.round(at / 100) / 10)).toEqual([0, 1, 2]);
  const channels = [{ name: 'private', localAddress: '198.51.100.1', peerAddress: '198.51.100.2' }] as const;
  pulse.configure({ ...config, channels }, [key], false);
  opened[1]?.onBound();
  sent.length = 0;
  await pass(3000);
  expect(new Set(sent.map(({ address }) => address))).toEqual(new Set(['198.51.100.2']));
});

test('a role is dated when it begins, not when its reason changes', async () => {
  const { pulse, pass } = createStage();
  pulse.configure({ ...config, hasBackup: false, channels: [] }, [], false);
  await pass(10);
  const { roleSince } = pulse.status();
  await pass(5000);
  pulse.setFault('gateway 192.0.2.254 does not answer');
  expect(pulse.status()).toMatchObject({ role: 'active', roleSince });
  expect(pulse.status().roleReason).toContain('gateway 192.0.2.254 does not answer');
});

test('commands are answered when the agent ends', async () => {
  const { pulse, opened, pass } = createStage();
  expect((await pulse.switchover()).done).toBe(false);
  pulse.configure(config, [key], false);
  opened[0]?.onBound();
  await pass(100);
  pulse.close();
  expect(await pulse.stop()).toEqual({ done: false, message: 'the agent is ending' });
});
