import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adoptedHealth,
  checked,
  type Health,
  type HealthSettings,
  newHealth,
  nextGrowthMs,
  reconfigured,
  riseOf,
  weightAt,
} from './health.ts';

const settings: HealthSettings = { weight: 100, fall: 1, rise: 3, quiesce: false, slowStartMs: null };

/** Plays results at one-second steps: `+` success, `-` failure; returns the weights after each. */
function play(
  results: string,
  given: HealthSettings = settings,
  from: Health = newHealth,
): (number | null)[] {
  let health = from;
  return [...results].map((result, index) => {
    health = checked(health, result === '+', given, index * 1000);
    return weightAt(health, given, index * 1000);
  });
}

describe('admission and removal (Piranha 3.5)', () => {
  const plain: HealthSettings = { ...settings, slowStartMs: 0 };

  it.each([
    ['the first success admits at once', '+', [100]],
    ['one failure removes at once', '++-', [100, 100, null]],
    ['after a failure, the successes of the rise bring back', '+-+++', [100, null, null, null, 100]],
    [
      'a failure on the way back starts the count anew',
      '+-++-+++',
      [100, null, null, null, null, null, null, 100],
    ],
    ['a server that fails first has to rise as well', '-+++', [null, null, null, 100]],
  ])('%s', (_, results, weights) => {
    expect(play(results, plain)).toEqual(weights);
  });

  it.each([
    [15, 6, 2],
    [180, 10, 18],
    [10, 20, 1],
    [0, 6, 1],
    [180, 0, 180],
  ])('reentry %i s at an interval of %i s takes %i successes', (reentry, interval, rise) => {
    expect(riseOf(reentry, interval)).toBe(rise);
  });

  it('keeps a failed server at weight 0 when it is to be quiesced', () => {
    expect(play('+-+-', { ...plain, quiesce: true })).toEqual([100, 0, 0, 0]);
  });

  it('does not put a server into the table that never was there, quiesced or not', () => {
    expect(play('-', { ...plain, quiesce: true })).toEqual([null]);
  });
});

describe('growth of the weight (Piranha 3.6)', () => {
  /** Weights as they change by themselves after an admission at time 0, with the time of each change in s. */
  function growth(
    given: HealthSettings,
    from = checked(newHealth, true, given, 0),
  ): [number, number | null][] {
    const steps: [number, number | null][] = [];
    let now = 0;
    for (;;) {
      steps.push([now / 1000, weightAt(from, given, now)]);
      const next = nextGrowthMs(from, given, now);
      if (next === null) return steps;
      now += next;
    }
  }

  it.each([
    [
      100,
      [
        [0, 3],
        [20, 6],
        [40, 12],
        [60, 24],
        [80, 48],
        [100, 96],
        [120, 100],
      ],
    ],
    [
      32,
      [
        [0, 1],
        [20, 2],
        [40, 4],
        [60, 8],
        [80, 16],
        [100, 32],
      ],
    ],
    [
      3,
      [
        [0, 1],
        [20, 2],
        [40, 3],
      ],
    ],
    [1, [[0, 1]]],
    [0, [[0, 0]]],
  ])('weight %i starts at 1/32, at least 1, and doubles every 20 s', (weight, steps) => {
    expect(growth({ ...settings, weight })).toEqual(steps);
  });

  it('has the full weight at once with slow_start = 0', () => {
    expect(growth({ ...settings, slowStartMs: 0 })).toEqual([[0, 100]]);
  });

  it('reaches the full weight after the time of slow_start', () => {
    const steps = growth({ ...settings, weight: 64, slowStartMs: 10_000 });
    expect(steps).toEqual([
      [0, 2],
      [2, 4],
      [4, 8],
      [6, 16],
      [8, 32],
      [10, 64],
    ]);
  });

  it('does not lose its growth to further successes', () => {
    const grown = checked(checked(newHealth, true, settings, 0), true, settings, 30_000);
    expect(weightAt(grown, settings, 40_000)).toBe(12);
  });

  it('begins anew after every return', () => {
    const given = { ...settings, fall: 1, rise: 1 };
    const back = checked(
      checked(checked(newHealth, true, given, 0), false, given, 200_000),
      true,
      given,
      300_000,
    );
    expect(weightAt(back, given, 300_000)).toBe(3);
  });
});

