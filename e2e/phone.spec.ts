/** The console on a phone: what has to be known and done at night, away from the desk. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const phone = { width: 390, height: 844 };

test.use({ contextOptions: { viewport: phone, hasTouch: true } });

/** Whole within the width of the screen, where it stands without anything being scrolled sideways. */
async function expectWithinWidth(target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const box = await target.boundingBox();
  expect(box?.x ?? -1, `left edge of ${target}`).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? phone.width + 1), `right edge of ${target}`).toBeLessThanOrEqual(
    phone.width,
  );
}

/** Neither the page nor a part of it was moved to the left. */
async function expectNothingMovedSideways(page: Page): Promise<void> {
  const moved = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('body *')]
      .filter(({ scrollLeft }) => scrollLeft > 0)
      .map(({ outerHTML }) => outerHTML.slice(0, 120)),
  );
  expect(moved).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width);
}

test('on a phone the state is read and the service is handed over, without scrolling sideways', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  const handOver = async (to: string): Promise<void> => {
    const button = page.getByRole('button', { name: 'Switch over…' });
    await expectWithinWidth(button);
    await button.tap();
    const dialog = page.getByRole('dialog');
    await expectWithinWidth(dialog);
    const confirm = dialog.getByRole('button', { name: `Switch over to ${to}`, exact: true });
    await expectWithinWidth(confirm);
    await expect(confirm).toBeInViewport({ ratio: 1 });
    await confirm.tap();
    await expect(dialog).toBeHidden({ timeout: 30_000 });
    await shoal.expectRouter(to, 'active');
  };

  await lab.rs2.stopHttp();
  const row = page
    .getByRole('table', { name: 'Health of web' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: /^rs2/ }) });
  const down = row.getByText('down', { exact: true });
  await expect(down).toHaveCount(2, { timeout: 30_000 });
  for (const word of await down.all()) await expectWithinWidth(word);
  await expect(row.getByRole('rowheader')).toContainText(/refused|answer|connect/);
  // How many there are depends on the specs before; they are not all up.
  await expectWithinWidth(page.getByText(/^(\d+) of (?!\1 )\d+ up, as r1/));
  await expectWithinWidth(shoal.router('r1').getByText('active', { exact: true }).first());
  await expectWithinWidth(shoal.router('r2').getByText('standby', { exact: true }).first());
  await expectWithinWidth(shoal.sync().getByText('in sync', { exact: true }));

  await handOver('r2');
  expect((await lab.r2.agent.status()).role).toBe('active');
  await shoal.expectRouter('r1', 'standby');
  await handOver('r1');
  await expectNothingMovedSideways(page);

  await page.goto('/clusters');
  const cluster = page.getByRole('table', { name: 'Clusters' }).getByRole('row').nth(1);
  for (const name of ['r1', 'r2']) await expectWithinWidth(cluster.getByText(name, { exact: true }));
  await expectWithinWidth(cluster.getByText(/real servers? (is|are) down/));
  await expectNothingMovedSideways(page);
  await lab.rs2.startHttp();
});
