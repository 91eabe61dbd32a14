/** A router that is lost in the middle of a push: nobody says more than is known, and the record ends true. */
import { until } from '#e2e/lab/process.ts';
import { expect, test } from '../fixtures.ts';

test('a router lost in the middle of a push is unknown until it answers again; then the record says what it runs', async ({
  shoal,
  rested: lab,
}) => {
  test.setTimeout(240_000);
  const { page } = shoal;
  const { r1, r2 } = lab;
  await shoal.bringInSync();
  const weight = await shoal.changeWeight();
  const path = (await r2.on(['sh', '-c', 'command -v ipvsadm'])).trim();
  // The batch takes its time on r2, so that the cable can be cut while it runs.
  await r2.sh(
    `mv ${path} ${path}.real && printf '#!/bin/sh\\ncase "$*" in *-R*) sleep 12;; esac\\nexec ${path}.real "$@"\\n' > ${path} && chmod +x ${path}`,
  );
  try {
    await shoal.open('changes');
    await shoal.push('Lost on the way');
    const steps = page.getByRole('region', { name: 'Push in progress' });
    await expect(steps.getByRole('listitem').filter({ hasText: 'r2' })).toContainText('being sent');
    await expect(steps.getByRole('listitem').filter({ hasText: 'r1' })).toContainText('waits');
    await r2.cutOff('pub');
    // Why r1 was skipped names r2.
    const resultOf = (name: string) =>
      page
        .getByRole('table', { name: 'Result of the push' })
        .getByRole('row', { name: new RegExp(`^${name} `) });
    await expect(resultOf('r2')).toContainText('unknown', { timeout: 60_000 });
    await expect(resultOf('r1')).toContainText('skipped');
    expect((await r1.routingTable()).some((line) => line.endsWith(`-w ${weight}`))).toBe(false);

    await r2.joinAgain('pub');
    const row = page
      .getByRole('table', { name: 'Revisions' })
      .getByRole('row')
      .filter({ hasText: 'Lost on the way' });
    const took = async () => (await r2.routingTable()).some((line) => line.endsWith(`-w ${weight}`));
    await until('r2 to have applied what it got', took, { timeoutMs: 60_000, everyMs: 500 });
    await expect(async () => {
      await page.reload();
      await expect(row).toContainText(/r2 applied/, { timeout: 2000 });
    }).toPass({ timeout: 60_000 });
    await shoal.open('control');
    await shoal.expectRouter('r2', 'standby', 60_000);
    await expect(shoal.sync()).toContainText('backup behind');
  } finally {
    await r2.sh(`mv ${path}.real ${path}`);
  }
});
