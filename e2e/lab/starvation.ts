/**
 * How long the emulators had no processor. A router's clock goes on meanwhile, so what it does then is late, and no fault
 * of the product: a test adds this to the time in which a router has to act.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** A unit of /proc/stat. */
const TICK_MS = 10;

/** For how long the machine's own processors were given to others, in ms since its start (steal in proc_stat(5)). */
export const stolenMs = (stat: string): number =>
  Number(stat.split('\n')[0]?.trim().split(/\s+/)[8] ?? 0) * TICK_MS;

/** For how long a thread was ready and waited, in ms since its start (/proc/PID/task/TID/schedstat: ran, waited, turns). */
export const waitedMs = (schedstat: string): number => Number(schedstat.trim().split(' ')[1] ?? 0) / 1e6;

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The thread that waited longest is the processor of an emulated router. */
function longestWaitMs(pid: number): number {
  let threads: string[] = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended.
  }
  return Math.max(0, ...threads.map((thread) => waitedMs(textOf(`/proc/${pid}/task/${thread}/schedstat`))));
}

/** Begins to count; the function returns the ms so far, of the process that got least. */
export function watchStarvation(pids: () => readonly number[]): () => number {
  const before = new Map(pids().map((pid) => [pid, longestWaitMs(pid)]));
  const stolenBefore = stolenMs(textOf('/proc/stat'));
  return () => {
    const waited = pids().map((pid) => longestWaitMs(pid) - (before.get(pid) ?? 0));
    return Math.round(stolenMs(textOf('/proc/stat')) - stolenBefore + Math.max(0, ...waited));
  };
}
