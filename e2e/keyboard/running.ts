/** Pushes and running routers by keyboard alone. */
import { configFile } from '#e2e/lab/agent-host.ts';
import { expect } from '../fixtures.ts';
import { fileOf, type Person } from './person.ts';

/** A weight of rs2 in the draft; returns it. */
async function change({ keys, shoal: { page }, button }: Person): Promise<string> {
  await keys.go('rs2', /\/servers$/);
  await keys.press(button('Edit rs2'));
  const dialog = await keys.dialog('Edit the real server rs2');
  const weight = dialog.getByLabel('Weight', { exact: true });
  const next = (await weight.inputValue()) === '3' ? '4' : '3';
  await keys.write(weight, next);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(button('Edit rs2')).toBeFocused();
  return next;
}

async function pushOnTrial(person: Person, message: string): Promise<void> {
  const { keys, shoal, field, button } = person;
  await keys.go('Changes', /\/changes$/);
  await keys.write(field('Message'), message);
  await keys.press(shoal.page.getByRole('checkbox', { name: /^On trial/ }), 'Space');
  await keys.reach(field('Length of the trial'));
  await shoal.page.keyboard.type('10');
  await keys.press(button('Push'));
  await expect(shoal.trial()).toBeVisible();
  await expect(shoal.pushResult('r1')).toContainText('on trial');
  await keys.expectSomewhere();
}

