/** The parts `failover-0.1` and `failover-1`: how long a client waits when the active router dies, and what the routers cost at rest. */
import { exampleConfig } from '#e2e/cluster/example.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { vip } from '#e2e/lab/places.ts';
import { pause, until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { keepalivedPeer, vrrpConfig, webServer } from './keepalived.ts';
import { median, ms, percent, worst } from './numbers.ts';
import type { Section } from './page.ts';
import { type Peer, shareOfCpu, stopAll, untilServed } from './peer.ts';
import { shoalPeer } from './shoal.ts';

const RUNS = Number(process.env.SHOAL_BENCH_RUNS ?? 10);
const REST_SECONDS = 20;
/** A standby that has just booted has work of its own, whoever it runs. */
const SETTLE_MS = 4000;
const CHECK_SECONDS = 2;

interface Contest {
  readonly title: string;
  readonly heartbeat: string;
  /** No standby can know sooner that the other one is dead; one that acts earlier took a live one for dead. */
  readonly leastMs: number;
  readonly peer: Peer;
}

const shoalAt = (keepaliveMs: number): Peer =>
  shoalPeer(
    exampleConfig({
      global: [`#@ keepalive_ms = ${keepaliveMs}`, `#@ deadtime_ms = ${3 * keepaliveMs}`, '#@ preempt = 0'],
    }),
  );

const keepalivedAt = (advertSeconds: number, priority: { r1: number; r2: number }): Peer =>
  keepalivedPeer(
    (router) => `${vrrpConfig(router.name, { advertSeconds, priority })}${webServer(CHECK_SECONDS)}`,
  );

/** As the manual's examples have them; with it the backup waits for a skew of 0.6 of an advertisement besides. */
const usual = { r1: 101, r2: 100 };
/** The shortest skew that VRRP knows. */
const highest = { r1: 254, r2: 253 };

/** By the seconds between two heartbeats. */
const contests: Readonly<Record<'0.1' | '1', Readonly<Record<string, Contest>>>> = {
  '0.1': {
    shoal: { title: 'Shoal', heartbeat: '0.1 s, dead after 0.3 s', leastMs: 200, peer: shoalAt(100) },
    keepalived: {
      title: 'keepalived, priorities 101 and 100',
      heartbeat: '0.1 s, dead after 0.36 s',
      leastMs: 200,
      peer: keepalivedAt(0.1, usual),
    },
    'keepalived-high': {
      title: 'keepalived, priorities 254 and 253',
      heartbeat: '0.1 s, dead after 0.3 s',
      leastMs: 200,
      peer: keepalivedAt(0.1, highest),
    },
  },
  '1': {
    shoal: { title: 'Shoal', heartbeat: '1 s, dead after 3 s', leastMs: 2000, peer: shoalAt(1000) },
    keepalived: {
      title: 'keepalived, priorities 101 and 100',
      heartbeat: '1 s, dead after 3.6 s',
      leastMs: 2000,
      peer: keepalivedAt(1, usual),
    },
  },
};

const holdsVip = async (router: Router): Promise<boolean> => (await router.addresses('eth0')).includes(vip);

async function activeOf(lab: Lab): Promise<{ active: Router; standby: Router }> {
  const owner = await until(
    'one owner of the VIP',
    async () => {
      const holds = await Promise.all(lab.routers.map(holdsVip));
      return holds[0] === holds[1] ? null : lab.routers[holds[0] ? 0 : 1];
    },
    { timeoutMs: 60_000, everyMs: 300 },
  );
  return { active: owner, standby: owner === lab.r1 ? lab.r2 : lab.r1 };
}

async function ready(lab: Lab): Promise<{ active: Router; standby: Router }> {
  for (const router of lab.routers) await untilServed(router, 3);
  const found = await activeOf(lab);
  await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1), { timeoutMs: 60_000 });
  await pause(SETTLE_MS);
  return found;
}

/**
 * Kills the machine of the active router; the longest time without an answer, in ms. null: the service was on
 * its way between the two when the machine died, as a standby had taken a live router for dead.
 */
async function gap(lab: Lab, peer: Peer): Promise<number | null> {
  const { active, standby } = await ready(lab);
  const probe = await lab.client.probe(vip);
  // Not in step with anybody's heartbeats.
  await pause(1000 + Math.random() * 1000);
  await active.kill();
  // Nobody asks the standby anything meanwhile: a session costs the emulator more than a takeover.
  await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1), { timeoutMs: 30_000 });
  await pause(300);
  const { longestGapMs } = await probe.stop();
  const isTaken = await holdsVip(standby);
  await until('the other router to hold the VIP', () => holdsVip(standby), { timeoutMs: 30_000 });
  await active.boot();
  if (peer.name !== 'Shoal') await peer.start(active);
  return isTaken ? longestGapMs : null;
}

export interface FailoverResult {
  readonly title: string;
  readonly heartbeat: string;
  readonly gaps: readonly number[];
  /** Runs in which the standby had taken the service from a live router before it was killed. */
  readonly early: number;
  readonly active: number;
  readonly standby: number;
}

async function measure(lab: Lab, { title, heartbeat, leastMs, peer }: Contest): Promise<FailoverResult> {
  for (const router of lab.routers) await peer.start(router);
  const { active, standby } = await ready(lab);
  const [onActive, onStandby] = await Promise.all([
    shareOfCpu(peer, active, REST_SECONDS),
    shareOfCpu(peer, standby, REST_SECONDS),
  ]);
  const gaps: number[] = [];
  let early = 0;
  while (gaps.length < RUNS && early < RUNS) {
    const seen = await gap(lab, peer);
    console.log(`${title}, ${heartbeat}: ${seen === null ? 'a false alarm' : `${seen} ms`}`);
    if (seen === null || seen < leastMs) early += 1;
    else gaps.push(seen);
  }
  await ready(lab);
  await stopAll(lab, peer);
  return { title, heartbeat, gaps, early, active: onActive, standby: onStandby };
}

const line = ({ title, heartbeat, gaps, early, active, standby }: FailoverResult): readonly string[] => [
  title,
  heartbeat,
  ms(median(gaps)),
  ms(worst(gaps)),
  String(gaps.length),
  String(early),
  percent(active),
  percent(standby),
];

/** Only the contests whose names are given, or all. */
export async function failover(
  lab: Lab,
  every: keyof typeof contests,
  only: readonly string[],
): Promise<Section> {
  const known = contests[every];
  const names = only.length > 0 ? only : Object.keys(known);
  const results: FailoverResult[] = [];
  for (const name of names) {
    const contest = known[name];
    if (contest === undefined) throw new Error(`There is no "${name}": ${Object.keys(known).join(', ')}`);
    results.push(await measure(lab, contest));
  }
  return {
    title: `Failover, a heartbeat every ${every} s`,
    header: [
      'router',
      'heartbeat',
      'gap, p50',
      'gap, worst',
      'runs',
      'false alarms',
      'CPU, active',
      'CPU, standby',
    ],
    rows: results.map(line),
    notes: [
      'The active router dies by SIGKILL of its machine, the two in turn; nobody takes back what the other one holds. The client',
      'sends a request every 25 ms, each on a connection of its own; the gap is the longest time between two good answers. A',
      '*false alarm* is a run in which the standby took a live router for dead before it was killed, as the machine was busy; it',
      'does not count among the runs. CPU: share of the emulated processor at rest, three real servers checked every 2 s.',
      "VRRP's backup waits for three advertisements and a skew, which its priority gives: 0.6 of an advertisement at 100.",
    ],
  };
}
