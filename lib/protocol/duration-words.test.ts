import { expect, test } from 'vitest';
import { durationInWords } from './duration-words.ts';

test('a length of time is said in the largest unit that divides it', () => {
  const said = [1, 30, 60, 90, 120, 600, 3600, 7200].map(durationInWords);
  expect(said).toEqual([
    ...['1 second', '30 seconds', '1 minute', '90 seconds', '2 minutes', '10 minutes', '1 hour', '2 hours'],
  ]);
});
