/**
 * All real servers of a measurement of checks: accepts on every address that reaches it and notes when. Lateness is how
 * far the time between two checks of one address is from the interval.
 */
import { createServer } from 'node:net';
import { percentile } from './numbers.ts';

export interface Punctuality {
  readonly checks: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** In a process of its own: listens, and answers `{ intervalMs }` with what came since the last question. */
export function listen(port: number): void {
  let arrivals = new Map<string, number[]>();
  const server = createServer((socket) => {
    const address = socket.localAddress ?? '';
    const known = arrivals.get(address);
    if (known === undefined) arrivals.set(address, [performance.now()]);
    else known.push(performance.now());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    socket.resume();
  });
  server.listen(port, '0.0.0.0', 8192, () => process.send?.('listening'));
  process.on('message', (question: { intervalMs: number }) => {
    process.send?.(punctuality([...arrivals.values()], question.intervalMs));
    arrivals = new Map();
  });
  process.once('disconnect', () => process.exit(0));
}

export function punctuality(arrivals: readonly (readonly number[])[], intervalMs: number): Punctuality {
  const late = arrivals.flatMap((times) =>
    times.slice(1).map((at, index) => Math.abs(at - (times[index] ?? at) - intervalMs)),
  );
  return {
    checks: arrivals.reduce((sum, times) => sum + times.length, 0),
    p50: late.length === 0 ? 0 : percentile(late, 0.5),
    p99: late.length === 0 ? 0 : percentile(late, 0.99),
    worst: late.reduce((a, b) => Math.max(a, b), 0),
  };
}
