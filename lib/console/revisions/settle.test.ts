import { describe, expect, it } from 'vitest';
import type { RouterStatus } from '#lib/protocol/messages.ts';
import { settle, trialEnd } from './settle.ts';

const config = (hash: string, confirmSecondsLeft: number | null = null): Pick<RouterStatus, 'config'> => ({
  config: { serial: 5, hash, appliedAt: null, fileHash: hash, confirmSecondsLeft },
});

describe("what a router's word makes of a push that ended in the open", () => {
  it('leaves it open while the router says nothing', () => {
    expect(settle('sending', 'new', null)).toBeNull();
    expect(settle('trial', 'new', null)).toBeNull();
  });

  it.each(['sending', 'unknown', 'trial'] as const)(
    'leaves %s open while the router applies something',
    (outcome) => {
      const { config: now } = config('old');
      expect(settle(outcome, 'new', { config: { ...now, isApplying: true } })).toBeNull();
    },
  );

  it('leaves alone what is settled', () => {
    expect(settle('applied', 'new', config('old'))).toBeNull();
    expect(settle('refused', 'new', config('new'))).toBeNull();
  });

  it.each([
    ['sending', config('new'), 'applied'],
    ['sending', config('new', 20), 'trial'],
    ['sending', config('old'), 'failed'],
    ['unknown', config('new'), 'applied'],
    ['unknown', config('old'), 'failed'],
    ['trial', config('new'), 'applied'],
    ['trial', config('old'), 'rolled-back'],
    // A trial on the router, but of something else.
    ['trial', config('other', 20), 'rolled-back'],
  ] as const)('%s, then %o, is %s', (before, status, after) => {
    expect(settle(before, 'new', status)?.outcome).toBe(after);
  });

  it('lets a trial go on while it is on trial', () => {
    expect(settle('trial', 'new', config('new', 3))).toBeNull();
  });
});

describe('the end of a trial', () => {
  const parts = (...outcomes: Parameters<typeof trialEnd>[0][number]['outcome'][]) =>
    outcomes.map((outcome, index) => ({ name: `r${index + 1}`, outcome }));

  it.each([
    [parts('applied', 'applied'), false, 'kept'],
    [parts('rolled-back', 'rolled-back'), false, 'rolled-back'],
    [parts('applied', 'rolled-back'), false, 'mixed'],
    [parts('refused', 'skipped'), false, 'nowhere'],
    [parts(), false, 'nowhere'],
    [parts('rolled-back', 'refused'), false, 'rolled-back'],
    [parts('trial', 'rolled-back'), false, null],
    // One that cannot be asked holds it open no longer than its time.
    [parts('trial', 'rolled-back'), true, 'rolled-back'],
    [parts('trial', 'trial'), true, null],
  ] as const)('of %o, over: %s, is %s', (given, isOver, end) => {
    expect(trialEnd(given, isOver)).toBe(end);
  });
});
