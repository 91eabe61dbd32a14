import { describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/lvs/parse.ts';
import { exampleText } from '../control/test-router.ts';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { type PlacedAddress, planAddresses, readInterfaceTable, wantedAddresses } from './addresses.ts';
import { createAnnouncer } from './announcer.ts';
import { createFakeKernel, shownTable } from './fake-kernel.ts';
import { changeAddresses, removeAddresses } from './interfaces.ts';
import { readProcTable } from './proc-table.ts';
import { createReadyIp } from './ready-ip.ts';
import { readSyncDaemons, setSyncDaemon } from './sync-daemon.ts';

const wantedOf = (text: string) => wantedAddresses(parseConfig(text).config);

describe('wanted addresses', () => {
  it('a VIP without a mask is a host address, with one it has Piranha’s broadcast address', () => {
    const virtuals =
      'virtual b {\n active = 1\n address = 192.0.2.70 eth0:2\n vip_nmask = 255.255.255.192\n port = 81\n }';
    expect(planAddresses([], wantedOf(exampleText({ virtuals })), [])).toEqual([
      'addr add 10.11.12.254/24 broadcast 10.11.12.255 dev eth1 label eth1:1',
      'addr add 192.0.2.100/32 dev eth0 label eth0:1',
      'addr add 192.0.2.70/26 broadcast 192.0.2.127 dev eth0 label eth0:2',
    ]);
  });

  it('a VIP of several virtual servers is put on once, where the first active one says', () => {
    const virtuals = [
      'virtual b {\n active = 1\n address = 192.0.2.100 eth1:7\n port = 443\n }',
      'virtual c {\n active = 0\n address = 192.0.2.101 eth0:3\n port = 443\n }',
    ].join('\n');
    const places = wantedOf(exampleText({ virtuals })).filter(({ purpose }) => purpose === 'vip');
    expect(places).toMatchObject([{ address: '192.0.2.100', device: 'eth0', label: 'eth0:1' }]);
  });

  it('the NAT router address belongs to NAT only', () => {
    const text = exampleText().replace('network = nat', 'network = direct');
    expect(wantedOf(text).map(({ purpose }) => purpose)).toEqual(['vip']);
  });

  it('a device that no Linux can have never reaches a line for ip', () => {
    const text = exampleText().replace('192.0.2.100 eth0:1', '192.0.2.100 "eth0 dev lo"');
    expect(wantedOf(text).map(({ address }) => address)).toEqual(['10.11.12.254']);
  });
});

it('ip -j addr is read with labels, and with devices that have no address', () => {
  const json = JSON.stringify([
    {},
    {
      ifname: 'eth0',
      addr_info: [
        { family: 'inet', local: '192.0.2.100', prefixlen: 24, broadcast: '192.0.2.255', label: 'eth0:1' },
      ],
    },
    { ifname: 'tunl0', addr_info: [] },
  ]);
  expect(readInterfaceTable(json)).toEqual({
    devices: ['eth0', 'tunl0'],
    addresses: [
      { address: '192.0.2.100', prefix: 24, device: 'eth0', label: 'eth0:1', broadcast: '192.0.2.255' },
    ],
  });
  expect(readInterfaceTable('Object "addr" is unknown')).toBeNull();
});

describe('changing addresses', () => {
  const mine: PlacedAddress = { address: '192.0.2.11', prefix: 24, device: 'eth0' };
  const vip = { address: '192.0.2.100', prefix: 32, device: 'eth0', label: null, broadcast: null };
  const other = { ...vip, address: '192.0.2.101' };

  it('a glance that misses an interface that is down does not make it fail', async () => {
    const kernel = createFakeKernel([mine, vip]);
    const change = { wanted: [vip, other], ours: [vip, other] };
    const outcome = await changeAddresses(kernel.exec, change, () => [mine]);
    expect(outcome.ok).toBe(true);
    expect(kernel.addresses.map(({ address }) => address).sort()).toEqual([
      '192.0.2.100',
      '192.0.2.101',
      '192.0.2.11',
    ]);
  });

  it('an address on an interface whose link is down is taken off, too, with those that show', async () => {
    const nat: PlacedAddress = { address: '10.11.12.254', prefix: 24, device: 'eth1' };
    const inner: PlacedAddress = { address: '10.11.12.1', prefix: 24, device: 'eth1' };
    for (const takeOff of ['change', 'remove'] as const) {
      const kernel = createFakeKernel([mine, vip, inner, nat]);
      const glance = () => kernel.addresses.filter(({ device }) => device !== 'eth0');
      const outcome =
        takeOff === 'change'
          ? await changeAddresses(kernel.exec, { wanted: [], ours: [vip, nat] }, glance)
          : await removeAddresses(kernel.exec, [vip, nat], glance);
      expect(outcome.ok).toBe(true);
      expect(kernel.addresses).toEqual([mine, inner]);
    }
  });

  it('an address that alone is left on an interface whose link is down is seen by a change', async () => {
    const kernel = createFakeKernel([mine, vip]);
    const outcome = await changeAddresses(kernel.exec, { wanted: [], ours: [vip] }, () => []);
    expect(outcome.ok).toBe(true);
    expect(kernel.addresses).toEqual([mine]);
  });

  it('a failure leaves the interfaces as they were', async () => {
    const kernel = createFakeKernel([mine]);
    kernel.refuse = { containing: '192.0.2.101', message: 'RTNETLINK answers: Invalid argument' };
    const change = { wanted: [vip, other], ours: [vip, other] };
    const outcome = await changeAddresses(kernel.exec, change, kernel.host.localAddresses);
    expect(outcome).toEqual({
      ok: false,
      problem: 'ip addr add 192.0.2.101/32 dev eth0: RTNETLINK answers: Invalid argument',
    });
    expect(kernel.addresses).toEqual([mine]);
  });

  it('one address that cannot be removed does not keep the others', async () => {
    const kernel = createFakeKernel([mine, vip, other]);
    kernel.refuse = { containing: 'del 192.0.2.100', message: 'RTNETLINK answers: Operation not permitted' };
    const outcome = await removeAddresses(kernel.exec, [vip, other], kernel.host.localAddresses);
    expect(outcome.ok).toBe(false);
    expect(kernel.addresses).toEqual([mine, vip]);
  });
});

it('/proc/net/ip_vs of Linux 6.1 is read with its counters', () => {
  const text = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    'TCP  C0000264:0050 wrr persistent 75000 FFFFFF00',
    '  -> 0A0B0C16:0050      Masq    2      3          14        ',
    '  -> C000020B:0050      Local   1      0          0         ',
    'UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr ',
    '  -> [2001:0db8:0000:0000:0000:0000:0000:0021]:0035 Route   1      0          0',
    'FWM  00000007 wlc ',
    '',
  ].join('\n');
  expect(readProcTable(text)).toMatchObject([
    {
      service: '-t 192.0.2.100:80',
      scheduler: 'wrr',
      persistenceTicks: 75_000,
      netmask: '255.255.255.0',
      destinations: [
        {
          address: '10.11.12.22',
          port: 80,
          forwarding: 'nat',
          weight: 2,
          activeConnections: 3,
          inactiveConnections: 14,
        },
        { address: '192.0.2.11', forwarding: null },
      ],
    },
    { service: '-u [2001:db8::1]:53', destinations: [{ address: '2001:db8::21', forwarding: 'direct' }] },
    { service: '-f 7', scheduler: 'wlc', persistenceTicks: null, destinations: [] },
  ]);
});