export async function safeChange(person: Person): Promise<void> {
  const { keys, shoal, lab, button, link, field } = person;
  const { page } = shoal;
  const next = await change(person);
  await keys.go('Changes', /\/changes$/);
  await keys.press(page.getByRole('tab', { name: 'In words' }), 'ArrowRight');
  await expect(page.getByRole('region', { name: 'Difference as lvs.cf' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Plan of r1 in words' })).toBeVisible();
  await keys.walk();
  await pushOnTrial(person, 'By keyboard');
  await keys.press(shoal.trial().getByRole('button', { name: 'Keep' }), 'Enter', 'Shift+Tab');
  await expect(shoal.trial()).toBeHidden();
  await keys.expectSomewhere();
  expect((await lab.r1.routingTable()).some((line) => line.endsWith(`-w ${next}`))).toBe(true);

  await change(person);
  await pushOnTrial(person, 'By keyboard, to be taken back');
  await keys.press(shoal.trial().getByRole('button', { name: 'Roll back now' }), 'Enter', 'Shift+Tab');
  await expect(shoal.trial()).toBeHidden();
  await keys.press(button('Discard the draft'));
  await keys.answer(await keys.dialog(/^Discard the change/), 'Discard the draft');
  await expect(page.getByText('Nothing to push')).toBeVisible();
  await keys.expectSomewhere();

  await keys.press(link(/^Compare two$/));
  await page.waitForURL(/compare/);
  await keys.press(field('To'), 'ArrowDown');
  await page.waitForURL(/to=\d+/);
  await keys.press(link('← Review and push'), 'Enter', 'Shift+Tab');
  await page.waitForURL(/changes$/);
  await keys.press(link(/^View revision/));
  await page.waitForURL(/changes\/\d+$/);
  const text = await fileOf(person, () => keys.press(link('As lvs.cf')));
  expect(text).toContain('virtual web {');
  await keys.press(button('Push again…'));
  const dialog = await keys.dialog(/^Push revision/);
  await keys.press(dialog.getByRole('checkbox', { name: /^On trial/ }), 'Space');
  await keys.press(dialog.getByRole('button', { name: /^Push revision/ }));
  await keys.press(dialog.getByRole('button', { name: 'Close' }).first());
  await expect(dialog).toBeHidden();
  await expect(button('Push again…')).toBeFocused();

  await keys.go('Changes', /\/changes$/);
  // The newest was made of the one before and equals it.
  const restore = page.getByRole('button', { name: /^Restore revision/ }).nth(2);
  const name = (await restore.getAttribute('aria-label')) ?? '';
  await keys.press(restore);
  await keys.answer(await keys.dialog(`${name} into the draft?`), name);
  await expect(page.getByRole('list', { name: 'Changes in words' })).toBeVisible();
  await expect(restore).toBeFocused();
  await keys.press(button('Discard the draft'), 'Enter', 'Shift+Tab');
  await keys.answer(await keys.dialog(/^Discard/), 'Discard the draft');
  await expect(page.getByText('Nothing to push')).toBeVisible();
}

export async function overrides({ keys, shoal, button }: Person): Promise<void> {
  const { page } = shoal;
  await keys.go('CONTROL', /\/control$/);
  await keys.walk();
  const row = shoal.healthRow('web', 'rs1');
  const trigger = button('Override rs1 of web');
  for (const [choice, shown] of [
    ['Drain', 'drained'],
    ['Undrain', 'up'],
    ['Disable', 'disabled'],
    ['Enable', 'up'],
  ] as const) {
    await keys.choose(trigger, `${choice}…`);
    await keys.answer(await keys.dialog(`${choice} rs1 of web?`), `${choice} rs1`);
    await expect(row.getByText(shown, { exact: true })).toHaveCount(2);
    await expect(trigger).toBeFocused();
  }
  await keys.choose(trigger, 'Fix weight…');
  const weight = await keys.dialog('Fix weight rs1 of web?');
  await keys.write(weight.getByLabel('Weight'), 'heavy');
  await page.keyboard.press('Enter');
  await expect(weight.getByLabel('Weight')).toBeFocused();
  await expect(weight.getByLabel('Weight')).toHaveAccessibleDescription(/A weight is a number/);
  await keys.write(weight.getByLabel('Weight'), '5');
  await page.keyboard.press('Enter');
  await expect(weight).toBeHidden();
  await expect(row).toContainText(/weight fixed at 5/);
  await expect(trigger).toBeFocused();
  await keys.choose(trigger, 'Free weight…');
  await keys.answer(await keys.dialog('Free weight rs1 of web?'), 'Free weight rs1');
  await expect(row).not.toContainText(/weight fixed/);

  await keys.go('rs2', /\/servers$/);
  for (const [verb, said] of [
    ['Drain', 'rs2: no new connections'],
    ['Undrain', 'rs2: in service again'],
  ] as const) {
    const box = page.getByRole('checkbox', { name: 'Choose rs2' });
    if (!(await box.isChecked())) await keys.press(box, 'Space');
    await keys.press(
      page
        .getByRole('region', { name: 'Chosen real servers' })
        .getByRole('button', { name: verb, exact: true }),
      'Enter',
      'Shift+Tab',
    );
    await expect(page.getByText(said)).toBeVisible();
  }
}

export async function routers({ keys, shoal, lab: { r2 }, button }: Person): Promise<void> {
  const { page } = shoal;
  await keys.go('CONTROL', /\/control$/);
  await r2.on(['sed', '-i', 's/weight = [0-9]*$/weight = 9/', configFile]);
  await keys.press(button('Take in from r2'));
  const takeIn = await keys.dialog(/^Take in what was changed on r2/);
  await page.keyboard.press('Escape');
  await expect(takeIn).toBeHidden();
  await expect(button('Take in from r2')).toBeFocused();
  await keys.press(button('Sync to backup'));
  await shoal.expectInSync();
  await keys.expectSomewhere();

  const service = shoal.router('r2').getByRole('button', { name: /service$/ });
  await keys.press(service);
  await keys.answer(await keys.dialog('Stop the service on r2?'), 'Stop service on r2');
  await shoal.expectRouter('r2', 'stopped');
  await expect(service).toBeFocused();
  await page.keyboard.press('Enter');
  await keys.answer(await keys.dialog('Start the service on r2?'), 'Start service on r2');
  await shoal.expectRouter('r2', 'standby');

  for (const [from, to] of [
    ['r1', 'r2'],
    ['r2', 'r1'],
  ] as const) {
    await keys.press(button('Switch over…'), 'Enter', 'Shift+Tab');
    await keys.answer(await keys.dialog(`Hand the service from ${from} to ${to}?`), `Switch over to ${to}`);
    await shoal.expectRouter(to, 'active');
    await shoal.expectRouter(from, 'standby');
    await keys.expectSomewhere();
  }
}
