import { expect, it } from 'vitest';
import { judge } from './trend.ts';

const samples = (valueAt: (minutes: number) => number) =>
  Array.from({ length: 100 }, (_, index) => ({ minutes: index / 4, value: valueAt(index / 4) }));

it('a value that goes up and down does not grow, and one that rises does', () => {
  const wave = (minutes: number): number => 50 + 5 * Math.sin(minutes * 3);
  expect(judge(samples(wave), 3)).toMatchObject({ grows: false });
  expect(
    judge(
      samples((minutes) => wave(minutes) + minutes / 4),
      3,
    ),
  ).toMatchObject({ grows: true });
});

it('the beginning does not count', () => {
  const settles = samples((minutes) => (minutes < 4 ? minutes * 10 : 40));
  expect(judge(settles, 1)).toMatchObject({ grows: false, first: 40, last: 40 });
});
