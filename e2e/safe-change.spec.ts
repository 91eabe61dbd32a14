/** Two people, two truths: edits that meet, files changed by hand, and all of it by keyboard alone. */
import type { Locator, Page } from '@playwright/test';
import { configFile } from '#e2e/lab/agent-host.ts';
import { ConsolePage } from './console-page.ts';
import { expect, test } from './fixtures.ts';

test('two browsers edit the same virtual server: the second is told who changed what, keeps what was typed, and chooses; different fields both hold', async ({
  shoal,
  rested: lab,
}) => {
  expect(lab.routers.length).toBe(2);
  const other = new ConsolePage(await shoal.page.context().newPage());
  for (const each of [shoal, other]) await each.openVirtualServer('web');
  const reentry = (each: ConsolePage) => each.page.getByLabel('Re-entry time', { exact: true });
  const timeout = (each: ConsolePage) => each.page.getByLabel('Service timeout', { exact: true });
  const save = (each: ConsolePage) => each.page.getByRole('button', { name: 'Save', exact: true }).click();
  const stored = await reentry(shoal).inputValue();

  await reentry(shoal).fill('21');
  await save(shoal);
  await expect(shoal.page.getByText('Saved in the draft')).toBeVisible();

  await reentry(other).fill('33');
  await save(other);
  const notice = other.page.getByRole('status').filter({ hasText: 'saved this first' });
  await expect(notice).toContainText(/admin saved this first/);
  await expect(notice).toContainText(/21/);
  await expect(reentry(other)).toHaveValue('33');

  // Theirs is loaded, mine stays in sight, and is taken by a click.
  await other.page.getByRole('button', { name: /^Load what admin saved/ }).click();
  await expect(reentry(other)).toHaveValue('21');
  await expect(other.page.getByText('You had typed “33”')).toBeVisible();
  await other.page.getByRole('button', { name: 'Use mine' }).click();
  await expect(reentry(other)).toHaveValue('33');
  await save(other);
  await expect(other.page.getByText('Saved in the draft')).toBeVisible();

  // Now the first one is behind, but in another field: both hold, and the form shows both.
  await timeout(shoal).fill('7');
  await save(shoal);
  await expect(shoal.page.getByText('Saved in the draft')).toBeVisible();
  await expect(
    shoal.page.getByText(/^admin changed other fields meanwhile, and that stays: .*21.*33/),
  ).toBeVisible();
  await expect(reentry(shoal)).toHaveValue('33');
  // What the form shows now is what its next save is based on.
  await timeout(shoal).fill('8');
  await save(shoal);
  await expect(shoal.page.getByText(/^admin changed other fields meanwhile/)).toBeHidden();
  await expect(shoal.page.getByText('Saved in the draft')).toBeVisible();
  await shoal.page.reload();
  await expect(reentry(shoal)).toHaveValue('33');
  await expect(timeout(shoal)).toHaveValue('8');
  expect(stored).not.toBe('33');
  await other.page.close();
  await shoal.discardDraft();
});

test('two browsers have the dialog of one real server open: other fields of both hold, and the second is told', async ({
  shoal,
  rested,
}) => {
  expect(rested.routers.length).toBe(2);
  const other = new ConsolePage(await shoal.page.context().newPage());
  const dialog = (each: ConsolePage) => each.page.getByRole('dialog');
  const set = async (each: ConsolePage, field: string, value: string) => {
    await dialog(each).getByLabel(field, { exact: true }).fill(value);
    await dialog(each).getByRole('button', { name: 'Save' }).click();
    await expect(dialog(each)).toBeHidden();
  };
  for (const each of [shoal, other]) {
    await each.openVirtualServer('web', 'REAL SERVER');
    await each.page.getByRole('button', { name: 'Edit rs2' }).click();
  }
  await set(other, 'Weight', '6');
  const elsewhere = '10.11.12.77';
  await set(shoal, 'Address', elsewhere);
  await expect(
    shoal.page.getByText(
      /rs2 is saved in the draft.*admin changed other fields meanwhile, and that stays: .*6/,
    ),
  ).toBeVisible();
  const row = shoal.page
    .getByRole('row')
    .filter({ has: shoal.page.getByRole('button', { name: 'Edit rs2' }) });
  await expect(row).toContainText(elsewhere);
  await expect(row.getByRole('cell', { name: '6', exact: true })).toBeVisible();
  await other.page.close();
  await shoal.discardDraft();
});