it('announces at once, after 1 s, after 5 s, then each minute, by request and by reply', async () => {
  const clock = createVirtualClock();
  const sent: { at: number; form: string }[] = [];
  const begin = clock.now();
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => [],
    isGratuitous: () => false,
    exec: async (argv) => {
      sent.push({ at: Math.round(clock.now() - begin), form: argv[2] ?? '' });
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
  });
  announcer.start([{ address: '192.0.2.100', prefix: 32, device: 'eth0' }], 60_000);
  await clock.advance(121_000);
  expect(sent.map(({ at }) => at)).toEqual([0, 0, 1000, 1000, 5000, 5000, 60_000, 60_000, 120_000, 120_000]);
  expect(sent.slice(0, 2).map(({ form }) => form)).toEqual(['-U', '-A']);
  announcer.cancel();
  await clock.advance(200_000);
  expect(sent).toHaveLength(10);
});

it('starts no program at once for what the kernel has announced itself, nor a second time within a second', async () => {
  const clock = createVirtualClock();
  const begin = clock.now();
  const sent: number[] = [];
  let said = 0;
  let isGratuitous = true;
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => {
      said += 1;
      return [];
    },
    isGratuitous: () => isGratuitous,
    exec: async (argv) => {
      if (argv[2] === '-U') sent.push(Math.round(clock.now() - begin));
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
  });
  const start = () => announcer.start([{ address: '192.0.2.100', prefix: 32, device: 'eth0' }], 0);
  start();
  await clock.advance(10_000);
  expect(sent.splice(0)).toEqual([1000, 5000]);
  isGratuitous = false;
  // Both routers are active and withdraw in turn: the first word each time, programs now and then.
  for (let times = 0; times < 5; times += 1) {
    start();
    await clock.advance(300);
  }
  await clock.advance(10_000);
  expect(sent).toEqual([10_000, 11_200, 12_200, 16_200]);
  expect(said).toBe(6);
});

