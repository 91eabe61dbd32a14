/** One of every ten commands that the agent gives to the kernel fails, in one of three ways. */
import { applyConfig } from '#e2e/cluster/by-hand.ts';
import { type KernelAndFile, kernelAndFile, variantTexts } from '#e2e/cluster/variants.ts';
import { runningText } from '#e2e/cluster/virtual-servers.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { projectRoot, vip } from '#e2e/lab/places.ts';

const APPLIES = 40;
const LIMIT_MS = 60_000;
const PROBE_LIMIT_MS = 5000;
const order = '/run/lab-errors';

test('with one of every ten kernel commands failing each apply ends in one configuration, whole, and clients notice nothing', async ({
  rested: lab,
}) => {
  test.setTimeout(1_500_000);
  const { r1, r2 } = lab;
  const base = await runningText(r1);
  // A router that cannot program its kernel rightly hands over; here it is alone with its trouble.
  await r2.agent.stop();
  const giveBack = await r1.agent.runWith(
    `NODE_OPTIONS=--import=${projectRoot}/e2e/lab/router/command-errors.mjs`,
  );
  const apply = (text: string) => r1.agent.rpc.request('config.apply', { text }, LIMIT_MS);
  try {
    const texts = variantTexts(base);
    const whole: KernelAndFile[] = [];
    for (const text of texts) {
      expect(await apply(text)).toMatchObject({ applied: true });
      whole.push(await kernelAndFile(r1));
    }
    expect(whole[0]).not.toEqual(whole[1]);
    const probe = await lab.client.probe(vip, 80, PROBE_LIMIT_MS);
    await r1.writeFile(order, '');
    const outcomes = { applied: 0, failed: 0, takenBackLater: 0, repairedLater: 0 };
    let current = 1;
    for (let number = 0; number < APPLIES; number += 1) {
      const next = 1 - current;
      const { applied, failure } = await apply(texts[next] ?? '');
      if (applied) {
        outcomes.applied += 1;
        current = next;
      } else {
        outcomes.failed += 1;
        expect(failure, 'the failure is told in the words of the program').toContain('injected');
        if (failure?.includes('the agent goes on trying')) outcomes.takenBackLater += 1;
      }
      const now = await kernelAndFile(r1);
      expect(now.file, 'the file is the one or the other, never torn').toBe(texts[current]);
      if (JSON.stringify(now) === JSON.stringify(whole[current])) continue;
      // The way back met an error itself, or an injected one hit a command that repairs.
      outcomes.repairedLater += 1;
      const isWhole = async (): Promise<void> => expect(await kernelAndFile(r1)).toEqual(whole[current]);
      await expect(isWhole, `apply ${number}: ${failure}`).toPass({ timeout: 60_000, intervals: [1000] });
    }
    const report = await probe.stop();
    const injected = (await r1.readFile(order)).trim().split('\n');
    console.log(`${JSON.stringify(outcomes)}, ${injected.length} errors, ${JSON.stringify(report)}`);
    console.log(injected.join('\n'));
    expect(injected.length).toBeGreaterThan(10);
    expect(outcomes.failed).toBeGreaterThan(2);
    // An apply gives about ten commands itself: few of them meet no error.
    expect(outcomes.applied).toBeGreaterThan(0);
    expect({ refused: report.refused, late: report.late }).toEqual({ refused: 0, late: 0 });
  } finally {
    await r1.on(['rm', '-f', order]);
    await giveBack();
    await applyConfig(r1, base);
    await r2.agent.start();
  }
});
