/** What was decided about a real server while a router could not be told: owed, in sight, told later; or left to a person. */
import { join } from 'node:path';
import type { Lab } from '#e2e/lab/lab.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from '../fixtures.ts';

/** Runs a command on r2 from the private network: the lab's own way leads over the public one. */
async function onR2FromInside({ rs3, r2, folder }: Lab, script: string): Promise<void> {
  const options = ['-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null', '-oBatchMode=yes'];
  const login = ['-F', 'none', '-i', join(folder, 'admin'), ...options, `root@${r2.privateAddress}`];
  const { code, stderr } = await rs3.exec(['ssh', ...login, '--', script], { timeoutMs: 30_000 });
  expect(code, stderr).toBe(0);
}

test('a decision that one router could not be told is owed, in sight on every page, and told when it answers; one that was decided otherwise there waits for a person', async ({
  rested: lab,
  shoal,
}) => {
  const { r1, r2 } = lab;
  const { page } = shoal;
  const held = async (router: Router) =>
    (await router.agent.status()).health
      .filter(({ realServer }) => realServer === 'rs1')
      .flatMap(({ overrides = [] }) => overrides.map(({ kind }) => kind));
  const owed = page.getByRole('list', { name: 'Not sent yet' });
  const bar = page.getByRole('status').filter({ hasText: 'did not reach every router' });
  const away = async () => {
    await r2.cutOff('pub');
    await shoal.expectRouter('r2', 'unreachable');
  };
  const back = async () => {
    await r2.joinAgain('pub');
    await shoal.expectRouter('r2', 'standby');
  };
  try {
    await away();
    await shoal.override('rs1', 'Drain');
    await expect(owed).toContainText('r2 was not told: drain rs1 of web');
    await expect(owed).toContainText('r2 cannot be asked; it is told when it answers.');
    expect(await held(r1)).toEqual(['drain']);
    for (const panel of ['global', 'virtual-servers', 'changes'] as const) {
      await shoal.open(panel);
      await expect(bar).toContainText('1 decision about real servers did not reach every router.');
    }
    await bar.getByRole('link', { name: 'See them' }).click();
    await expect(owed).toBeVisible();
    await back();
    await expect(owed).toBeHidden();
    expect(await held(r2)).toEqual(['drain']);
    expect((await r2.routingTable()).find((line) => line.includes(` -r ${lab.rs1.address}:80 `))).toMatch(
      /-w 0$/,
    );

    await away();
    await shoal.override('rs1', 'Undrain');
    await expect(owed).toContainText('r2 was not told: put rs1 of web back into service');
    // By the clock of the router, too, later than what was decided here.
    const now = Math.ceil(Date.now() / 1000);
    await onR2FromInside(
      lab,
      `while [ "$(date +%s)" -le ${now} ]; do sleep 0.2; done; shoalctl disable web rs1`,
    );
    await back();
    await expect(owed).toContainText(
      /It was decided otherwise on r2 since: disabled by .*only if you say so/,
    );
    await shoal.open('redundancy');
    await expect(bar).toContainText('1 waits for a person');
    expect(await held(r2)).toEqual(['disable']);
    expect(await held(r1)).toEqual([]);
    await shoal.open('control');
    await owed.getByRole('button', { name: /^Send it all the same/ }).click();
    await expect(owed).toBeHidden();
    expect(await held(r2)).toEqual([]);
  } finally {
    await r2.joinAgain('pub');
    await r2.agent.waitUntilAnswers();
    for (const router of lab.routers)
      for (const method of ['server.undrain', 'server.enable'] as const)
        await router.agent.rpc.request(method, { virtualServer: 'web', realServer: 'rs1' });
  }
});
