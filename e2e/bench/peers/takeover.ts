/**
 * The part `takeover`: failover at the speed of this machine. Two hosts in namespaces instead of two emulated routers:
 * their kernel need not have IPVS, so the VIP is that of a failover service, and a web server on each answers to it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '#e2e/lab/hosts.ts';
import { addHost, buildNetwork } from '#e2e/lab/network.ts';
import { projectRoot, routerPlaces, vip } from '#e2e/lab/places.ts';
import { type Argv, must, pause, run, startDetached, until } from '#e2e/lab/process.ts';
import { type Vrrp, vrrpConfig } from './keepalived.ts';
import { median, ms, worst } from './numbers.ts';
import type { Section } from './page.ts';

const RUNS = Number(process.env.SHOAL_BENCH_RUNS ?? 10);
/** A host that has just started has work of its own, whoever it runs. */
const SETTLE_MS = 3000;

const names = ['r1', 'r2'] as const;
type Name = (typeof names)[number];

const startOn = (name: Name, argv: Argv) => startDetached(['ip', 'netns', 'exec', name, ...argv]);

interface Contest {
  readonly title: string;
  readonly heartbeat: string;
  readonly leastMs: number;
  /** Starts it on a host, with its files in a folder of that host. */
  start(name: Name, folder: string): void;
}

const key = {
  version: 1,
  keys: [{ keyId: 'bench', keyBase64: Buffer.alloc(32, 7).toString('base64') }],
};

const shoalConfig = (keepaliveMs: number): string => `serial_no = 1
primary = ${routerPlaces.r1.public}
service = fos
backup_active = 1
backup = ${routerPlaces.r2.public}
#@ keepalive_ms = ${keepaliveMs}
#@ deadtime_ms = ${3 * keepaliveMs}
#@ preempt = 0
failover web {
active = 1
address = ${vip} eth0:1
vip_nmask = 255.255.255.0
port = 80
}
`;

const shoal = (keepaliveMs: number): Contest => ({
  title: 'Shoal',
  heartbeat: `${keepaliveMs / 1000} s, dead after ${(3 * keepaliveMs) / 1000} s`,
  leastMs: 2 * keepaliveMs,
  start(name, folder) {
    const [config, state] = [join(folder, 'lvs.cf'), join(folder, 'state')];
    mkdirSync(state, { recursive: true });
    writeFileSync(config, shoalConfig(keepaliveMs));
    writeFileSync(join(state, 'cluster-key.json'), JSON.stringify(key), { mode: 0o600 });
    const agent = join(projectRoot, 'dist/agent/shoal-agent.mjs');
    const options = ['--config', config, '--state', state, '--run', join(folder, 'run')];
    startOn(name, [process.execPath, agent, ...options]);
  },
});

/** As the manual's examples have them. */
const priority = { r1: 101, r2: 100 };

const keepalived = (advertMs: number): Contest => ({
  title: 'keepalived',
  heartbeat: `${advertMs / 1000} s, dead after ${(3.6 * advertMs) / 1000} s`,
  leastMs: 2 * advertMs,
  start(name, folder) {
    const vrrp: Vrrp = { advertSeconds: advertMs / 1000, priority };
    const file = join(folder, 'keepalived.conf');
    // The namespaces have no second network for the NAT router address.
    writeFileSync(file, vrrpConfig(name, vrrp).replace(/^.* dev eth1\n/m, ''));
    const pids = ['-p', join(folder, 'k.pid'), '-r', join(folder, 'vrrp.pid')];
    startOn(name, ['keepalived', '-n', '-P', '-f', file, ...pids]);
  },
});

const contests: Readonly<Record<string, Contest>> = {
  'shoal-0.1': shoal(100),
  'keepalived-0.1': keepalived(100),
  'shoal-1': shoal(1000),
  'keepalived-1': keepalived(1000),
};

const web = (name: Name): string =>
  `require('node:http').createServer((_, answer) => answer.end('${name}\\n')).listen(80, '0.0.0.0')`;

