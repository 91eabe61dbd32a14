import { describe, expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const options = { free: 3, firstWaitMs: 1_000, longestWaitMs: 8_000, forgetMs: 60_000 };

function limitAt() {
  const clock = { now: 0 };
  return { clock, limit: createRateLimit(() => clock.now, options) };
}

describe('slowing down guesses', () => {
  it('lets a few mistakes pass, then makes each one wait twice as long, up to a bound', () => {
    const { clock, limit } = limitAt();
    const waits = Array.from({ length: 8 }, () => {
      const wait = limit.waitMs('alice');
      clock.now += wait;
      limit.failed('alice');
      return wait;
    });
    expect(waits).toEqual([0, 0, 0, 1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it('lets others in meanwhile', () => {
    const { limit } = limitAt();
    for (let count = 0; count < 10; count += 1) limit.failed('alice');
    expect(limit.waitMs('bob')).toBe(0);
  });

  it('forgets after a success, and after a long rest', () => {
    const { clock, limit } = limitAt();
    for (let count = 0; count < 5; count += 1) limit.failed('alice');
    limit.succeeded('alice');
    expect(limit.waitMs('alice')).toBe(0);
    for (let count = 0; count < 5; count += 1) limit.failed('alice');
    clock.now += 60_001;
    expect(limit.waitMs('alice')).toBe(0);
  });

  it('keeps a bounded memory of a flood of names, and the newest of them', () => {
    const { limit } = limitAt();
    for (let name = 0; name < 20_000; name += 1)
      for (let count = 0; count < 4; count += 1) limit.failed(`${name}`);
    expect(limit.waitMs('0')).toBe(0);
    expect(limit.waitMs('19999')).toBeGreaterThan(0);
  });
});
