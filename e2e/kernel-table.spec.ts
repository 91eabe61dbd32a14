/** The kernel takes what the planner makes: every scheduler, forwarding method and option, on a real IPVS table. */
import { stepLine, tableLines } from '#lib/ipvs/command.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import { readTable, withThresholds } from '#lib/ipvs/read.ts';
import type { RoutingTable, ServiceKey } from '#lib/ipvs/table.ts';
import { checkText } from '#lib/lvs/report.ts';
import { schedulers } from '#lib/lvs/schedulers.ts';
import { expect, test } from './fixtures.ts';
import type { Router } from './lab/router.ts';

const top = ['primary = 192.0.2.11', 'network = nat', 'nat_router = 10.11.12.254 eth1'];

interface Case {
  readonly virtual: readonly string[];
  /** Lines of each real server besides its address. */
  readonly servers?: readonly (readonly string[])[];
  readonly ipv6?: boolean;
}

/** One virtual server on `#@` lines, which hold everything, with an address of its own. */
function blockOf({ virtual, servers = [[]], ipv6 = false }: Case, index: number): string[] {
  const vip = ipv6 ? `2001:db8::${index + 100}` : `192.0.2.${index + 120}`;
  const address = (number: number): string => (ipv6 ? `2001:db8::${number}` : `10.11.12.${number}`);
  const given = virtual.some((line) => line.startsWith('address ')) ? [] : [`address = ${vip} eth0`];
  const lines = [
    `virtual v${index} {`,
    'active = 1',
    ...given,
    ...virtual,
    ...servers.flatMap((more, number) => [
      `server s${number} {`,
      'active = 1',
      ...(more.some((line) => line.startsWith('address ')) ? [] : [`address = ${address(51 + number)}`]),
      ...more,
      '}',
    ]),
    '}',
  ];
  return lines.map((line) => `#@ ${line}`);
}

function tableOf(cases: readonly Case[]): RoutingTable {
  const { config, diagnostics } = checkText([...top, ...cases.flatMap(blockOf)].join('\n'));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return compileTable(config);
}

const keyText = (key: ServiceKey): string => JSON.stringify(key);

/** What the agent of the router keeps there; not ours to touch. */
async function tableNow(router: Router): Promise<RoutingTable> {
  const table = readTable((await router.routingTable()).join('\n'));
  return withThresholds(table, await router.on(['ipvsadm', '-Ln', '--thresholds']));
}

/** Plans from the table as it is, runs the batch, and returns the lines that it took. */
async function bring(router: Router, wanted: RoutingTable, others: ReadonlySet<string>): Promise<string[]> {
  const steps = planSteps(await tableNow(router), wanted, (key) => !others.has(keyText(key)));
  const lines = steps.map(stepLine);
  if (lines.length > 0) await router.on(['ipvsadm', '-R'], { stdin: `${lines.join('\n')}\n` });
  const left = (await tableNow(router)).services.filter(({ key }) => !others.has(keyText(key)));
  expect(tableLines({ services: left })).toEqual(tableLines(wanted));
  return lines;
}

const withScheduler = (name: string): Case => ({
  virtual: [`scheduler = ${name}`],
  servers: [['weight = 1'], ['weight = 3']],
});

/** Debian's kernel 6.1 is built without it. */
const missing = 'twos';
const bySchedulers = schedulers.filter(({ name }) => name !== missing).map(({ name }) => withScheduler(name));

const hashing: readonly Case[] = ['sh', 'mh'].flatMap((name) =>
  [['hash_port = 1'], ['hash_fallback = 1'], ['hash_port = 1', 'hash_fallback = 1']].map((flags) => ({
    virtual: [`scheduler = ${name}`, ...flags],
  })),
);

const gue = ['forwarding = tunnel', 'tunnel_type = gue', 'tunnel_port = 6080'];
const gre = ['forwarding = tunnel', 'tunnel_type = gre'];
const forwarding: readonly Case[] = [
  {
    virtual: [],
    servers: [['forwarding = nat', 'port = 8080'], ['forwarding = direct'], ['forwarding = tunnel']],
  },
  {
    virtual: [],
    servers: [gue, [...gue, 'tunnel_checksum = csum'], [...gue, 'tunnel_checksum = remcsum']],
  },
  { virtual: [], servers: [gre, [...gre, 'tunnel_checksum = csum']] },
];

