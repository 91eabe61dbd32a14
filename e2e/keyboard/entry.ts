/** Signing in and out, and the ways into the console for clusters and routers, by keyboard alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleConfig } from '#e2e/cluster/example.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import { expect } from '../fixtures.ts';
import type { Person } from './person.ts';

const user = (): string => process.env.SHOAL_TEST_USER ?? '';
const password = (): string => process.env.SHOAL_TEST_PASSWORD ?? '';

export async function signIn({ keys, shoal: { page }, field, button, link }: Person): Promise<void> {
  await expect(field('User')).toBeFocused();
  await keys.write(field('User'), user());
  await keys.write(field('Password'), 'not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').first()).toContainText('wrong');
  await keys.walk();
  await keys.write(field('Password'), password());
  await keys.press(button('Sign in'), 'Space');
  await page.waitForURL(/\/clusters/);
  await keys.press(link('Skip to the content'));
  await expect(page.locator('main')).toBeFocused();
}

/** The text of a router over SSH, then a text from a file that is mended in the editor and becomes a cluster. */
export async function importCluster({ keys, shoal: { page }, lab, field, button }: Person): Promise<void> {
  await keys.go('New cluster', /\/clusters\/new$/);
  await keys.walk();
  await keys.write(field('Address'), '192.0.2.999');
  await page.keyboard.press('Enter');
  await expect(field('Address')).toBeFocused();
  await expect(field('Address')).toHaveAccessibleDescription(/192\.0\.2\.999/);
  await keys.write(field('Address'), lab.r1.publicAddress);
  await keys.press(button('Look at its host key'));
  await expect(page.getByText(await lab.r1.fingerprint())).toBeVisible();
  await keys.press(button('The same: go on'));
  await keys.write(field('Path of lvs.cf'), '/etc/nothing.cf');
  await keys.press(page.getByRole('radio', { name: 'a password' }), 'ArrowDown');
  await keys.reach(field('Private key'));
  await page.keyboard.insertText(readFileSync(join(lab.folder, 'admin'), 'utf8'));
  await keys.press(button('Read the router'));
  await expect(field('Path of lvs.cf')).toBeFocused();
  await keys.write(field('Path of lvs.cf'), configFile);
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${lab.r1.publicAddress} was read; nothing was changed on it.`)).toBeVisible();
  await keys.expectSomewhere();

  await keys.press(page.getByRole('radio', { name: /^From a Piranha router/ }), 'ArrowDown', 'Shift+Tab');
  const chooser = page.waitForEvent('filechooser');
  await keys.press(button('Choose a file'));
  const text = exampleConfig().replace('scheduler = wrr', 'schedular = wrr');
  await (await chooser).setFiles({ name: 'vienna.cf', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await keys.press(page.getByRole('list', { name: 'Faults of the text' }).getByRole('button'));
  const editor = page.getByRole('textbox', { name: 'Text of the configuration' });
  await expect(editor).toBeFocused();
  // The word at fault is selected.
  await page.keyboard.type('scheduler');
  await expect(page.getByRole('list', { name: 'Faults of the text' })).toBeHidden();
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();
  await expect(button('Import')).toBeEnabled();
  await keys.write(field('Name of the cluster'), 'Example');
  await page.keyboard.press('Enter');
  await expect(field('Name of the cluster')).toHaveAccessibleDescription(/There is a cluster "Example"/);
  await expect(field('Name of the cluster')).toBeFocused();
  await keys.write(field('Name of the cluster'), 'By keys');
  await keys.press(button('Import'));
  await page.waitForURL(/\/routers\?imported/);
  await keys.expectSomewhere();
}

export async function enrol({ keys, shoal, lab, button }: Person): Promise<void> {
  const { page } = shoal;
  await keys.press(button('Add router'));
  const dialog = await keys.dialog('Add a router');
  const address = dialog.getByLabel('Address', { exact: true });
  const command = await dialog.locator('code').first().innerText();
  await keys.write(dialog.getByLabel('Name', { exact: true }), 'edge');
  await keys.write(address, '192.0.2.999');
  await page.keyboard.press('Enter');
  await expect(address).toHaveAttribute('aria-invalid', 'true');
  await expect(address).toBeFocused();
  await lab.r2.on(['shoalctl', 'enrol', /'(.*)'/.exec(command)?.[1] ?? '']);
  await keys.write(address, lab.r2.publicAddress);
  await page.keyboard.press('Enter');
  const question = await keys.dialog('Is this edge?');
  await expect(question).toContainText(await lab.r2.fingerprint());
  await keys.answer(question, 'The same: accept and connect');
  await expect(shoal.router('edge').getByText('connected', { exact: true })).toBeVisible();
  await keys.walk();
  await keys.press(button('Remove edge'));
  await keys.answer(await keys.dialog(/^Remove edge/), 'Remove edge');
  await expect(shoal.router('edge')).toHaveCount(0);
  await keys.expectSomewhere();
}

export async function clusters({ keys, shoal: { page }, button }: Person): Promise<void> {
  await keys.go('All clusters', /\/clusters$/);
  await keys.walk();
  await keys.press(button('Rename By keys'));
  const renaming = await keys.dialog('Rename By keys');
  await keys.write(renaming.getByLabel('Name of the cluster'), 'By keys alone');
  await page.keyboard.press('Enter');
  await expect(renaming).toBeHidden();
  await keys.press(button('Delete By keys alone'));
  await keys.answer(await keys.dialog('Delete the cluster By keys alone?'), 'Delete By keys alone');
  await expect(button('Delete By keys alone')).toHaveCount(0);
  await keys.expectSomewhere();
}

/** The look, the password there and back, and out. */
export async function account({ keys, shoal: { page }, field, button }: Person): Promise<void> {
  for (const theme of ['Dark', 'As the system']) {
    await keys.choose(button('Colour theme'), theme);
    await expect(page.locator('html.dark')).toHaveCount(theme === 'Dark' ? 1 : 0);
    await expect(button('Colour theme')).toBeFocused();
  }
  await keys.choose(button(`Account of ${user()}`), 'Change password');
  await page.waitForURL(/\/account$/);
  await keys.walk();
  const to = async (current: string, next: string, repeat = next) => {
    await keys.write(field('Current password'), current);
    await keys.write(field('New password'), next);
    await keys.write(field('New password again'), repeat);
    await page.keyboard.press('Enter');
  };
  const changed = async () => {
    await expect(field('Current password')).toHaveValue('');
    await expect(page.getByText('Password changed.')).toBeVisible();
  };
  const other = `${password()}-by-keyboard`;
  await to(password(), other, 'something else');
  await expect(field('New password again')).toBeFocused();
  await to('not my password', other);
  await expect(field('Current password')).toBeFocused();
  await to(password(), other);
  await changed();
  await keys.reach(field('Current password'), 'Shift+Tab');
  await to(other, password());
  await changed();
  await page.context().storageState({ path: process.env.SHOAL_TEST_SESSION ?? '' });
  await keys.choose(button(`Account of ${user()}`), 'Sign out');
  await page.waitForURL(/\/login/);
  await expect(field('User')).toBeFocused();
}
