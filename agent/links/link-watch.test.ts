import { expect, test } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { createLinkWatch } from './link-watch.ts';

function scene(shown = true) {
  const states: Record<string, string> = { eth0: 'up', eth1: 'up', eth2: 'up' };
  const all = [
    { address: '192.0.2.11', prefix: 24, device: 'eth0' },
    { address: '10.11.12.1', prefix: 24, device: 'eth1' },
  ];
  const looks: { problems: readonly string[]; isCutOff: boolean }[] = [];
  let asked = 0;
  let isTracked = true;
  const clock = createVirtualClock();
  const watch = createLinkWatch({
    clock,
    async readText(path) {
      const [, device = '', file = ''] = /net\/(\w+)\/(\w+)$/.exec(path) ?? [];
      const state = states[device];
      if (state === undefined) return null;
      if (file === 'carrier') return state === 'up' ? '1\n' : '0\n';
      return file === 'ifindex' ? '2\n' : `${state}\n`;
    },
    // As Node shows them: an interface whose link is down has no address there.
    localAddresses: () => (shown ? all.filter(({ device }) => states[device] === 'up') : []),
    async readAddresses() {
      asked += 1;
      return all;
    },
    needed: () => (isTracked ? { heartbeat: ['192.0.2.11', '10.11.12.1'], devices: ['eth2'] } : null),
    onLook: (problems, isCutOff) => void looks.push({ problems, isCutOff }),
  });
  return {
    states,
    clock,
    watch,
    last: () => looks.at(-1),
    asked: () => asked,
    stopTracking: () => {
      isTracked = false;
    },
  };
}

test('a link that goes and comes is told within half a second; one heartbeat link left is not cut off', async () => {
  const { clock, states, last } = scene();
  await clock.advance(500);
  expect(last()).toEqual({ problems: [], isCutOff: false });
  states.eth0 = 'down';
  await clock.advance(500);
  expect(last()).toMatchObject({ problems: [expect.stringContaining('eth0')], isCutOff: false });
  states.eth1 = 'lowerlayerdown';
  await clock.advance(500);
  expect(last()?.problems).toHaveLength(2);
  expect(last()?.isCutOff).toBe(true);
  states.eth0 = 'up';
  states.eth1 = 'up';
  await clock.advance(500);
  expect(last()).toEqual({ problems: [], isCutOff: false });
});

test('the device of a VIP counts, and does not cut the heartbeats off', async () => {
  const { clock, states, last } = scene();
  delete states.eth2;
  await clock.advance(500);
  expect(last()).toMatchObject({ problems: ['The interface eth2 is gone'], isCutOff: false });
});

test('an address whose link was down from the start is looked up once by a program', async () => {
  const { clock, states, last, asked } = scene(false);
  states.eth0 = 'down';
  await clock.advance(3000);
  expect(last()?.problems).toEqual([expect.stringContaining('eth0')]);
  expect(asked()).toBe(1);
});

test('without monitor_links nothing is read, and what was wrong is forgotten', async () => {
  const { clock, states, last, stopTracking } = scene();
  states.eth0 = 'down';
  await clock.advance(500);
  stopTracking();
  await clock.advance(500);
  expect(last()).toEqual({ problems: [], isCutOff: false });
});
