import { expect, it } from 'vitest';
import { playwrightSum } from './playwright-sum.mjs';

const spec = (title: string, status: string, message?: string) => ({
  title,
  ok: status !== 'unexpected',
  file: 'push.spec.ts',
  line: 7,
  tests: [{ status, results: [{ errors: message === undefined ? [] : [{ message }] }] }],
});

it('a report names each test that failed, in suites of suites, too, and one that passed at its second try', () => {
  const report = {
    stats: { expected: 5 },
    errors: [{ message: 'No tests found.\nTry another name.' }],
    suites: [
      {
        specs: [spec('serves', 'expected')],
        suites: [
          {
            specs: [
              spec('rolls back', 'unexpected', '\u001b[31mTimed out\u001b[39m\n  at …'),
              spec('waits', 'flaky'),
            ],
          },
        ],
      },
    ],
  };
  expect(playwrightSum(report)).toEqual({
    passed: 5,
    failures: ['push.spec.ts:7 rolls back: Timed out', 'push.spec.ts:7 waits: it failed', 'No tests found.'],
  });
});