const folderOf = (contest: string, name: Name): string =>
  join(process.env.SHOAL_LAB ?? '', `takeover-${contest}`, name);

function switchOn(name: Name, id: string, contest: Contest): void {
  const folder = folderOf(id, name);
  mkdirSync(folder, { recursive: true });
  startOn(name, [process.execPath, '-e', web(name)]);
  contest.start(name, folder);
}

/** As a machine that loses its power: nothing of it is on the wire any more, and it keeps no address. */
async function switchOff(name: Name): Promise<void> {
  await must(['ip', 'link', 'set', `v-${name}`, 'down']);
  const pids = (await must(['ip', 'netns', 'pids', name])).trim().split('\n').filter(Boolean).map(Number);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await run(['ip', '-n', name, 'addr', 'del', `${vip}/24`, 'dev', 'eth0']);
}

const holdsVip = async (name: Name): Promise<boolean> =>
  (await must(['ip', '-n', name, '-br', 'addr', 'show', 'eth0'])).includes(` ${vip}/`);

async function activeOf(): Promise<Name> {
  const holders = async (): Promise<Name | null> => {
    const [first, second] = await Promise.all(names.map(holdsVip));
    return first === second ? null : first ? 'r1' : 'r2';
  };
  return until('one owner of the VIP', holders, { timeoutMs: 60_000, everyMs: 100 });
}

async function gap(client: Client): Promise<{ readonly gapMs: number; readonly died: Name }> {
  const died = await activeOf();
  await until('the VIP to answer', () => client.curl(`http://${vip}/`, 1), { timeoutMs: 60_000 });
  await pause(SETTLE_MS);
  const probe = await client.probe(vip);
  // Not in step with anybody's heartbeats.
  await pause(1000 + Math.random() * 1000);
  await switchOff(died);
  await until('the VIP to answer', () => client.curl(`http://${vip}/`, 1), { timeoutMs: 30_000 });
  await pause(300);
  return { gapMs: (await probe.stop()).longestGapMs, died };
}

async function measure(id: string, contest: Contest): Promise<readonly string[]> {
  const client = new Client();
  for (const name of names) switchOn(name, id, contest);
  const gaps: number[] = [];
  let early = 0;
  while (gaps.length < RUNS && early < RUNS) {
    const { gapMs, died } = await gap(client);
    console.log(`${contest.title}, ${contest.heartbeat}: ${gapMs} ms`);
    if (gapMs < contest.leastMs) early += 1;
    else gaps.push(gapMs);
    await must(['ip', 'link', 'set', `v-${died}`, 'up']);
    switchOn(died, id, contest);
  }
  for (const name of names) {
    await switchOff(name);
    await must(['ip', 'link', 'set', `v-${name}`, 'up']);
  }
  const { title, heartbeat } = contest;
  return [title, heartbeat, ms(median(gaps)), ms(worst(gaps)), String(gaps.length), String(early)];
}

/** Inside a namespace of its own; only the contests whose names are given, or all. */
export async function takeover(only: readonly string[]): Promise<Section> {
  await buildNetwork();
  for (const name of names) await addHost(name, 'pub', routerPlaces[name].public);
  const rows: (readonly string[])[] = [];
  for (const [id, contest] of Object.entries(contests))
    if (only.length === 0 || only.includes(id)) rows.push(await measure(id, contest));
  return {
    title: 'Failover at the speed of this machine',
    header: ['router', 'heartbeat', 'gap, p50', 'gap, worst', 'runs', 'false alarms'],
    rows,
    notes: [
      'Not in the emulator: two hosts in network namespaces of this machine, on one bridge with the client. All processes of the',
      'active one are killed and its link is cut; nobody takes back what the other one holds. This kernel need not have IPVS:',
      'the VIP is that of a failover service (`service = fos`), keepalived runs VRRP alone with priorities 101 and 100, and the',
      'answer comes from a web server on the host that holds the VIP. Client, gap and false alarm as above.',
    ],
  };
}
