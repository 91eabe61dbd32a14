import { expect, it, vi } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import type { PlacedAddress } from './addresses.ts';
import { createFakeKernel } from './fake-kernel.ts';
import { sayFirst } from './first-word.ts';
import { createReadyIp } from './ready-ip.ts';
import { createSelfRoutes, flushSelfRoutes } from './self-routes.ts';

const place = (address: string, prefix: number, device = 'eth0'): PlacedAddress => ({
  address,
  prefix,
  device,
});
const vip = place('192.0.2.100', 32);
const second = place('192.0.2.101', 32);
const addLine = ({ address, prefix, device }: PlacedAddress): string =>
  `addr add ${address}/${prefix} dev ${device}`;
const toVip = '198.51.100.1/32 via 192.0.2.100 dev eth0 proto 86';
const toSecond = '198.51.100.2/32 via 192.0.2.101 dev eth0 proto 86';

function setUp(...standing: PlacedAddress[]) {
  const kernel = createFakeKernel([place('192.0.2.11', 24), ...standing]);
  const clock = createVirtualClock();
  const { exec, host } = kernel;
  const ready = createReadyIp(exec, kernel.prepare);
  const selfRoutes = createSelfRoutes(ready.exec, { exec, clock, host, ready });
  const said = vi.spyOn(host, 'sendFirstWord');
  const put = (...places: PlacedAddress[]) =>
    selfRoutes.exec(['ip', '-batch', '-'], { stdin: `${places.map(addLine).join('\n')}\n` });
  const has = ({ address }: PlacedAddress) => kernel.addresses.some((item) => item.address === address);
  const layAhead = (...places: PlacedAddress[]) => selfRoutes.layAhead(places, kernel.addresses);
  return { kernel, clock, ready, selfRoutes, said, put, has, layAhead };
}

it('lays the way to nobody by way of the address before the address, for the first word, and takes it away', async () => {
  const { kernel, clock, selfRoutes, said, put, has } = setUp();
  expect((await put(vip, second)).code).toBe(0);
  expect([has(vip), has(second)]).toEqual([true, true]);
  expect(kernel.routes).toEqual([toVip, toSecond]);
  expect(sayFirst(kernel.host, [vip, second], selfRoutes.wordFrom)).toEqual([]);
  expect(said.mock.calls.map(([{ from, to }]) => `${from} to ${to}`)).toEqual([
    '192.0.2.100 to 198.51.100.1',
    '192.0.2.101 to 198.51.100.2',
  ]);
  await clock.advance(10_000);
  expect(kernel.routes).toEqual([]);
  expect(selfRoutes.wordFrom(vip.address)).toBeUndefined();
});

it('lays it anew for an address that left and came back within moments, and beside that of another', async () => {
  const { kernel, clock, selfRoutes, put } = setUp();
  await put(vip);
  await selfRoutes.exec(['ip', '-batch', '-'], { stdin: 'addr del 192.0.2.100/32 dev eth0\n' });
  await put(second);
  const before = kernel.programs.length;
  await put(vip);
  expect(kernel.programs.length - before).toBe(1);
  expect([...kernel.routes].sort()).toEqual([toVip, toSecond]);
  await clock.advance(10_000);
  expect(kernel.routes).toEqual([]);
});

it('lays the way ahead where an ip waits, and then the addresses alone are left to it', async () => {
  const { kernel, clock, ready, selfRoutes, put, has, layAhead } = setUp();
  layAhead(vip, second);
  expect([kernel.routes, selfRoutes.wordFrom(vip.address)]).toEqual([[], undefined]);
  ready.keep(true);
  layAhead(vip, second);
  expect(kernel.routes).toEqual([toVip, toSecond]);
  const run = vi.spyOn(kernel.host, 'localAddresses');
  expect((await put(vip, second)).code).toBe(0);
  expect(run).not.toHaveBeenCalled();
  expect(kernel.programs).toEqual(['ip -batch - (ready)']);
  expect([has(vip), has(second)]).toEqual([true, true]);
  expect(sayFirst(kernel.host, [vip, second], selfRoutes.wordFrom)).toEqual([]);
  await clock.advance(10_000);
  expect(kernel.routes).toEqual([]);
});

it('takes away what was laid ahead for a takeover that did not come', async () => {
  const { kernel, clock, ready, selfRoutes, put, has, layAhead } = setUp();
  ready.keep(true);
  for (let time = 0; time < 3; time += 1) {
    layAhead(vip);
    await clock.advance(10_000);
    expect([kernel.routes, selfRoutes.wordFrom(vip.address)]).toEqual([[], undefined]);
  }
  expect((await put(vip)).code).toBe(0);
  expect([has(vip), kernel.routes]).toEqual([true, [toVip]]);
});

