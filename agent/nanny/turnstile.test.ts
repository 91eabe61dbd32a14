import { expect, it } from 'vitest';
import { createTurnstile } from './turnstile.ts';

/** An event loop by hand; each start costs `costMs`. */
function scene(costMs: number) {
  let now = 1000;
  let turns: (() => void)[] = [];
  const started: number[] = [];
  const enter = createTurnstile(
    () => now,
    (callback) => turns.push(callback),
  );
  return {
    started,
    start: (number: number) =>
      enter(() => {
        started.push(number);
        now += costMs;
      }),
    turn() {
      const before = turns;
      turns = [];
      for (const callback of before) callback();
    },
    isAtRest: () => turns.length === 0,
  };
}

it('lets checks start at once as long as they cost little', () => {
  const { started, start, turn, isAtRest } = scene(0.1);
  for (let number = 0; number < 50; number += 1) start(number);
  expect(started).toHaveLength(50);
  turn();
  expect(isAtRest()).toBe(true);
});

it('starts no more than a slice in each turn, in order, and all in the end', () => {
  const { started, start, turn, isAtRest } = scene(4);
  for (let number = 0; number < 8; number += 1) start(number);
  expect(started).toEqual([0, 1, 2]);
  turn();
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  start(8);
  expect(started).toHaveLength(6);
  turn();
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  turn();
  expect(isAtRest()).toBe(true);
});

it('forgets a check that is taken back while it waits', () => {
  const { started, start, turn } = scene(20);
  start(0);
  const takeBack = start(1);
  start(2);
  takeBack();
  turn();
  turn();
  expect(started).toEqual([0, 2]);
});
