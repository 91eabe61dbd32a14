import { afterEach, expect, it } from 'vitest';
import { cleanUp, exampleText } from './test-router.ts';
import { activeRouter, changesOf } from './test-steps.ts';

afterEach(cleanUp);

const vip = '192.0.2.100';
type Active = Awaited<ReturnType<typeof activeRouter>>;
const hasVip = ({ kernel }: Active): boolean => kernel.addresses.some(({ address }) => address === vip);

/** Lets a handover go on until it has settled, and says how long it took. */
async function lasting(test: Active, isPlanned: boolean, meanwhile = (): void => {}): Promise<number> {
  let isOver = false;
  const from = test.agent.router.clock.now();
  const over = test.pulse.effects.becomeStandby(isPlanned).then(() => {
    isOver = true;
  });
  while (!isOver) {
    meanwhile();
    await test.pass(5);
  }
  await over;
  return test.agent.router.clock.now() - from;
}

it('a planned handover holds new connections back, and the addresses stay until those that are open have ended', async () => {
  const test = await activeRouter();
  test.kernel.openConnections = 2;
  const released = test.pulse.effects.becomeStandby(true);
  await test.pass(300);
  expect(test.kernel.held).toBe(`${vip} timeout 3s`);
  expect(hasVip(test)).toBe(true);
  test.kernel.passed += 4;
  test.kernel.openConnections = 0;
  await test.pass(100);
  expect(hasVip(test)).toBe(true);
  await test.pass(200);
  await released;
  expect(hasVip(test)).toBe(false);
  expect(test.events('handover-with-open')).toEqual([]);
});

it('while nobody has the addresses, new connections are held back still, and let through when the partner serves', async () => {
  const test = await activeRouter();
  await lasting(test, true);
  expect(hasVip(test)).toBe(false);
  await test.pass(500);
  expect(test.kernel.held).toBe(`${vip} timeout 3s`);
  test.pulse.peerRole = 'active';
  await test.pass(50);
  expect(test.kernel.held).toBeNull();
});

it('a partner that does not serve ends the holding after three seconds, a service that comes back at once', async () => {
  const test = await activeRouter();
  await lasting(test, true);
  await test.pass(2900);
  expect(test.kernel.held).not.toBeNull();
  await test.pass(200);
  expect(test.kernel.held).toBeNull();

  await test.pulse.effects.becomeActive();
  await lasting(test, true);
  await test.pass(100);
  expect(test.kernel.held).not.toBeNull();
  await test.pulse.effects.becomeActive();
  await test.pass(50);
  expect(test.kernel.held).toBeNull();
});

it('without traffic it takes as long as a connection needs to be opened', async () => {
  const test = await activeRouter();
  const ms = await lasting(test, true);
  expect(ms).toBeGreaterThanOrEqual(200);
  expect(ms).toBeLessThan(300);
});

it.each([
  { what: 'connections that say nothing are waited for half a second', packets: 0, least: 500 },
  { what: 'connections that never pause are waited for less than a second', packets: 1, least: 800 },
])('$what, and what was still open is told', async ({ packets, least }) => {
  const test = await activeRouter();
  test.kernel.openConnections = 1;
  const ms = await lasting(test, true, () => {
    test.kernel.passed += packets;
  });
  expect(ms).toBeGreaterThanOrEqual(least);
  expect(ms).toBeLessThan(least + 100);
  expect(hasVip(test)).toBe(false);
  expect(test.events('handover-with-open').join()).toContain(
    '2 connections were open, as the kernel counts them',
  );
});

it('a withdrawal that nobody planned holds nothing back and waits for nothing', async () => {
  const test = await activeRouter();
  test.kernel.openConnections = 1;
  expect(await lasting(test, false)).toBeLessThan(50);
  expect(changesOf(test).filter((line) => line.startsWith('nft'))).toEqual([]);
});

it('without nft a handover goes on at once and says what that costs', async () => {
  const test = await activeRouter();
  test.kernel.openConnections = 1;
  test.kernel.refuse = { containing: 'shoal_handover', message: 'nft: not found' };
  expect(await lasting(test, true)).toBeLessThan(50);
  expect(hasVip(test)).toBe(false);
  expect(test.events('handover-unheld').join()).toContain('requests in flight are cut off');
});

it('failover services are not held back: they end by their own command', async () => {
  const test = await activeRouter(exampleText().replace('service = lvs', 'service = fos'));
  expect(await lasting(test, true)).toBeLessThan(50);
  expect(test.kernel.held).toBeNull();
});