it('lays it with the addresses where it was refused ahead', async () => {
  const { kernel, ready, put, has, layAhead } = setUp();
  ready.keep(true);
  kernel.refuse = { containing: 'route replace', message: 'Error: Nexthop device is not up.' };
  layAhead(vip);
  kernel.refuse = null;
  expect((await put(vip)).code).toBe(0);
  expect([has(vip), kernel.routes]).toEqual([true, [toVip]]);
  ready.keep(true);
  expect(kernel.programs.at(-1)).toBe('ip -batch - (ready)');
});

it('takes no network that is about, and lays no way where all that nobody has are', async () => {
  const near = setUp(place('198.51.100.9', 28, 'eth1'));
  await near.put(vip);
  expect(near.kernel.routes).toEqual(['203.0.113.1/32 via 192.0.2.100 dev eth0 proto 86']);
  const all = setUp(place('198.51.100.9', 28, 'eth1'), place('203.0.112.1', 22, 'eth2'));
  expect((await all.put(vip)).code).toBe(0);
  expect([all.has(vip), all.kernel.routes]).toEqual([true, []]);
});

it('puts the addresses on without a way that the kernel refuses', async () => {
  for (const refused of [
    'route replace 198.51.100.1',
    'route replace 198.51.100.2',
    'route replace',
    'neigh replace',
  ]) {
    const { kernel, clock, selfRoutes, put, has } = setUp();
    kernel.refuse = { containing: refused, message: 'Error: Nexthop device is not up.' };
    expect((await put(vip, second)).code).toBe(0);
    expect([has(vip), has(second)]).toEqual([true, true]);
    const laid = refused.endsWith('198.51.100.2') ? [toVip] : [];
    expect(kernel.routes).toEqual(laid);
    const words = [vip, second].map(({ address }) => selfRoutes.wordFrom(address));
    expect(words.filter((word) => word !== undefined)).toHaveLength(laid.length);
    await clock.advance(10_000);
    expect(kernel.routes).toEqual([]);
  }
});

it('says which line of the caller failed, whether its way was laid, refused, or another one was', async () => {
  const refusals: readonly [string, string][] = [
    ['addr add 192.0.2.101', 'RTNETLINK answers: No'],
    ['192.0.2.101', 'RTNETLINK answers: No'],
  ];
  for (const [containing, message] of refusals) {
    const { kernel, put, has } = setUp();
    kernel.refuse = { containing, message };
    const { code, stderr } = await put(vip, second);
    expect([code, stderr]).toEqual([1, `${message}\nCommand failed -:2\n`]);
    expect([has(vip), has(second)]).toEqual([true, false]);
  }
  const there = setUp(second);
  expect((await there.put(vip, second)).stderr).toBe('RTNETLINK answers: File exists\nCommand failed -:2\n');
});

it('takes away what an agent left that was killed, and starts no program where there is nothing', async () => {
  const { kernel, selfRoutes } = setUp(vip);
  const addresses = [second.address, vip.address, '2001:db8::5'];
  await selfRoutes.clearFound(addresses);
  expect(kernel.programs).toEqual([]);
  kernel.routes = [toVip];
  await selfRoutes.clearFound([second.address]);
  expect(kernel.programs).toEqual([]);
  await selfRoutes.clearFound(addresses);
  expect(kernel.programs).toEqual(['ip route flush proto 86']);
  expect(kernel.routes).toEqual([]);
});

it('leaves removals, IPv6 and every other program alone', async () => {
  const { kernel, selfRoutes } = setUp(vip);
  await selfRoutes.exec(['ip', '-batch', '-'], { stdin: 'addr del 192.0.2.100/32 dev eth0\n' });
  await selfRoutes.exec(['ip', '-batch', '-'], { stdin: 'addr add 2001:db8::5/64 dev eth0 nodad\n' });
  expect(kernel.routes).toEqual([]);
  await selfRoutes.clear();
  expect(kernel.programs).toHaveLength(2);
});

it('has nothing to take away on a machine that never had a route, and says what keeps it from taking', async () => {
  const saying = (stderr: string) => async () => ({ code: 2, stdout: '', stderr, timedOut: false });
  const never = saying('Error: ipv4: FIB table does not exist.\nFlush terminated\n');
  expect((await flushSelfRoutes(never)).ok).toBe(true);
  expect(await flushSelfRoutes(saying('RTNETLINK answers: Operation not permitted'))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('not permitted'),
  });
});
