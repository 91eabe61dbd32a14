/** When checks are due. Pure: times are monotonic, in ms. */

/** FNV-1a, 32 bit: the same text has the same place in the interval on every router and after every restart. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/** Checks that wake the process together cost less than one by one: at 50 a second a third less (measured). */
const CHECKS_IN_A_SLOT = 10;
const LONGEST_SLOT_MS = 100;

/** Length of the slots that so many checks a second share, in ms: about ten in each, none longer than 100 ms. */
export const slotFor = (checksPerSecond: number): number =>
  Math.max(1, Math.min(LONGEST_SLOT_MS, Math.floor((CHECKS_IN_A_SLOT * 1000) / checksPerSecond)));

/**
 * First time after `afterMs` on the fixed grid that the endpoint's key gives: no drift, spread over the slots of the
 * interval, of which it has ten at least.
 */
export function nextDue(afterMs: number, intervalMs: number, key: string, slotMs = 1): number {
  const slot = Math.min(slotMs, intervalMs / 10);
  const offset = Math.floor((hashOf(key) % intervalMs) / slot) * slot;
  return (Math.floor((afterMs - offset) / intervalMs) + 1) * intervalMs + offset;
}

/** The longest pause between the first checks of two new endpoints: 100 of them start within 200 ms. */
const FIRST_CHECK_PAUSE_MS = 2;

/** Delay of the first check of the new endpoint number `index` of `count`: nearly at once, all within an interval. */
export const firstDelay = (index: number, count: number, intervalMs: number): number =>
  index * Math.min(FIRST_CHECK_PAUSE_MS, intervalMs / count);