it('announces an IPv6 address in the same rhythm, by unsolicited neighbour advertisements', async () => {
  const clock = createVirtualClock();
  const sent: string[] = [];
  const begin = clock.now();
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => [],
    isGratuitous: () => false,
    exec: async (argv) => {
      sent.push(`${Math.round(clock.now() - begin)}: ${argv.join(' ')}`);
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
  });
  announcer.start([{ address: '2001:db8::5', prefix: 64, device: 'eth0' }], 60_000);
  await clock.advance(61_000);
  announcer.cancel();
  await clock.advance(200_000);
  expect(sent).toEqual(
    [0, 1000, 5000, 60_000].map((at) => `${at}: ndptool -t na -U -i eth0 -T 2001:db8::5 send`),
  );
});

it('gives each address its first word as soon as it stands, before ip has ended, and once', async () => {
  const clock = createVirtualClock();
  const begin = clock.now();
  const place = (address: string) => ({ address, prefix: 32, device: 'eth0' });
  const places = [place('192.0.2.100'), place('192.0.2.101'), { ...place('2001:db8::5'), prefix: 64 }];
  const standing = new Set<string>();
  const said: string[] = [];
  const announcer = createAnnouncer({
    clock,
    exec: async () => ({ code: 0, stdout: '', stderr: '', timedOut: false }),
    isGratuitous: () => false,
    sayFirst: (asked) => {
      const there = asked.filter(({ address }) => standing.has(address));
      said.push(...there.map(({ address }) => `${address} at ${clock.now() - begin}`));
      return asked.filter((item) => !there.includes(item));
    },
  });
  announcer.expect(places);
  await clock.advance(20);
  standing.add('192.0.2.100');
  await clock.advance(20);
  standing.add('192.0.2.101');
  announcer.start(places, 0);
  announcer.start(places, 0);
  expect(said).toEqual(['192.0.2.100 at 24', '192.0.2.101 at 40']);
  await clock.advance(20_000);
  expect(said).toHaveLength(2);
  announcer.start(places, 0);
  await clock.advance(10);
  expect(said.slice(2)).toEqual(['192.0.2.100 at 20040', '192.0.2.101 at 20040']);
  standing.clear();
  announcer.expect(places);
  announcer.cancel();
  standing.add('192.0.2.100');
  await clock.advance(5000);
  expect(said).toHaveLength(4);
  announcer.expect(places);
  expect(said.slice(4)).toEqual(['192.0.2.100 at 25050']);
});

