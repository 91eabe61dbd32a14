/** The panels and lists of the draft by keyboard alone. */
import type { Page } from '@playwright/test';
import { expect } from '../fixtures.ts';
import { fileOf, type Person } from './person.ts';

/** Panels of settings: faults at the field, saving, leaving without it. */
export async function settings({ keys, shoal: { page }, field, button }: Person): Promise<void> {
  const saved = page.getByText('Saved in the draft.').first();
  await keys.go('GLOBAL SETTINGS', /\/global$/);
  await keys.walk();
  await keys.write(field('TCP timeout'), 'soon');
  await page.keyboard.press('Enter');
  await expect(field('TCP timeout')).toBeFocused();
  await expect(field('TCP timeout')).toHaveAttribute('aria-invalid', 'true');
  await keys.write(field('TCP timeout'), '900');
  await page.keyboard.press('Enter');
  await expect(saved).toBeVisible();
  await keys.write(field('TCP timeout'), '901');
  await keys.press(page.getByRole('link', { name: 'REDUNDANCY', exact: true }), 'Enter', 'Shift+Tab');
  const leaving = await keys.dialog('Leave without saving?');
  await page.keyboard.press('Escape');
  await expect(leaving).toBeHidden();
  await expect(page.getByRole('link', { name: 'REDUNDANCY', exact: true })).toBeFocused();
  await keys.press(button('Discard changes'));
  await expect(field('TCP timeout')).toHaveValue('900');
  await keys.expectSomewhere();

  await keys.go('REDUNDANCY', /\/redundancy$/);
  await keys.walk();
  const backup = page.getByRole('switch', { name: 'Use a backup router' });
  const before = await backup.isChecked();
  await keys.press(backup, 'Space');
  await expect(backup).toBeChecked({ checked: !before });
  await page.keyboard.press('Space');
  await expect(backup).toBeChecked({ checked: before });
  await keys.write(field('Assume dead after'), '4');
  await page.keyboard.press('Enter');
  await expect(saved).toBeVisible();
}

/** Names of the rows of the list that the page shows, in order. */
const rowsOf = (page: Page): Promise<readonly (string | undefined)[]> =>
  page
    .getByRole('checkbox', { name: /^Choose (?!all )/ })
    .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')?.slice('Choose '.length)));

export async function virtualServers({ keys, shoal: { page }, button, link }: Person): Promise<void> {
  await keys.go('Add a virtual server', /\/virtual-servers\?add/);
  const dialog = await keys.dialog('Add a virtual server');
  const inDialog = (label: string) => dialog.getByLabel(label, { exact: true });
  await keys.write(inDialog('Name'), 'keys');
  await keys.write(inDialog('Virtual IP address'), '192.0.2.300');
  await page.keyboard.press('Enter');
  await expect(inDialog('Virtual IP address')).toBeFocused();
  await keys.write(inDialog('Virtual IP address'), '192.0.2.190');
  await keys.write(inDialog('Device'), 'eth0:9');
  await keys.write(inDialog('Application port'), '8080');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/servers$/);
  await keys.expectSomewhere();

  for (const number of [1, 2]) {
    await keys.press(button('Add real server'));
    const adding = await keys.dialog('Add a real server to keys');
    await keys.write(adding.getByLabel('Name', { exact: true }), `k${number}`);
    await keys.write(adding.getByLabel('Address', { exact: true }), `192.0.2.19${number}`);
    await page.keyboard.press('Enter');
    await expect(adding).toBeHidden();
    await expect.poll(() => rowsOf(page)).toHaveLength(number);
    await keys.expectSomewhere();
  }
  await keys.walk();
  await keys.choose(button('More for k1'), 'Clone');
  await expect.poll(() => rowsOf(page)).toEqual(['k1', 'k2', 'k1-copy']);
  await expect(button('More for k1')).toBeFocused();
  await keys.choose(button('More for k1-copy'), 'Move up');
  await expect.poll(() => rowsOf(page)).toEqual(['k1', 'k1-copy', 'k2']);
  await expect(button('More for k1-copy')).toBeFocused();
  await keys.press(button('Edit k2'));
  const editing = await keys.dialog('Edit the real server k2');
  await keys.write(editing.getByLabel('Weight', { exact: true }), '7');
  await keys.answer(editing, 'Save');
  await expect(button('Edit k2')).toBeFocused();

  const choose = (name: string) => page.getByRole('checkbox', { name: `Choose ${name}`, exact: true });
  await keys.press(choose('k1'), 'Space', 'Shift+Tab');
  await keys.press(choose('k2'), 'Space');
  await keys.write(page.getByLabel('New weight'), '5', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 real servers have the weight 5 in the draft.')).toBeVisible();
  await keys.expectSomewhere();
  await keys.press(button('Delete k1-copy'));
  await keys.answer(await keys.dialog('Delete the real server k1-copy?'), 'Delete k1-copy');
  await expect.poll(() => rowsOf(page)).toEqual(['k1', 'k2']);
  // The row behind the deleted one; its first control is the next stop.
  await expect(page.getByRole('row').filter({ has: choose('k2') })).toBeFocused();

  await keys.press(link('MONITORING SCRIPTS'), 'Enter', 'Shift+Tab');
  await page.waitForURL(/\/monitoring$/);
  await keys.walk();
  const send = page.getByLabel('Send', { exact: true });
  await keys.write(send, `GET /"it's" HTTP/1.0`);
  await keys.press(button('Save'));
  await expect(send).toBeFocused();
  await keys.write(send, 'QUIT');
  await keys.press(button('Save'));
  await expect(page.getByText('Saved in the draft.').first()).toBeVisible();
}

