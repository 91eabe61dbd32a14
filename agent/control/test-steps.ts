/** What the tests of the control part do again and again. */
import { expect } from 'vitest';
import { type ApplyRequest, apply } from './apply.ts';
import { exampleText, startTestRouter, type TestRouter } from './test-router.ts';

export const push = (test: TestRouter, text: string, more: Partial<ApplyRequest> = {}) =>
  apply(test.agent.router, { text, dryRun: false, confirmWithinSeconds: null, origin: 'push', ...more });

/** What the agent did to the kernel since the last look. */
export const changesOf = (test: TestRouter): string[] => test.kernel.changes.splice(0);

export async function activeRouter(text = exampleText()): Promise<TestRouter> {
  const test = await startTestRouter(text);
  expect(await test.pulse.effects.becomeActive()).toBe(true);
  await test.pass(1500);
  // The last thing that becoming active leaves on the disk.
  await expect.poll(() => test.agent.router.state.current.activeTold).toBe(true);
  changesOf(test);
  return test;
}

export const webTable = [
  '-A -t 192.0.2.100:80 -s wrr',
  '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1',
  '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 2',
];
export const threeServers = [
  ['rs1', '10.11.12.21', 1],
  ['rs2', '10.11.12.22', 2],
  ['rs3', '10.11.12.23', 3],
] as const;
