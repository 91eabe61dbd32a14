import { expect, it } from 'vitest';
import { nextDue, slotFor } from './schedule.ts';

const keys = Array.from({ length: 200 }, (_, index) => `203.0.113.${index} 80 tcp`);

it('gives few checks long slots, and many short ones', () => {
  expect([0.1, 50, 500, 5000, 50_000].map(slotFor)).toEqual([100, 100, 20, 2, 1]);
});

it('is always later, by one interval at most, and the same place in every interval', () => {
  for (const key of keys)
    for (const after of [0, 1999.5, 123_456.25]) {
      const due = nextDue(after, 2000, key, 100);
      expect(due).toBeGreaterThan(after);
      expect(due - after).toBeLessThanOrEqual(2000);
      expect(nextDue(due, 2000, key, 100)).toBe(due + 2000);
    }
});

it('lets checks of one slot start together, and uses every slot of the interval', () => {
  const places = new Set(keys.map((key) => nextDue(0, 2000, key, 100) % 2000));
  expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, slot) => slot * 100));
});

it('keeps ten places in a short interval, however few checks there are', () => {
  const places = new Set(keys.map((key) => nextDue(0, 500, key, 100) % 500));
  expect(places.size).toBe(10);
});