it('announces what has come in bursts of its own, and puts off neither those under way nor the refresh', async () => {
  const clock = createVirtualClock();
  const begin = clock.now();
  let sent: string[] = [];
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => [],
    isGratuitous: () => false,
    exec: async (argv) => {
      if (argv[2] === '-U') sent.push(`${argv.at(-1)} at ${Math.round(clock.now() - begin)}`);
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
  });
  const place = (address: string) => ({ address, prefix: 32, device: 'eth0' });
  const [old, first, second] = [place('192.0.2.100'), place('192.0.2.101'), place('192.0.2.102')];
  announcer.start([old], 60_000);
  await clock.advance(10_000);
  sent = [];
  announcer.keep([{ ...old }, first], 60_000);
  announcer.add([first]);
  await clock.advance(500);
  announcer.keep([{ ...old }, { ...first }, second], 60_000);
  announcer.add([second]);
  await clock.advance(1500);
  announcer.keep([{ ...old }, { ...first }], 60_000);
  await clock.advance(58_000);
  expect(sent).toEqual([
    ...['192.0.2.101 at 10000', '192.0.2.102 at 10500', '192.0.2.101 at 11000', '192.0.2.102 at 11500'],
    ...['192.0.2.101 at 15000', '192.0.2.100 at 60000', '192.0.2.101 at 60000'],
  ]);
});

it('refreshes as often as configured, or never, and drops an address that is not held any more', async () => {
  const clock = createVirtualClock();
  let sent: string[] = [];
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => [],
    isGratuitous: () => false,
    exec: async (argv) => {
      sent.push(argv.at(-1) ?? '');
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
  });
  const place = (address: string) => ({ address, prefix: 32, device: 'eth0' });
  announcer.start([place('192.0.2.100'), place('192.0.2.101')], 10_000);
  await clock.advance(9000);
  sent = [];
  announcer.keep([place('192.0.2.101')], 5000);
  await clock.advance(10_500);
  expect(sent).toEqual(Array(4).fill('192.0.2.101'));
  announcer.keep([place('192.0.2.101')], 0);
  await clock.advance(100_000);
  expect(sent).toHaveLength(4);
  announcer.start([place('192.0.2.101')], 0);
  await clock.advance(100_000);
  expect(sent).toHaveLength(10);
});

it('leaves a refresh out while programs of the one before still run, so that they do not pile up', async () => {
  const clock = createVirtualClock();
  let running = 0;
  let most = 0;
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => [],
    isGratuitous: () => false,
    exec: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => clock.after(9000, resolve));
      running -= 1;
      return { code: 0, stdout: '', stderr: '', timedOut: false };
    },
  });
  announcer.keep([{ address: '192.0.2.100', prefix: 32, device: 'eth0' }], 2000);
  await clock.advance(60_000);
  expect(most).toBe(2);
  await clock.advance(60_000);
  expect(most).toBe(2);
});

it('announces a hundred addresses within about a second', async () => {
  const clock = createVirtualClock();
  const sent = new Set<string>();
  const announcer = createAnnouncer({
    clock,
    sayFirst: () => [],
    isGratuitous: () => false,
    // As arping: it stays after it has sent.
    exec: (argv) => {
      sent.add(`${argv.at(2)} ${argv.at(-1)}`);
      return new Promise(() => {});
    },
  });
  announcer.start(
    Array.from({ length: 100 }, (_, index) => ({
      address: `192.0.2.${index + 100}`,
      prefix: 32,
      device: 'eth0',
    })),
    60_000,
  );
  await clock.advance(999);
  expect(sent.size).toBe(200);
});