/** The list: search, copy, order, many at once, failover services, the draft as a file. */
export async function lists(person: Person): Promise<void> {
  const { keys, shoal, button, link } = person;
  const { page } = shoal;
  await keys.go('192.0.2.192', /\/servers$/, 'k2');
  await keys.go('VIRTUAL SERVERS', /\/virtual-servers$/);
  await keys.walk();
  await keys.choose(button('More for keys'), 'Clone');
  await expect.poll(() => rowsOf(page)).toEqual(['web', 'keys', 'keys-copy']);
  await keys.choose(button('More for keys-copy'), 'Move to the top');
  await expect.poll(() => rowsOf(page)).toEqual(['keys-copy', 'web', 'keys']);
  await expect(button('More for keys-copy')).toBeFocused();
  await keys.press(button('Deactivate web'));
  await expect(button('Activate web')).toBeFocused();
  await expect(button('Activate web')).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(button('Deactivate web')).toBeFocused();
  await keys.write(page.getByRole('searchbox', { name: 'Search the virtual servers' }), 'keys', 'Shift+Tab');
  await expect.poll(() => rowsOf(page)).toEqual(['keys-copy', 'keys']);
  await keys.press(page.getByRole('checkbox', { name: 'Choose all of this page' }), 'Space');
  await keys.press(button('Deactivate'), 'Enter', 'Shift+Tab');
  await expect(page.getByText('2 virtual servers inactive in the draft.')).toBeVisible();
  await keys.expectSomewhere();
  await keys.press(page.getByRole('checkbox', { name: 'Choose keys-copy' }), 'Space');
  await keys.press(button('Delete'), 'Enter', 'Shift+Tab');
  await keys.answer(await keys.dialog('Delete 1 virtual server?'), 'Delete 1 virtual server');
  await expect.poll(() => rowsOf(page)).toEqual(['keys']);
  await keys.expectSomewhere();

  await keys.go('Add a failover service', /\/failover\?add/);
  const dialog = await keys.dialog('Add a failover service');
  await keys.write(dialog.getByLabel('Name', { exact: true }), 'nightly');
  await keys.write(dialog.getByLabel('Virtual IP address', { exact: true }), '192.0.2.195');
  await keys.write(dialog.getByLabel('Device', { exact: true }), 'eth0:10');
  await keys.answer(dialog, 'Add failover service');
  await page.waitForURL(/\/monitoring$/);
  await keys.press(link(/^← /), 'Enter', 'Shift+Tab');
  await keys.press(button('Delete nightly'));
  await keys.answer(await keys.dialog('Delete the failover service nightly?'), 'Delete nightly');
  await expect(page.getByText('No failover services yet')).toBeVisible();
  await keys.expectSomewhere();

  const text = await fileOf(person, async () => {
    await page.keyboard.press('/');
    await expect(page.getByRole('combobox', { name: 'Search everything' })).toBeFocused();
    await page.keyboard.type('Download the draft');
    await page.keyboard.press('Enter');
  });
  expect(text).toContain('192.0.2.190 eth0:9');
  await keys.expectSomewhere();
}
