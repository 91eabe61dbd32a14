import { describe, expect, it } from 'vitest';
import type { LiveTrial } from '#lib/protocol/live.ts';
import { secondsLeft, whoReturns } from './trial-words.ts';

const trial = (routers: LiveTrial['routers']): LiveTrial => ({
  id: '1',
  serial: 5,
  by: 'alice',
  startedAt: '',
  seconds: 60,
  outcome: null,
  message: null,
  routers,
});
const r1 = { name: 'r1', state: 'trial', secondsLeft: 40 } as const;
const r2 = { name: 'r2', state: 'trial', secondsLeft: 38 } as const;

describe('the count-down of a trial', () => {
  it('is that of the router that returns first, and goes on between two words of it', () => {
    expect(secondsLeft(trial([r1, r2]), 0)).toBe(38);
    expect(secondsLeft(trial([r1, r2]), 2500)).toBe(36);
    expect(secondsLeft(trial([r1, r2]), 90_000)).toBe(0);
  });

  it('is unknown when no router can be asked', () => {
    expect(secondsLeft(trial([{ ...r1, secondsLeft: null }]), 0)).toBeNull();
  });
});

describe('who returns', () => {
  it('names the routers that count down and those that cannot be asked', () => {
    expect(whoReturns(trial([r1, r2]))).toBe('r1 and r2 return to what ran before unless you keep it.');
    expect(whoReturns(trial([r1, { ...r2, secondsLeft: null }]))).toBe(
      'r1 returns to what ran before unless you keep it. r2 cannot be asked; without a word it returns by itself.',
    );
  });

  it('leaves out a router that has decided', () => {
    expect(whoReturns(trial([r1, { name: 'r2', state: 'applied', secondsLeft: null }]))).toBe(
      'r1 returns to what ran before unless you keep it.',
    );
  });
});