describe('an ip that waits', () => {
  it('is used once, by the batch and by nothing else, and is replaced when it has ended', async () => {
    const kernel = createFakeKernel([]);
    const ready = createReadyIp(kernel.exec, kernel.prepare);
    ready.keep(true);
    ready.keep(true);
    expect(kernel.programs.splice(0)).toEqual(['ip -batch - (ready)']);
    await ready.exec(['ip', '-j', 'addr', 'show']);
    const stdin = 'addr add 192.0.2.100/32 dev eth0\n';
    expect(await ready.exec(['ip', '-batch', '-'], { stdin })).toMatchObject({ code: 0 });
    expect(kernel.programs.splice(0)).toEqual(['ip -j addr show']);
    expect(kernel.addresses).toHaveLength(1);
    await ready.exec(['ip', '-batch', '-'], { stdin });
    expect(kernel.programs.splice(0)).toEqual(['ip -batch -']);
    ready.keep(true);
    ready.keep(false);
    await ready.exec(['ip', '-batch', '-'], { stdin });
    expect(kernel.programs).toEqual(['ip -batch - (ready)', 'ip -batch -']);
  });
});

describe('the line ahead of an ip that waits', () => {
  const lines = ['addr add 192.0.2.100/32 dev eth0', 'addr add 192.0.2.101/32 dev eth0'];
  const stdin = `${lines.join('\n')}\n`;

  it('does not count where a line fails', async () => {
    const kernel = createFakeKernel([]);
    const ready = createReadyIp(kernel.exec, kernel.prepare);
    kernel.refuse = { containing: '192.0.2.101', message: 'RTNETLINK answers: No' };
    ready.keep(true);
    const { code, stderr } = await ready.exec(['ip', '-batch', '-'], { stdin });
    expect([code, stderr]).toEqual([1, 'RTNETLINK answers: No\nCommand failed -:2\n']);
  });

  it('is left away from then on where ip ends by it', async () => {
    const kernel = createFakeKernel([]);
    const ready = createReadyIp(kernel.exec, kernel.prepare);
    kernel.refuse = { containing: 'neigh show', message: 'Command "show" is unknown' };
    ready.keep(true);
    await ready.exec(['ip', '-batch', '-'], { stdin: `${lines[0]}\n` });
    expect(kernel.programs.splice(0)).toEqual(['ip -batch - (ready)', 'ip -batch -']);
    for (const _ of [1, 2, 3]) ready.keep(true);
    expect(kernel.programs.splice(0)).toEqual(['ip -batch - (ready)', 'ip -batch - (ready)']);
    expect(await ready.exec(['ip', '-batch', '-'], { stdin: `${lines[1]}\n` })).toMatchObject({ code: 0 });
    expect([kernel.programs, kernel.addresses.length]).toEqual([[], 2]);
  });
});

it('the sync daemon is started once and replaced when its role changes', async () => {
  const kernel = createFakeKernel([]);
  const standby = { state: 'backup', device: 'eth1', id: 3 } as const;
  await setSyncDaemon(kernel.exec, standby);
  await setSyncDaemon(kernel.exec, standby);
  expect(kernel.changes).toEqual(['--start-daemon backup --mcast-interface eth1 --syncid 3']);
  await setSyncDaemon(kernel.exec, { ...standby, state: 'master' });
  expect(readSyncDaemons(kernel.syncDaemons.join('\n'))).toEqual([{ ...standby, state: 'master' }]);
  await setSyncDaemon(kernel.exec, null);
  expect(kernel.syncDaemons).toEqual([]);
});

it('the fake kernel goes on after a refused line, as ipvsadm -R does', async () => {
  const kernel = createFakeKernel([]);
  const stdin = '-A -t 192.0.2.100:80 -s rr\n-A -t 192.0.2.100:80 -s rr\n-A -u 192.0.2.100:53 -s rr\n';
  const result = await kernel.exec(['ipvsadm', '-R'], { stdin });
  expect(result).toMatchObject({ code: 0, stderr: 'Service already exists\n' });
  expect(shownTable(kernel)).toHaveLength(2);
});
