/** The kernel prints times in ticks; how many make a second follows from a time that is known. */
import { expect, it } from 'vitest';
import { createKernelTicks } from './kernel-ticks.ts';

it.each([100, 250, 300, 1000])('learns from a time that is known that a second has %i ticks', (perSecond) => {
  const ticks = createKernelTicks();
  expect(ticks.inSeconds(60 * perSecond)).toBeNull();
  expect(ticks.fits(60, 60 * perSecond)).toBe(true);
  expect(ticks.inSeconds(300 * perSecond)).toBe(300);
  expect(ticks.fits(300, 300 * perSecond)).toBe(true);
  expect(ticks.fits(300, 299 * perSecond)).toBe(false);
});

it('does not learn from what cannot be that time', () => {
  const ticks = createKernelTicks();
  expect(ticks.fits(7, 15_000)).toBe(false);
  expect(ticks.inSeconds(15_000)).toBeNull();
  expect(ticks.fits(60, 15_000)).toBe(true);
});

it('learns anew when it was wrong', () => {
  const ticks = createKernelTicks();
  expect(ticks.fits(60, 7500)).toBe(true);
  expect(ticks.fits(60, 15_000)).toBe(false);
  ticks.forget();
  expect(ticks.fits(60, 15_000)).toBe(true);
  expect(ticks.inSeconds(15_000)).toBe(60);
});

it('keeps what it knows when nothing speaks against it', () => {
  const ticks = createKernelTicks();
  expect(ticks.fits(60, 15_000)).toBe(true);
  ticks.forget();
  expect(ticks.inSeconds(15_000)).toBe(60);
  expect(ticks.fits(60, 7500)).toBe(false);
});
