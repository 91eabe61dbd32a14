/** One of the programs that are measured beside each other, on the routers of the lab. */
import type { Lab } from '#e2e/lab/lab.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';

export interface Usage {
  /** Processor time since its start, its ended children included, in ms. */
  readonly cpuMs: number;
  readonly memoryKilobytes: number;
}

export interface Peer {
  readonly name: string;
  /** Starts it on a router that runs nothing else. */
  start(router: Router): Promise<void>;
  /** Ends it and leaves the kernel of the router empty. */
  stop(router: Router): Promise<void>;
  /** The processes that it consists of. */
  pids(router: Router): Promise<readonly number[]>;
}

/** Clock ticks of Linux on every common machine. */
const TICK_MS = 10;

/** What `/proc/PID/stat` and, after it, `/proc/PID/status` say of a process and its ended children. */
export function usageIn(shown: string): Usage {
  const [stat = ''] = shown.split('\n');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    cpuMs: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0),
    memoryKilobytes: Number(/VmRSS:\s+(\d+)/.exec(shown)?.[1] ?? 0),
  };
}

export const sumOf = (usages: readonly Usage[]): Usage => ({
  cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  memoryKilobytes: usages.reduce((sum, { memoryKilobytes }) => sum + memoryKilobytes, 0),
});

/** Processor time and resident memory of a peer on a router. */
export async function usageOf(peer: Peer, router: Router): Promise<Usage> {
  const usages: Usage[] = [];
  for (const pid of await peer.pids(router)) {
    const argv = ['sh', '-c', 'cat "/proc/$1/stat" "/proc/$1/status"', 'sh', String(pid)];
    usages.push(usageIn(await router.on(argv)));
  }
  return sumOf(usages);
}

/** Share of one processor that a peer takes over a while. */
export async function shareOfCpu(peer: Peer, router: Router, seconds: number): Promise<number> {
  const [before, from] = [await usageOf(peer, router), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await usageOf(peer, router);
  return (after.cpuMs - before.cpuMs) / (performance.now() - from);
}

/** Waits until so many destinations stand in the routing table. */
export const untilServed = (router: Router, count: number, timeoutMs = 60_000): Promise<unknown> =>
  until(
    `${count} real servers in the table of ${router.name}`,
    async () => (await destinationsOf(router)).length === count,
    { timeoutMs, everyMs: 300 },
  );

/** Destinations of the routing table that get connections, as `/proc/net/ip_vs` lists them. */
export async function destinationsOf(router: Router): Promise<string[]> {
  const shown = await router.on(['cat', '/proc/net/ip_vs']);
  return [...shown.matchAll(/^ {2}-> (\S+)\s+\S+\s+([1-9]\d*)/gm)].map(([, name = '']) => name);
}

export async function stopAll(lab: Lab, peer: Peer): Promise<void> {
  for (const router of lab.routers) if (router.isRunning()) await peer.stop(router);
}
