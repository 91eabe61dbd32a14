/** Every way by which packets reach a real server, with real servers that are set up for it. */
import { type MoreServer, withVirtuals } from '#e2e/cluster/virtual-servers.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { must, run, until } from '#e2e/lab/process.ts';
import {
  addDirectServer,
  addTunnelServer,
  type PublicHost,
  removeHost,
  removeTunnelServer,
} from '#e2e/lab/set-up.ts';
import { type Caller, type Servant, startCaller, startServant, tally } from '#e2e/lab/talk.ts';
import { expect, test } from './fixtures.ts';

const vips = {
  direct: '192.0.2.101',
  tunnel: '192.0.2.102',
  udp: '192.0.2.103',
  mark: '192.0.2.104',
  direct6: '2001:db8::105',
  nat6: '2001:db8::106',
};
const directServers: readonly PublicHost[] = [
  { name: 'dr1', address: '192.0.2.31', address6: '2001:db8::31' },
  { name: 'dr2', address: '192.0.2.32', address6: '2001:db8::32' },
];
const tunnelServers = [
  { name: 'ts1', address: '192.0.2.41', vip: vips.tunnel },
  { name: 'ts2', address: '192.0.2.42', vip: vips.tunnel },
];
const natServers6 = { rs1: '2001:db8:1::21', rs2: '2001:db8:1::22', rs3: '2001:db8:1::23' };
const natRouter6 = '2001:db8:1::fe';

const direct: readonly MoreServer[] = directServers.map(({ name, address }) => ({
  name,
  address,
  lines: ['forwarding = direct'],
}));