const services: readonly Case[] = [
  { virtual: ['persistent = 300'] },
  { virtual: ['persistent = 300', 'pmask = 255.255.255.0'] },
  { virtual: ['protocol = udp', 'port = 53', 'one_packet = 1'] },
  { virtual: ['protocol = sctp', 'port = 3868'] },
  { virtual: ['port = 0', 'persistent = 60', 'check_port = 80'], servers: [['port = 0']] },
  { virtual: ['fwmark = 7'] },
  { virtual: ['fwmark = 4294967295', 'persistent = 60'] },
  { virtual: [], servers: [['weight = 0'], ['weight = 65535']] },
  { virtual: [], servers: [['upper_threshold = 100', 'lower_threshold = 50'], ['upper_threshold = 10']] },
];

const ipv6: readonly Case[] = [
  { ipv6: true, virtual: ['scheduler = lc'], servers: [[], ['forwarding = direct']] },
  { ipv6: true, virtual: ['persistent = 60', 'pmask = /64'] },
  { ipv6: true, virtual: ['protocol = udp', 'port = 53', 'one_packet = 1'] },
  { ipv6: true, virtual: ['fwmark = 8'] },
  { ipv6: true, virtual: ['address = :: eth0', 'fwmark = 9', 'family = ipv6'] },
  { ipv6: true, virtual: [], servers: [['address = 10.11.12.51', 'forwarding = tunnel']] },
];

const all = [...bySchedulers, ...hashing, ...forwarding, ...services, ...ipv6];

test('the kernel holds what is planned for every scheduler, forwarding method and option', async ({
  rested: lab,
}) => {
  const router = lab.r2;
  const others = new Set((await tableNow(router)).services.map(({ key }) => keyText(key)));
  try {
    const added = await bring(router, tableOf(all), others);
    expect(added.every((line) => /^-[Aa] /.test(line))).toBe(true);
    expect(await bring(router, tableOf(all), others), 'nothing is left to do').toEqual([]);

    // Each real server gets another weight: one edit each, and no service is named.
    const heavier = all.map((item) => ({
      ...item,
      servers: (item.servers ?? [[]]).map((lines) => [
        ...lines.filter((line) => !line.startsWith('weight')),
        'weight = 7',
      ]),
    }));
    const edits = await bring(router, tableOf(heavier), others);
    expect(edits).toHaveLength(heavier.reduce((sum, { servers }) => sum + servers.length, 0));
    expect(edits.every((line) => line.startsWith('-e '))).toBe(true);

    // Every service gets another scheduler and loses its flags: one edit each, and no real server is named.
    const other = heavier.map((item) => ({
      ...item,
      virtual: [
        ...item.virtual.filter((line) => !/^(scheduler|hash_)/.test(line)),
        item.virtual.includes('scheduler = rr') ? 'scheduler = wrr' : 'scheduler = rr',
      ],
    }));
    const changed = await bring(router, tableOf(other), others);
    expect(changed).toHaveLength(other.length);
    expect(changed.every((line) => line.startsWith('-E '))).toBe(true);
  } finally {
    const removed = await bring(router, { services: [] }, others);
    expect(removed.every((line) => line.startsWith('-D '))).toBe(true);
  }
});

test('a scheduler that the kernel of a router lacks is refused as a whole, by name', async ({
  rested: lab,
}) => {
  const router = lab.r2;
  const before = {
    table: await router.routingTable(),
    file: await router.readFile('/etc/sysconfig/ha/lvs.cf'),
  };
  const more = [...blockOf(withScheduler('rr'), 1), ...blockOf(withScheduler(missing), 2)];
  await router.writeFile('/run/lab-missing.cf', `${before.file}${more.join('\n')}\n`);
  const { code, stdout, stderr } = await router.agent.shoalctl(['apply', '/run/lab-missing.cf']);
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(/-A -t 192\.0\.2\.122:80 -s twos.*Scheduler.*not found/s);
  expect(await router.routingTable()).toEqual(before.table);
  expect(await router.readFile('/etc/sysconfig/ha/lvs.cf')).toBe(before.file);
});
