/** The part `checks`: what many checked endpoints cost, and how punctual the checks are. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Punctuality } from './listener.ts';
import type { NannyUsage } from './nanny-alone.ts';
import { megabytes, ms, percent } from './numbers.ts';
import type { Section } from './page.ts';
import { answerOf } from './talk.ts';

const SIZES = [100, 1000, 10_000] as const;
const INTERVAL_SECONDS = 2;
const WARM_UP_MS = 15_000;
const MEASURED_MS = 30_000;
const PORT = 18_080;

/** A mode of this program, in a process of its own. */
const start = (...args: readonly string[]): ChildProcess => fork(fileURLToPath(import.meta.url), args);

const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));

async function measure(count: number): Promise<string[]> {
  const listener = start('--listen', String(PORT));
  await new Promise((resolve) => listener.once('message', resolve));
  const nanny = start('--nanny', String(count), String(PORT), String(INTERVAL_SECONDS));
  await pause(WARM_UP_MS);
  const question = { intervalMs: INTERVAL_SECONDS * 1000 };
  await answerOf(listener, question);
  const before = await answerOf<NannyUsage>(nanny, question);
  const from = performance.now();
  await pause(MEASURED_MS);
  const { checks, p50, p99, worst } = await answerOf<Punctuality>(listener, question);
  const after = await answerOf<NannyUsage>(nanny, question);
  const tookMs = performance.now() - from;
  nanny.kill();
  listener.kill();
  const cpuMs = after.cpuMs - before.cpuMs;
  return [
    `${count}, ${after.up} up`,
    `${Math.round((checks / tookMs) * 1000)} of ${count / INTERVAL_SECONDS}`,
    percent(cpuMs / tookMs),
    `${(cpuMs / checks).toFixed(2)} ms`,
    megabytes(after.memoryKilobytes),
    worst === 0 ? 'no endpoint was checked twice' : `${ms(p50)}, ${ms(p99)}, ${ms(worst)}`,
  ];
}

/** On this machine, not in the emulator. */
export async function checks(): Promise<Section> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    rows.push(await measure(size));
    console.log(rows.at(-1)?.join(' | '));
  }
  return {
    title: 'Many checks',
    header: [
      'endpoints',
      'checks a second',
      'CPU',
      'CPU for each check',
      'memory',
      'lateness p50, p99, worst',
    ],
    rows,
    notes: [
      `The agent's nanny in a process of its own on this machine; each endpoint is an address of loopback, checked by a TCP connection every ${INTERVAL_SECONDS} s. Lateness is how far the time between two checks of one endpoint, as its listener sees them, is from the interval.`,
      'Real: nanny, checks, sockets. There was no kernel table behind it, and no peer beside it: keepalived does not start its checkers without one. The part `beside` has them, in the emulator.',
    ],
  };
}
