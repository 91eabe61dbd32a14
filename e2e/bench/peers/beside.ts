/** The part `beside`: what many checked endpoints cost on a router, Shoal beside keepalived and ldirectord. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Lab } from '#e2e/lab/lab.ts';
import { must, pause, until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { type Crowd, crowdOfKeepalived, crowdOfLdirectord, crowdOfShoal } from './crowd.ts';
import { keepalivedPeer } from './keepalived.ts';
import { ldirectordPeer } from './ldirectord.ts';
import type { Punctuality } from './listener.ts';
import { megabytes, ms, percent } from './numbers.ts';
import type { Section } from './page.ts';
import { destinationsOf, type Peer, usageOf } from './peer.ts';
import { shoalPeer } from './shoal.ts';
import { answerOf } from './talk.ts';

const NETWORK = '10.50';
const PORT = 18_080;
const INTERVAL_SECONDS = 2;
const MEASURED_MS = 30_000;
const START_LIMIT_MS = 300_000;
const SETTLE_MS = 10_000;

interface Contest {
  readonly peerOf: (crowd: Crowd) => Peer;
  readonly sizes: readonly number[];
}

const contests: Readonly<Record<string, Contest>> = {
  // It starts ipvsadm for every real server: ten thousand starts last longer than the whole measurement here.
  ldirectord: {
    peerOf: (crowd) => ldirectordPeer(crowdOfLdirectord(crowd, '/var/log/ldirectord-lab.log')),
    sizes: [100, 1000],
  },
  keepalived: {
    peerOf: (crowd) => keepalivedPeer(() => crowdOfKeepalived(crowd)),
    sizes: [100, 1000, 10_000],
  },
  shoal: { peerOf: (crowd) => shoalPeer(crowdOfShoal(crowd)), sizes: [100, 1000, 10_000] },
};

/** rs3 answers on every address of the crowd, in a process outside the emulator. */
async function startListener(lab: Lab): Promise<ChildProcess> {
  await must(['ip', '-n', 'rs3', 'route', 'replace', 'local', `${NETWORK}.0.0/16`, 'dev', 'lo']);
  await lab.r1.on(['ip', 'route', 'replace', `${NETWORK}.0.0/16`, 'via', lab.rs3.address]);
  const program = fileURLToPath(import.meta.url);
  const argv = ['netns', 'exec', 'rs3', process.execPath, program, '--listen', String(PORT)];
  const listener = spawn('ip', argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await new Promise((resolve) => listener.once('message', resolve));
  return listener;
}

async function untilComplete(router: Router, count: number): Promise<void> {
  const complete = async (): Promise<boolean> => (await destinationsOf(router)).length === count;
  await until(`${count} real servers in the table`, complete, { timeoutMs: START_LIMIT_MS, everyMs: 2000 });
}

async function measure(router: Router, listener: ChildProcess, peer: Peer, count: number): Promise<string[]> {
  await peer.start(router);
  await untilComplete(router, count);
  await pause(SETTLE_MS);
  const question = { intervalMs: INTERVAL_SECONDS * 1000 };
  const before = await usageOf(peer, router);
  await answerOf(listener, question);
  const from = performance.now();
  await pause(MEASURED_MS);
  const { checks, p50, p99, worst } = await answerOf<Punctuality>(listener, question);
  const after = await usageOf(peer, router);
  const tookMs = performance.now() - from;
  await peer.stop(router);
  const cpuMs = after.cpuMs - before.cpuMs;
  return [
    String(count),
    peer.name,
    `${Math.round((checks / MEASURED_MS) * 1000)} of ${count / INTERVAL_SECONDS}`,
    percent(cpuMs / tookMs),
    `${(cpuMs / checks).toFixed(2)} ms`,
    megabytes(after.memoryKilobytes),
    worst === 0 ? 'no endpoint was checked twice' : `${ms(p50)}, ${ms(p99)}, ${ms(worst)}`,
  ];
}

/** Only the peers whose names are given, or all. */
export async function beside(lab: Lab, only: readonly string[]): Promise<Section> {
  const listener = await startListener(lab);
  const rows: string[][] = [];
  for (const [name, { peerOf, sizes }] of Object.entries(contests)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const count of sizes) {
      const crowd = { count, network: NETWORK, port: PORT, seconds: INTERVAL_SECONDS };
      const peer = peerOf(crowd);
      const notMeasured = async (error: unknown): Promise<string[]> => {
        console.error(error);
        await peer.stop(lab.r1).catch(console.error);
        return [String(count), peer.name, 'not to be measured here', '', '', '', ''];
      };
      rows.push(await measure(lab.r1, listener, peer, count).catch(notMeasured));
      console.log(rows.at(-1)?.join(' | '));
    }
  }
  listener.kill();
  return {
    title: 'Many checks, beside the peers',
    header: [
      'endpoints',
      'router',
      'checks a second',
      'CPU',
      'CPU for each check',
      'memory',
      'lateness p50, p99, worst',
    ],
    rows: rows.sort(([one], [other]) => Number(one) - Number(other)),
    notes: [
      `On a router of the lab, whose one processor is emulated, so that it is saturated early; each endpoint is checked by a TCP connection every ${INTERVAL_SECONDS} s, to a listener outside the emulator. CPU is the processor time of the peer's own processes, that of the kernel for them included. Lateness is how far the time between two checks of one endpoint, as the listener sees them, is from the interval.`,
      'ldirectord checks one after the other and waits for the interval then, and starts ipvsadm for every real server at its start, which is why it has no row of 10 000.',
    ],
  };
}