describe('a server found in the routing table', () => {
  it('keeps its weight as the start of its growth', () => {
    const health = adoptedHealth(24, settings, 5000);
    expect(weightAt(health, settings, 5000)).toBe(24);
    expect(weightAt(health, settings, 25_000)).toBe(48);
  });

  it('has the configured weight when that is lower', () => {
    expect(weightAt(adoptedHealth(200, settings, 0), settings, 0)).toBe(100);
  });

  it('keeps a weight of 0 until a check says how it is', () => {
    const health = adoptedHealth(0, settings, 0);
    expect(weightAt(health, settings, 0)).toBe(0);
    expect(weightAt(checked(health, true, settings, 0), settings, 0)).toBe(3);
    expect(weightAt(checked(health, false, settings, 0), settings, 0)).toBeNull();
    const quiescing = { ...settings, quiesce: true };
    expect(weightAt(checked(health, false, quiescing, 0), quiescing, 0)).toBe(0);
  });

  it('is removed by its first failure', () => {
    expect(play('-', settings, adoptedHealth(100, settings, 0))).toEqual([null]);
  });
});

describe('a new configuration', () => {
  const heavier = { ...settings, weight: 200 };

  it('gives a grown server its new weight at once', () => {
    const grown = checked(newHealth, true, settings, 0);
    expect(weightAt(reconfigured(grown, settings, heavier, 120_000), heavier, 120_000)).toBe(200);
  });

  it('lets a growing server grow on towards the new weight', () => {
    const growing = reconfigured(checked(newHealth, true, settings, 0), settings, heavier, 40_000);
    expect(weightAt(growing, heavier, 40_000)).toBe(12);
    expect(weightAt(growing, heavier, 140_000)).toBe(200);
  });

  it('never leaves more than the new weight', () => {
    const lighter = { ...settings, weight: 2 };
    const growing = reconfigured(checked(newHealth, true, settings, 0), settings, lighter, 0);
    expect(weightAt(growing, lighter, 0)).toBe(2);
  });
});

describe('failures in a row', () => {
  it('only so many of them take a server out, and a success in between starts the count anew', () => {
    const patient = { ...settings, fall: 3, slowStartMs: 0, rise: 1 };
    expect(play('+--+--+---', patient)).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 100, null]);
  });

  it('a server that was never up is down at its first failure', () => {
    expect(play('-+', { ...settings, fall: 3, rise: 1, slowStartMs: 0 })).toEqual([null, 100]);
  });
});

describe('laws', () => {
  const anySettings = fc.record({
    weight: fc.integer({ min: 0, max: 65_535 }),
    fall: fc.constant(1),
    rise: fc.integer({ min: 1, max: 6 }),
    quiesce: fc.boolean(),
    slowStartMs: fc.option(fc.integer({ min: 0, max: 100_000 })),
  });
  const history = fc.array(fc.record({ ok: fc.boolean(), afterMs: fc.integer({ min: 0, max: 30_000 }) }), {
    maxLength: 40,
  });
  const start = fc.option(fc.integer({ min: 0, max: 65_535 }));

  it('right after a failure nobody gets traffic; after it, only `rise` successes bring back', () => {
    fc.assert(
      fc.property(anySettings, history, start, (given, steps, tableWeight) => {
        let now = 0;
        let health = tableWeight === null ? newHealth : adoptedHealth(tableWeight, given, now);
        let sinceFailure: number | null = null;
        for (const { ok, afterMs } of steps) {
          now += afterMs;
          health = checked(health, ok, given, now);
          sinceFailure = ok ? (sinceFailure === null ? null : sinceFailure + 1) : 0;
          const served = sinceFailure === null || sinceFailure >= given.rise;
          expect(health.phase === 'up').toBe(served);
          const weight = weightAt(health, given, now);
          if (!served) expect(weight === null || (weight === 0 && given.quiesce)).toBe(true);
        }
      }),
    );
  });

  it('while up, the weight only grows, never above the configured one, and ends there', () => {
    fc.assert(
      fc.property(anySettings, start, (given, tableWeight) => {
        const first = tableWeight === null ? newHealth : adoptedHealth(tableWeight, given, 0);
        const health = checked(first, true, given, 0);
        let now = 0;
        let last = weightAt(health, given, now) ?? -1;
        expect(last).toBeGreaterThanOrEqual(Math.min(1, given.weight));
        for (
          let next = nextGrowthMs(health, given, now);
          next !== null;
          next = nextGrowthMs(health, given, now)
        ) {
          now += next;
          const weight = weightAt(health, given, now) ?? -1;
          expect(weight).toBeGreaterThanOrEqual(last);
          last = weight;
        }
        expect(last).toBe(given.weight);
        if (given.slowStartMs !== null) expect(now).toBeLessThanOrEqual(given.slowStartMs + 20);
      }),
    );
  });
});
