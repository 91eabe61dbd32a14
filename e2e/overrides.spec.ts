/** An administrator decides about real servers in the browser: it holds on both routers, whatever the agent goes through. */
import { withPatience } from '#e2e/cluster/by-hand.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from './fixtures.ts';

test('drain, disable and a fixed weight from the browser fail no request, and outlive a push and kill -9', async ({
  rested: lab,
  shoal,
}) => {
  const { r1, rs1, rs2 } = lab;
  /** The weight of a real server in the kernel's table; null: not in it. */
  const weightOn = async (
    router: Router,
    { address }: { readonly address: string },
  ): Promise<number | null> => {
    const line = (await router.routingTable()).find((each) => each.includes(` -r ${address}:80 `));
    return line === undefined ? null : Number(/-w (\d+)/.exec(line)?.[1]);
  };
  const weightsOn = async (router: Router) => [await weightOn(router, rs1), await weightOn(router, rs2)];
  const row1 = shoal.healthRow('web', 'rs1');
  const row2 = shoal.healthRow('web', 'rs2');
  let giveBack = await withPatience(lab);
  // A real server that takes requests into nothing answers never; a busy emulator answers within seconds.
  const probe = await lab.client.probe(vip, 80, 5000);
  try {
    // No new connections first, so that none is open when it leaves the table.
    await shoal.override('rs1', 'Drain', (dialog) =>
      expect(dialog).toContainText('those that are open go on'),
    );
    await expect(row1.getByText('drained', { exact: true })).toHaveCount(2);
    for (const router of lab.routers) await expect.poll(() => weightOn(router, rs1)).toBe(0);
    await shoal.override('rs1', 'Disable', (dialog) =>
      expect(dialog).toContainText('open connections break'),
    );
    await expect(row1.getByText('disabled', { exact: true })).toHaveCount(2);
    await expect(row1).toContainText(/disabled by \S+/);
    await shoal.override('rs2', 'Fix weight', (dialog) => dialog.getByLabel('Weight').fill('5'));
    await expect(row2).toContainText(/weight fixed at 5 by \S+/);
    for (const router of lab.routers) await expect.poll(() => weightsOn(router)).toEqual([null, 5]);

    const { runId } = await r1.agent.status();
    await r1.agent.kill();
    const adopted = await until(
      'another agent to run',
      async () => {
        const now = await r1.agent.status();
        return now.runId !== runId && now.role === 'active' && now;
      },
      { timeoutMs: 60_000 },
    );
    const kinds = adopted.health.map(({ realServer, overrides = [] }) => [realServer, overrides[0]?.kind]);
    expect(kinds.slice(0, 2)).toEqual([
      ['rs1', 'disable'],
      ['rs2', 'weight'],
    ]);
    expect(await weightsOn(r1)).toEqual([null, 5]);
    await giveBack();
    giveBack = async () => {};
    expect(await weightsOn(r1)).toEqual([null, 5]);

    await shoal.expectRouter('r1', 'active');
    await shoal.override('rs1', 'Enable');
    await shoal.override('rs2', 'Free weight');
    for (const router of lab.routers) await expect.poll(() => weightsOn(router)).toEqual([1, 1]);
    const report = await probe.stop();
    expect(report.refused).toBe(0);
    expect(report.answered).toBeGreaterThan(100);
    // One whose first packet the emulator lost may still be one too many for the limit.
    expect(report.late).toBeLessThan(report.answered / 100);
  } finally {
    for (const router of lab.routers) {
      for (const method of ['server.undrain', 'server.enable'] as const)
        await router.agent.rpc.request(method, { virtualServer: 'web', realServer: 'rs1' });
      const freed = { virtualServer: 'web', realServer: 'rs2', weight: null };
      await router.agent.rpc.request('server.setWeight', freed);
    }
    await giveBack();
  }
});
