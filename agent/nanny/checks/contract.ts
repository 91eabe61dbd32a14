/** What every check kind has to do in every situation; each kind's test says how the situation looks for it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '#agent/runtime/clock.ts';
import { exec } from '#agent/runtime/exec.ts';
import type { CheckKind, CheckOptions } from '#lib/lvs/checks.ts';
import type { CheckDeps, Checker, CheckResult } from './checker.ts';
import type { Fixture } from './fixtures/tcp-servers.ts';

export type Situation =
  | 'up'
  | 'down'
  | 'refused'
  | 'timeout'
  | 'slow'
  | 'reset in the middle'
  | 'garbage'
  | 'more than expected';

export interface Scene<Kind extends CheckKind> {
  readonly serve: () => Promise<Fixture>;
  readonly options: CheckOptions[Kind];
  /** Null: a fault of this router, which judges nobody. */
  readonly ok: boolean | null;
  readonly evidence: RegExp;
}

/** Short, for scenes that run into it. */
export const LIMIT_MS = 300;

/** For scenes that end before it, on a busy machine, too. */
const PATIENT_MS = 10_000;

/** For kinds that start a program, which takes its time on a busy machine. */
export const PROGRAM_LIMIT_MS = 2000;

/** How late a check may end: a busy machine runs the tests beside others. */
export const LATENESS_MS = 10_000;

/** Where nothing listens: for kinds that ask by a program. */
export const nobody = async (): Promise<Fixture> => ({
  target: { address: '192.0.2.5', port: 53, source: null },
  received: () => '',
  open: () => 0,
  close: async () => {},
});

export const depsForTests = (signal: AbortSignal = new AbortController().signal): CheckDeps => ({
  clock: systemClock,
  exec,
  signal,
  hostname: 'r1',
  readCertificates: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null),
});

/** Makes one check of a server that lives just as long; it must have nothing open afterwards. */
export async function checkOnce<Kind extends CheckKind>(
  checker: Checker<Kind>,
  scene: Pick<Scene<Kind>, 'serve' | 'options'>,
  limitMs = PATIENT_MS,
): Promise<CheckResult & { readonly received: string }> {
  const fixture = await scene.serve();
  try {
    const result = await checker(fixture.target, scene.options, limitMs, depsForTests());
    await vi.waitFor(() => expect(fixture.open()).toBe(0), { timeout: 5000 });
    return { ...result, received: fixture.received() };
  } finally {
    await fixture.close();
  }
}

/** The contract suite; `scenes` names every situation, so that a new one cannot be forgotten. */
export function describeChecker<Kind extends CheckKind>(
  kind: Kind,
  checker: Checker<Kind>,
  scenes: Readonly<Record<Situation, Scene<Kind>>>,
  limitMs = LIMIT_MS,
): void {
  describe(`the contract of ${kind}`, () => {
    it.each(Object.entries<Scene<Kind>>(scenes))('%s', async (situation, scene) => {
      const result = await checkOnce(checker, scene, situation === 'timeout' ? limitMs : PATIENT_MS);
      expect(result).toMatchObject({ ok: scene.ok, evidence: expect.stringMatching(scene.evidence) });
      expect(result.evidence).not.toMatch(/[\r\n]/);
      expect(result.durationMs).toBeLessThan(limitMs + LATENESS_MS);
    });

    it('ends at once, without a judgement, when nobody waits for it any more', async () => {
      const fixture = await scenes.timeout.serve();
      const giveUp = new AbortController();
      const pending = checker(fixture.target, scenes.timeout.options, 60_000, depsForTests(giveUp.signal));
      giveUp.abort();
      expect((await pending).ok).toBeNull();
      await fixture.close();
    });
  });
}