test('what was changed on a router by hand is shown as a difference, overwritten, or taken in', async ({
  shoal,
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const { page } = shoal;
  const sumOf = async (router: typeof r1): Promise<string> =>
    (await router.on(['sha256sum', configFile])).split(' ')[0] ?? '';
  const edit = () => r2.on(['sed', '-i', 's/weight = [0-9]*$/weight = 9/', configFile]);
  await shoal.bringInSync();
  const original = await sumOf(r1);
  const card = page.getByRole('region', { name: 'r2 was changed by hand' });

  await shoal.open('changes');
  await edit();
  await card.getByRole('button', { name: 'Show the difference' }).click();
  await expect(card.getByRole('list', { name: 'Changes in words' })).toContainText(/rs1.*9/);
  expect(await sumOf(r2)).not.toBe(original);
  await card.getByRole('button', { name: 'Overwrite r2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Overwrite r2' }).click();
  // The card also goes while a router cannot be asked, so its absence alone says nothing about the file.
  await expect(page.getByText(/^Revision \d+ is on /).first()).toBeVisible({ timeout: 30_000 });
  expect(await sumOf(r2)).toBe(original);
  await expect(card).toBeHidden({ timeout: 30_000 });

  await edit();
  await card.getByRole('button', { name: 'Take in from r2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take in from r2' }).click();
  const waiting = page.getByRole('list', { name: 'Changes in words' }).last();
  await expect(waiting).toContainText(/rs1.*9/);
  // Taken in, it stands in the way of no push.
  await shoal.push('As it was set on r2');
  // The page still shows the result of the push before: the routers say when this one is over.
  const weights = async () => (await r1.routingTable()).some((line) => line.endsWith('-w 9'));
  await expect.poll(weights).toBe(true);
  await expect.poll(async () => (await sumOf(r2)) === (await sumOf(r1))).toBe(true);
  await expect(shoal.pushResult('r2')).toContainText('applied');
  await expect(card).toBeHidden({ timeout: 30_000 });
});

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, most = 160): Promise<void> {
  await target.first().waitFor();
  for (let step = 0; step < most; step += 1) {
    if (await target.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${most} times Tab did not reach ${target}`);
}

test('a change is made, reviewed, pushed on trial, kept, compared and pushed again by keyboard alone', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  await shoal.bringInSync();
  const press = async (target: Locator, key = 'Enter') => {
    await tabTo(page, target);
    await page.keyboard.press(key);
  };
  const link = (name: string | RegExp) => page.getByRole('link', { name });
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  // From the top of each page: a person without a mouse begins there.
  const top = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

  await press(link(/^VIRTUAL SERVERS$/));
  await page.waitForURL(/virtual-servers$/);
  await press(page.getByRole('link', { name: 'web', exact: true }));
  await page.waitForURL(/virtual-servers\/[^/]+$/);
  await press(link(/^REAL SERVER$/));
  await page.waitForURL(/servers$/);
  await press(button('Edit rs2'));
  const weight = page.getByRole('dialog').getByLabel('Weight', { exact: true });
  await tabTo(page, weight);
  await page.keyboard.press('ControlOrMeta+a');
  const next = (await weight.inputValue()) === '3' ? '4' : '3';
  await page.keyboard.type(next);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();

  await top();
  await press(link(/^Changes/));
  await page.waitForURL(/changes$/);
  await tabTo(page, page.getByLabel('Message', { exact: true }));
  await page.keyboard.type('By keyboard');
  await press(page.getByRole('checkbox', { name: /^On trial/ }), 'Space');
  await tabTo(page, page.getByLabel('Length of the trial'));
  await page.keyboard.type('10');
  await press(button('Push'));
  await expect(shoal.trial()).toBeVisible();
  await top();
  await press(shoal.trial().getByRole('button', { name: 'Keep' }));
  await expect(shoal.trial()).toBeHidden();
  expect((await lab.r1.routingTable()).some((line) => line.endsWith(`-w ${next}`))).toBe(true);

  await top();
  await press(link(/^Compare two$/));
  await page.waitForURL(/compare/);
  await tabTo(page, page.getByLabel('To', { exact: true }));
  await page.keyboard.press('ArrowDown');
  await press(link(/Review and push/));
  await page.waitForURL(/changes$/);
  await press(link(/^View revision/));
  await page.waitForURL(/changes\/\d+$/);
  await press(button('Push again…'));
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(button('Push again…')).toBeFocused();
});
