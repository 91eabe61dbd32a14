/** What the emulator costs just now, which is no part of a promise in seconds. */
import type { Router } from '#e2e/lab/router.ts';

/** In ms: an agent reads and writes by a program each, and so does the look from outside; three starts of one. */
export async function costOfThreeStarts(router: Router): Promise<number> {
  const from = performance.now();
  for (let start = 0; start < 3; start += 1) await router.routingTable();
  return performance.now() - from;
}
