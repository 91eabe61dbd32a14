/** The part `checks`: what many checked endpoints cost, and how punctual the checks are, beside the peers. */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, until } from '#e2e/lab/process.ts';
import { type Checkers, everyone, mode, usageOfTree } from './checkers.ts';
import type { Crowd } from './crowd.ts';
import type { Punctuality } from './listener.ts';
import { megabytes, ms, percent, times } from './numbers.ts';
import type { Section } from './page.ts';
import type { Usage } from './peer.ts';
import { answerOf } from './talk.ts';

const SIZES = [100, 1000, 10_000] as const;
const INTERVAL_SECONDS = 2;
const START_LIMIT_MS = 60_000;
const SETTLE_MS = 10_000;
const MEASURED_MS = 30_000;
const PORT = 18_080;

interface Measured {
  readonly name: string;
  readonly count: number;
  readonly checks: number;
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly memoryKilobytes: number;
  readonly lateness: Punctuality;
}

/** Until as many checks come as the interval asks for, or it is plain that they never will. */
async function untilAtWork(listener: ChildProcess, crowd: Crowd): Promise<void> {
  const question = { intervalMs: crowd.seconds * 1000 };
  const all = async (): Promise<boolean> =>
    (await answerOf<Punctuality>(listener, question)).checks >= (crowd.count / crowd.seconds) * 0.9;
  await until('all endpoints to be checked', all, { timeoutMs: START_LIMIT_MS, everyMs: 1000 }).catch(
    () => {},
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(force);
}

async function measure(checkers: Checkers, count: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-checks-'));
  const crowd = { count, network: '127.2', port: PORT, seconds: INTERVAL_SECONDS };
  const listener = mode('--listen', String(PORT));
  await new Promise((resolve) => listener.once('message', resolve));
  const leader = await checkers.start(crowd, folder);
  try {
    await untilAtWork(listener, crowd);
    await pause(SETTLE_MS);
    const usage = (): Usage => usageOfTree(leader.pid ?? 0);
    await answerOf(listener, { intervalMs: INTERVAL_SECONDS * 1000 });
    const [before, from] = [usage(), performance.now()];
    await pause(MEASURED_MS);
    const lateness = await answerOf<Punctuality>(listener, { intervalMs: INTERVAL_SECONDS * 1000 });
    const after = usage();
    return {
      ...{ name: checkers.name, count, checks: lateness.checks, tookMs: performance.now() - from },
      ...{ cpuMs: after.cpuMs - before.cpuMs, memoryKilobytes: after.memoryKilobytes, lateness },
    };
  } finally {
    await ended(leader);
    await ended(listener);
    rmSync(folder, { recursive: true, force: true });
  }
}

const perCheck = ({ cpuMs, checks }: Measured): number => cpuMs / checks;

function rowOf(measured: Measured, all: readonly Measured[]): string[] {
  const { name, count, checks, tookMs, cpuMs, memoryKilobytes, lateness } = measured;
  const measure = all.find((other) => other.name === 'keepalived' && other.count === count);
  const { p50, p99, worst } = lateness;
  return [
    String(count),
    name,
    `${Math.round((checks / tookMs) * 1000)} of ${count / INTERVAL_SECONDS}`,
    percent(cpuMs / tookMs),
    checks === 0 ? '' : `${perCheck(measured).toFixed(3)} ms`,
    checks === 0 || measure === undefined ? '' : times(perCheck(measured) / perCheck(measure)),
    megabytes(memoryKilobytes),
    worst === 0 ? 'no endpoint was checked twice' : `${ms(p50)}, ${ms(p99)}, ${ms(worst)}`,
  ];
}

/** On this machine, not in the emulator. Only those whose names are given, or all. */
export async function checks(only: readonly string[]): Promise<Section> {
  const all: Measured[] = [];
  for (const count of SIZES) {
    for (const checkers of everyone) {
      if (only.length > 0 && !only.includes(checkers.name.toLowerCase())) continue;
      all.push(await measure(checkers, count));
      console.log(rowOf(all.at(-1) as Measured, all).join(' | '));
    }
  }
  return {
    title: 'Many checks',
    header: [
      'endpoints',
      'who checks',
      'checks a second',
      'CPU',
      'CPU for each check',
      'to keepalived',
      'memory',
      'lateness p50, p99, worst',
    ],
    rows: all.map((measured) => rowOf(measured, all)),
    notes: [
      `On this machine, not in the emulator; each endpoint is an address of loopback, checked by a TCP connection every ${INTERVAL_SECONDS} s. CPU is the processor time of all processes of each, that of the kernel for them included. Lateness is how far the time between two checks of one endpoint, as its listener sees them, is from the interval.`,
      'Real: checks, sockets, and all that each makes of the results. This machine need not have IPVS: no kernel table stands behind any of the three. Shoal is the nanny alone, in a process of its own; keepalived is told that the kernel has IPVS (`without-ipvs.c`) and runs its checkers alone; the `ipvsadm` that ldirectord starts does nothing. The part `beside` has all three with a kernel table, in the emulator.',
      'ldirectord checks one after the other, and waits for the interval then.',
    ],
  };
}
