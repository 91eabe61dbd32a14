/**
 * Checks that are due together start in slices: heartbeats, commands and answers have their turn in between. More
 * checks than this machine can make come late then, and nothing else does.
 */

/** Calls `start` now or in one of the next turns of the event loop; returns the way to take it back. */
export type Turnstile = (start: () => void) => () => void;

/** Longest time that starts may take in one turn; their answers take about as long in the next one. */
const SLICE_MS = 10;

/** `nextTurn` calls back when what has happened meanwhile has been handled: `setImmediate`. */
export function createTurnstile(
  now: () => number,
  nextTurn: (callback: () => void) => void = setImmediate,
): Turnstile {
  const waiting = new Set<{ readonly start: () => void }>();
  let turnBegan: number | null = null;

  const isOver = (): boolean => turnBegan !== null && now() - turnBegan >= SLICE_MS;
  const begin = (): void => {
    turnBegan = now();
    nextTurn(turn);
  };
  const turn = (): void => {
    turnBegan = null;
    if (waiting.size === 0) return;
    begin();
    for (const entry of waiting) {
      waiting.delete(entry);
      entry.start();
      if (isOver()) return;
    }
  };

  return (start) => {
    if (turnBegan === null) begin();
    if (waiting.size === 0 && !isOver()) {
      start();
      return () => {};
    }
    const entry = { start };
    waiting.add(entry);
    return () => waiting.delete(entry);
  };
}