/** What the test gives to the machines besides the configuration; `removeAll` takes it away. */
async function addAll(lab: Lab): Promise<Servant[]> {
  for (const host of directServers) await addDirectServer(host, [vips.direct, vips.direct6]);
  for (const server of tunnelServers) await addTunnelServer(lab.r2, server);
  await must(['ip', '-n', 'cl', 'addr', 'add', '2001:db8::50/64', 'dev', 'eth0', 'nodad']);
  for (const [name, address] of Object.entries(natServers6)) {
    await must(['ip', '-n', name, 'addr', 'add', `${address}/64`, 'dev', 'eth0', 'nodad']);
    await must(['ip', '-n', name, '-6', 'route', 'replace', 'default', 'via', natRouter6]);
  }
  await lab.r1.on(['ip', 'addr', 'add', '2001:db8::11/64', 'dev', 'eth0', 'nodad']);
  await lab.r1.on(['sh', '-c', 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding']);
  return Promise.all([
    ...directServers.map(({ name }) => startServant(name, ['tcp/80', `udp/53@${vips.direct}`])),
    ...Object.keys(natServers6).map((name) => startServant(name, ['tcp/9000', 'tcp/9001', 'udp/9000'])),
  ]);
}

/** As far as it is there: a test that failed half-way must not leave its machines to the next one. */
async function removeAll(lab: Lab, servants: readonly Servant[]): Promise<void> {
  for (const servant of servants) await servant.stop();
  for (const { name } of directServers) await removeHost(name);
  for (const { name } of tunnelServers) await removeTunnelServer(lab.r2, name);
  await run(['ip', '-n', 'cl', 'addr', 'del', '2001:db8::50/64', 'dev', 'eth0']);
  for (const [name, address] of Object.entries(natServers6)) {
    await run(['ip', '-n', name, '-6', 'route', 'del', 'default']);
    await run(['ip', '-n', name, 'addr', 'del', `${address}/64`, 'dev', 'eth0']);
  }
  await lab.r1.sh('echo 0 >/proc/sys/net/ipv6/conf/all/forwarding; ip addr del 2001:db8::11/64 dev eth0');
}

/** Only the router may answer when somebody asks who has the VIP of real servers that hold it, too. */
async function expectOnlyTheRouterClaims(lab: Lab, ip: string): Promise<void> {
  const wire = await lab.watchArp();
  const asker = lab.client.askWhoHas(ip);
  await expect.poll(() => wire.claims().filter((claim) => claim.ip === ip).length).toBeGreaterThan(3);
  await asker.stop();
  const owners = (await wire.stop()).filter((claim) => claim.ip === ip).map(({ mac }) => mac);
  expect([...new Set(owners)]).toEqual([lab.r1.mac('pub')]);
}

/** A neighbour that has an IPv6 VIP at another card, and asks nobody, learns the router's. */
async function expectToBeAnnounced(lab: Lab, ip: string): Promise<void> {
  const neighbour = ['ip', '-n', 'cl', 'neigh'] as const;
  await must([...neighbour, 'replace', ip, 'lladdr', '02:00:00:00:00:99', 'dev', 'eth0', 'nud', 'stale']);
  const shown = async (): Promise<string> => (await run([...neighbour, 'show', ip])).stdout;
  await expect.poll(shown, { timeout: 30_000 }).toContain(lab.r1.mac('pub'));
}

/** A client that uses both ports of the mark stays on its real server; clients are spread. */
async function expectOneServerForBothPorts(caller: Caller): Promise<void> {
  const used = new Set<string | null>();
  for (let number = 61; number <= 66; number += 1) {
    const call = { host: vips.mark, count: 2, from: [`192.0.2.${number}`] };
    const names = [
      ...(await caller.ask({ ...call, port: 9000 })),
      ...(await caller.ask({ ...call, port: 9001 })),
    ];
    expect(new Set(names).size, `both ports of ${call.from}: ${names}`).toBe(1);
    used.add(names[0] ?? null);
  }
  expect([...used].sort()).toEqual(['rs1', 'rs2', 'rs3']);
}

/** Beside a service with persistence, whose time the kernel prints in its own unit. */
async function expectForeignToBeTold({ r1 }: Lab): Promise<void> {
  const foreign = ['-t', '192.0.2.99:25'];
  await r1.on(['ipvsadm', '-A', ...foreign, '-s', 'rr', '-p', '300']);
  try {
    await until('the service of somebody else to be told', async () =>
      (await r1.agent.shoalctl(['events'])).stdout.includes(foreign.join(' ')),
    );
    const { services } = await r1.agent.status();
    const times = services.map(({ service, persistence }) => [service, persistence]);
    expect(times).toEqual(
      expect.arrayContaining([
        ['-f 7', 60],
        [foreign.join(' '), 300],
      ]),
    );
  } finally {
    await r1.on(['ipvsadm', '-D', ...foreign]);
  }
}

test('direct routing, tunnels, UDP, a mark over two ports and IPv6 serve clients in turn; IPv6 VIPs are announced again', async ({
  rested: lab,
}) => {
  test.setTimeout(600_000);
  const nat = lab.realServers.map(({ name, address }) => ({ name, address }));
  const virtuals = [
    { name: 'direct', lines: [`address = ${vips.direct} eth0`, 'scheduler = rr'], servers: direct },
    {
      name: 'tunnel',
      lines: [`address = ${vips.tunnel} eth0`, 'scheduler = rr'],
      servers: tunnelServers.map((server) => ({ ...server, lines: ['forwarding = tunnel'] })),
    },
    {
      name: 'dns',
      lines: [
        ...[`address = ${vips.direct} eth0`, 'port = 53', 'protocol = udp', 'one_packet = 1'],
        ...['scheduler = rr', 'check = tcp', 'check_port = 80'],
      ],
      servers: direct,
    },
    {
      name: 'udp',
      lines: [`address = ${vips.udp} eth0`, 'port = 9000', 'protocol = udp', 'scheduler = rr', 'check = udp'],
      servers: nat,
    },
    {
      name: 'pair',
      lines: [
        ...[`address = ${vips.mark} eth0`, 'fwmark = 7', 'mark_ports = [ tcp/9000 tcp/9001 ]'],
        ...['port = 0', 'persistent = 60', 'scheduler = rr', 'check_port = 9001'],
      ],
      servers: nat,
    },
    {
      name: 'direct6',
      lines: [`address = ${vips.direct6} eth0`, 'scheduler = rr'],
      servers: directServers.map(({ name, address6 }) => ({
        name,
        address: address6,
        lines: ['forwarding = direct'],
      })),
    },
    {
      name: 'nat6',
      lines: [`address = ${vips.nat6} eth0`, 'port = 9000', 'scheduler = rr'],
      servers: Object.entries(natServers6).map(([name, address]) => ({ name, address })),
    },
  ];
  const top = [`#@ nat_router6 = ${natRouter6} eth1`, '#@ announce_refresh = 10'];
  let servants: readonly Servant[] = [];
  const caller = startCaller();
  const clients = Array.from({ length: 6 }, (_, index) => `192.0.2.${61 + index}`);
  for (const address of clients)
    await must(['ip', '-n', 'cl', 'addr', 'add', `${address}/24`, 'dev', 'eth0']);
  try {
    servants = await addAll(lab);
    await withVirtuals(lab.r1, { virtuals, top }, async () => {
      await expectOnlyTheRouterClaims(lab, vips.direct);
      const ask = async (host: string, port: number, count: number) =>
        tally(await caller.ask({ host, port, count }));
      expect(await ask(vips.direct, 80, 10)).toEqual({ dr1: 5, dr2: 5 });

      await expectOnlyTheRouterClaims(lab, vips.tunnel);
      expect(await lab.client.curlMany(`http://${vips.tunnel}/`, 10)).toEqual({ ts1: 5, ts2: 5 });

      const datagrams = { host: vips.udp, port: 9000, count: 9 };
      expect(tally(await caller.datagrams(datagrams))).toEqual({ rs1: 3, rs2: 3, rs3: 3 });
      const ofOne = tally(await caller.datagramsOfOne(datagrams));
      expect(Object.values(ofOne), 'the datagrams of one socket are one exchange').toEqual([9]);
      const single = await caller.datagramsOfOne({ host: vips.direct, port: 53, count: 10 });
      expect(tally(single), 'one-packet scheduling: each datagram by itself').toEqual({ dr1: 5, dr2: 5 });

      await expectOneServerForBothPorts(caller);

      expect(await ask(vips.direct6, 80, 10)).toEqual({ dr1: 5, dr2: 5 });
      expect(await ask(vips.nat6, 9000, 9)).toEqual({ rs1: 3, rs2: 3, rs3: 3 });
      await expectToBeAnnounced(lab, vips.direct6);
      await expectForeignToBeTold(lab);
    });
    expect((await lab.r1.ssh(['nft', 'list', 'table', 'inet', 'shoal'])).code, 'the marks are gone').not.toBe(
      0,
    );
  } finally {
    await caller.stop();
    await removeAll(lab, servants);
    for (const address of clients)
      await run(['ip', '-n', 'cl', 'addr', 'del', `${address}/24`, 'dev', 'eth0']);
  }
});
