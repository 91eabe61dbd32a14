import { expect, it } from 'vitest';
import { stolenMs, waitedMs } from './starvation.ts';

it('reads what was stolen and what a thread waited', () => {
  expect(stolenMs('cpu  6408205 14989 401601 3182478 6081 0 51111 18235 0 0\ncpu0 1 2 3\n')).toBe(182_350);
  expect(waitedMs('49558585071 1853438379 49474\n')).toBeCloseTo(1853.4, 1);
});

it('says 0 where the kernel does not tell', () => {
  expect([stolenMs(''), waitedMs('')]).toEqual([0, 0]);
});
