import { expect, test } from 'vitest';
import { plainMutants } from './plain-mutants.ts';
import { plainReplayHint, runPlainSeed } from './plain-run.ts';

/** PLAIN_SEED=4711 replays one seed with its trace; SIM_SEEDS and SIM_FROM choose more of them. */
const only = process.env.PLAIN_SEED;
const count = Number(process.env.SIM_SEEDS ?? 2000);
const from = Number(process.env.SIM_FROM ?? 1);

test.runIf(only !== undefined)('one seed without a key, with its trace', () => {
  const verdict = runPlainSeed(Number(only), { trace: true });
  process.stdout.write(`${verdict.trace.join('\n')}\n${plainReplayHint(verdict)}\n`);
  expect(verdict.violation).toBeNull();
});

test.skipIf(only !== undefined)(
  `one owner, and somebody who serves, in ${count} worlds without a cluster key`,
  { timeout: 60_000 + count * 100 },
  () => {
    for (let seed = from; seed < from + count; seed += 1) {
      const verdict = runPlainSeed(seed);
      if (verdict.violation !== null) expect.fail(plainReplayHint(verdict));
    }
  },
);

/** Worlds that a mutant may survive before it must have been seen. */
const PATIENCE = 1500;

test.skipIf(only !== undefined).for(Object.entries(plainMutants))(
  'the referee catches a machine without a key that %s',
  { timeout: 60_000 },
  ([, mutant]) => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= PATIENCE; seed += 1) {
      const { violation } = runPlainSeed(seed, { step: mutant.step });
      if (violation === null) continue;
      seen.add(violation.promise);
      if (violation.promise === mutant.promise) return;
    }
    expect.fail(`"${mutant.promise}" was not seen to break; these were: ${[...seen].join(', ')}`);
  },
);
