import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { reload } from './reload.ts';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, startTestRouter } from './test-router.ts';
import { activeRouter, changesOf, push, webTable } from './test-steps.ts';

afterEach(cleanUp);

/** The end is gone, and with it the second real server. */
const cutText = (serial: number): string => {
  const whole = exampleText({ serial });
  return whole.slice(0, whole.indexOf('server rs2'));
};

describe('a file that looks cut off', () => {
  it('is not taken in by a reload: what runs goes on, and the answer says where it ends and what to do', async () => {
    const test = await activeRouter();
    writeFileSync(test.configPath, cutText(2));
    const answer = await reload(test.agent.router);
    expect(answer.applied).toBe(false);
    expect(answer.diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'unclosed-block',
        severity: 'error',
        message: expect.stringMatching(/ends inside virtual server "web", .* so serial 1 runs on$/),
        hint: expect.stringContaining('write the missing "}"'),
      }),
    );
    expect(changesOf(test)).toEqual([]);
    expect(test.agent.router.running?.serial).toBe(1);
    expect(test.events('config-refused').join()).toContain('It looks cut off');

    writeFileSync(test.configPath, `${cutText(2)}}\n`);
    expect((await reload(test.agent.router)).applied).toBe(true);
    expect(shownTable(test.kernel)).toEqual(webTable.slice(0, 2));
  });

  it('is not pushed either, and the plan of the push says so before', async () => {
    const test = await activeRouter();
    for (const dryRun of [true, false]) {
      const answer = await push(test, cutText(2), { dryRun });
      expect(answer.diagnostics).toContainEqual(
        expect.objectContaining({ code: 'unclosed-block', severity: 'error' }),
      );
      expect(answer).toMatchObject({ applied: false, commands: [] });
    }
    expect(shownTable(test.kernel)).toEqual(webTable);
  });

  it('does not replace the last good one at a start', async () => {
    const test = await activeRouter();
    test.kill();
    writeFileSync(test.configPath, cutText(2));
    const next = await test.restart();
    await next.pass(5000);
    expect(next.agent.router.running?.serial).toBe(1);
    expect(changesOf(next)).toEqual([]);
    expect((await statusOf(next.agent.router)).problems.join()).toMatch(
      /is not used.*It looks cut off, so it is not taken.*The last good configuration runs, serial 1/,
    );
  });

  it('runs where there is no other, as with Piranha, with a problem that stays until it is whole', async () => {
    const test = await startTestRouter(cutText(1));
    const problems = async () => (await statusOf(test.agent.router)).problems.join();
    expect(test.agent.router.running?.serial).toBe(1);
    expect(test.pulse.fault).toBeNull();
    expect(await problems()).toMatch(/ends inside virtual server "web".*If it was cut off/);
    expect((await reload(test.agent.router)).applied).toBe(true);
    expect(await problems()).toContain('If it was cut off');
    test.kill();
    const next = await test.restart();
    expect(next.agent.router.running?.serial).toBe(1);

    writeFileSync(next.configPath, exampleText({ serial: 2 }));
    expect((await reload(next.agent.router)).applied).toBe(true);
    expect((await statusOf(next.agent.router)).problems).toEqual([]);
  });

  it('comes back by a roll back where it ran before', async () => {
    const test = await startTestRouter(cutText(1));
    const before = test.agent.router.running?.text ?? '';
    expect((await push(test, exampleText({ serial: 2 }))).applied).toBe(true);
    expect((await push(test, before, { origin: 'rollback' })).applied).toBe(true);
  });
});
