/** A clock for tests that stands still until it is moved. */
import type { Clock } from '#agent/runtime/types.ts';

export interface VirtualClock extends Clock {
  /** Moves on by `ms`, runs what falls due at its own time, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Somebody sets the wall clock by so much; nothing else moves. */
  setWall(byMs: number): void;
  /** Timers that have not fired yet. */
  waiting(): number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Lets everything that waits for a promise go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Starts at an odd time, so that nothing can rely on zero, and cuts delays to whole milliseconds as Node's timers
 * do: they may fire a fraction early.
 */
export function createVirtualClock(start = 123_457.4): VirtualClock {
  let now = start;
  let wallMs = Date.UTC(2024, 0, 1);
  const timers = new Set<Timer>();
  const nextUntil = (end: number): Timer | undefined =>
    [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    wall: () => new Date(wallMs + now).toISOString(),
    after(delayMs, callback) {
      const timer: Timer = { at: now + Math.trunc(Math.max(0, delayMs)), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    setWall(byMs) {
      wallMs += byMs;
    },
    waiting: () => timers.size,
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await settle();
      }
      now = end;
    },
  };
}
