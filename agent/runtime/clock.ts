/** The machine's clock. Monotonic time drives everything; wall time is only shown. */
import type { Clock } from './types.ts';

/** Longest delay that a Node timer takes; beyond it, it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function after(delayMs: number, callback: () => void): () => void {
  const step = Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS);
  let cancel = (): void => clearTimeout(timer);
  const timer = setTimeout(() => {
    if (delayMs <= step) callback();
    else cancel = after(delayMs - step, callback);
  }, step);
  return () => cancel();
}

let wallMs = Number.NaN;
let wallText = '';

/** ISO 8601, UTC. Asked by every real server of a configuration within the same moment. */
function wall(): string {
  const ms = Date.now();
  if (ms !== wallMs) {
    wallMs = ms;
    wallText = new Date(ms).toISOString();
  }
  return wallText;
}

export const systemClock: Clock = { now: () => performance.now(), wall, after };
