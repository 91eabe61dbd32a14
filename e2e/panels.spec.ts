/** The panels by mouse and keyboard: search, palette, clone, bulk changes, and what was typed is not lost. */
import { expect, test } from './fixtures.ts';

test('an address is found by the palette, by keyboard alone, and leads to its real server', async ({
  shoal,
}) => {
  const { page } = shoal;
  const field = page.getByRole('combobox', { name: 'Search everything' });
  // A page listens to keys from the moment its program runs in the browser.
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(field).toBeVisible({ timeout: 5000 });
  }).toPass();
  await field.fill('10.11.12.21');
  await expect(page.getByRole('option', { name: /rs1/ }).first()).toBeVisible();
  await expect(page.getByRole('option', { name: /rs2/ })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/servers$/);
  await expect(field).toBeHidden();
  await page.keyboard.press('/');
  await expect(field).toBeVisible();
  await field.fill('redund');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/redundancy$/);
});

test('a virtual server is cloned, found by its real server, and deleted with others at once', async ({
  shoal,
}) => {
  const { page } = shoal;
  await shoal.open('virtual-servers');
  const row = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  for (const copy of ['web-copy', 'web-copy2']) {
    await page.getByRole('button', { name: 'More for web', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Clone' }).click();
    await expect(row(copy).getByRole('cell', { name: 'no', exact: true })).toBeVisible();
  }
  await page.getByRole('searchbox', { name: 'Search the virtual servers' }).fill('web-copy');
  await expect(row('web')).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Choose all of this page' }).check();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete 2 virtual servers' }).click();
  await expect(page.getByText('Nothing has “web-copy”')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search the virtual servers' }).fill('');
  await expect(row('web')).toBeVisible();
});

test('Back and a link ask before typed input is lost, and do not ask after it is saved', async ({
  shoal,
}) => {
  const { page } = shoal;
  await shoal.open('virtual-servers');
  await page.getByRole('link', { name: 'web', exact: true }).click();
  const field = page.getByLabel('Persistence', { exact: true });
  const before = await field.inputValue();
  await field.fill('77');
  await page.goBack();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await expect(field).toHaveValue('77');
  await page.goBack();
  await dialog.getByRole('button', { name: 'Leave and lose the changes' }).click();
  await page.waitForURL(/\/virtual-servers$/);
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await expect(field).toHaveValue(before);
  await field.fill('78');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  // While the save is under way: it is waited for, not asked about.
  await page.getByRole('link', { name: '← All virtual servers' }).click();
  await page.waitForURL(/\/virtual-servers$/);
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await expect(field).toHaveValue('78');
  await field.fill(before);
  // In the moment in which the page says that it is saved, before any effect of React's has run.
  await page.evaluate(() => {
    const seen = new MutationObserver(() => {
      if (!document.body.innerText.includes('Saved in the draft.')) return;
      seen.disconnect();
      for (const link of document.querySelectorAll('a'))
        if (link.textContent === '← All virtual servers') link.click();
    });
    seen.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/virtual-servers$/);
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await expect(field).toHaveValue(before);
});

test('a menu of the header opens without moving a page that is longer than its window', async ({ shoal }) => {
  const { page } = shoal;
  await page.setViewportSize({ width: 1440, height: 420 });
  await shoal.open('global');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('GLOBAL SETTINGS');
  const facts = () => page.evaluate(() => [window.scrollY, document.documentElement.scrollHeight > 420]);
  expect(await facts()).toEqual([0, true]);
  await page.getByRole('button', { name: /choose another/ }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await facts()).toEqual([0, true]);
});
