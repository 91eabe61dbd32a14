import { expect, test } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import type { ExecResult } from '../runtime/types.ts';
import { createGatewayWatch } from './gateway-watch.ts';

const result = (code: number, stdout = ''): ExecResult => ({ code, stdout, stderr: '', timedOut: false });

function scene(route: object | null, programs = ['ping']) {
  const clock = createVirtualClock();
  const run: string[] = [];
  const verdicts: ({ readonly problem: string; readonly serving: boolean } | null)[] = [];
  const world = { answers: true, gateway: '192.0.2.1' as string | null };
  const watch = createGatewayWatch({
    clock,
    async exec(argv) {
      run.push(argv.join(' '));
      if (argv[0] === 'ip') return route === null ? result(2) : result(0, JSON.stringify([route]));
      return result(world.answers ? 0 : 1);
    },
    hasProgram: async (name) => programs.includes(name),
    gateway: () => world.gateway,
    onVerdict: (finding) => void verdicts.push(finding),
  });
  return { clock, run, world, watch, last: () => verdicts.at(-1) };
}

test('three lost answers in a row are a fault, two good ones end it', async () => {
  const { clock, world, run, last } = scene({ dev: 'eth0' });
  await clock.advance(2000);
  expect(last()).toBeNull();
  expect(run.at(-1)).toBe('arping -q -c 1 -w 1 -I eth0 192.0.2.1');
  world.answers = false;
  await clock.advance(2000);
  expect(last()).toBeNull();
  await clock.advance(1500);
  expect(last()).toMatchObject({
    serving: true,
    problem: expect.stringContaining('192.0.2.1 does not answer'),
  });
  world.answers = true;
  await clock.advance(1000);
  expect(last()).not.toBeNull();
  await clock.advance(1000);
  expect(last()).toBeNull();
});

test('no route to it is no answer', async () => {
  const { clock, last } = scene(null);
  await clock.advance(4000);
  expect(last()).toMatchObject({ serving: true });
});

test('beyond the own networks, and with IPv6, it is asked by ping', async () => {
  const { clock, run } = scene({ dev: 'eth0', gateway: '192.0.2.254' });
  await clock.advance(1500);
  expect(run.at(-1)).toBe('ping -q -n -c 1 -W 1 192.0.2.1');
});

test('where ping is needed and missing, it is said; the router serves', async () => {
  const { clock, last } = scene({ dev: 'eth0', gateway: '192.0.2.254' }, []);
  await clock.advance(1500);
  expect(last()).toMatchObject({
    serving: false,
    problem: expect.stringContaining('apt-get install iputils-ping'),
  });
});

test('another gateway, or none, ends the fault of the one before', async () => {
  const { clock, world, run, last } = scene({ dev: 'eth0' });
  world.answers = false;
  await clock.advance(4000);
  world.gateway = null;
  await clock.advance(1000);
  expect(last()).toBeNull();
  const asked = run.length;
  await clock.advance(5000);
  expect(run).toHaveLength(asked);
});
