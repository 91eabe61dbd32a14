import { expect, it } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { atMostEvery } from './at-most-every.ts';

it('acts at once, and once more for all calls during the pause', async () => {
  const clock = createVirtualClock();
  let count = 0;
  const call = atMostEvery(clock, 1000, () => {
    count += 1;
  });
  for (let n = 0; n < 5; n += 1) call();
  expect(count).toBe(1);
  await clock.advance(1000);
  expect(count).toBe(2);
  await clock.advance(5000);
  expect(count).toBe(2);
  call();
  expect(count).toBe(3);
});
