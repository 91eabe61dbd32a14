/** kill -9 of the agent at every point of an apply, on a real kernel and a real disk. */
import { applyConfig, withPatience } from '#e2e/cluster/by-hand.ts';
import { type KernelAndFile, kernelAndFile, variantTexts } from '#e2e/cluster/variants.ts';
import { runningText } from '#e2e/cluster/virtual-servers.ts';
import { expect, test } from '#e2e/fixtures.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import { projectRoot, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';

const order = '/run/lab-kill-order';
const trace = '/run/lab-kill-points';

test('the agent is killed at each point of an apply: one configuration stands, whole, and clients notice nothing', async ({
  rested: lab,
}) => {
  test.setTimeout(1_500_000);
  const { r1 } = lab;
  const giveBack = await withPatience(lab);
  const base = await runningText(r1);
  const endKilling = await r1.agent.runWith(
    `NODE_OPTIONS=--import=${projectRoot}/e2e/lab/router/kill-points.mjs`,
  );
  try {
    const texts = variantTexts(base);
    const whole: KernelAndFile[] = [];
    for (const text of texts) {
      await applyConfig(r1, text);
      whole.push(await kernelAndFile(r1));
    }
    expect(whole[0]).not.toEqual(whole[1]);
    await applyConfig(r1, texts[0] ?? '');

    const probe = await lab.client.probe(vip);
    const killedAt: string[] = [];
    const outcomes = new Set<string>();
    let current = 0;
    for (let point = 1; ; point += 1) {
      const next = 1 - current;
      const { runId } = await until('the agent to answer', () => r1.agent.status(), { timeoutMs: 60_000 });
      await r1.on(['sh', '-c', `rm -f ${trace} && echo ${point} >${order}`]);
      // A session that ends is the kill.
      const result = await r1.agent.rpc
        .request('config.apply', { text: texts[next] ?? '' }, 30_000)
        .catch((error: unknown) => String(error));
      const file = await r1.readFile(configFile);
      expect(texts, `point ${point}: the file is never torn`).toContain(file);
      const left = (
        await r1.on(['sh', '-c', `rm ${order} 2>/dev/null && echo over; tail -n 1 ${trace}`])
      ).trim();
      if (left.startsWith('over')) {
        expect(result, 'no point is left').toMatchObject({ applied: true });
        break;
      }
      const name = `${point} ${left}`;
      killedAt.push(name);
      await until(
        `an agent that is active after the kill at ${name}`,
        async () => {
          const status = await r1.agent.status();
          return status.runId !== runId && status.role === 'active';
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
      current = texts.indexOf(await r1.readFile(configFile));
      outcomes.add(current === next ? 'new' : 'old');
      await expect(async () => expect(await kernelAndFile(r1)).toEqual(whole[current]), name).toPass({
        timeout: 60_000,
        // A look is five programs of the emulator, which the agent has to share with them.
        intervals: [2000],
      });
      expect((await r1.agent.status()).config.hash, name).toBe((await r1.agent.status()).config.fileHash);
    }
    const report = await probe.stop();
    console.log(`killed at ${killedAt.length} points: ${killedAt.join('; ')}; ${JSON.stringify(report)}`);
    expect(killedAt.length).toBeGreaterThanOrEqual(20);
    for (const part of ['state.json', 'lvs.cf', 'ipvsadm -R', 'ipvsadm --set', 'ip -batch', 'nft -f'])
      expect(killedAt.join('; ')).toContain(part);
    expect([...outcomes].sort()).toEqual(['new', 'old']);
    expect(report.refused).toBe(0);
  } finally {
    await r1.on(['rm', '-f', order, trace]);
    await endKilling();
    await giveBack();
  }
});
