/** A router that shows another host key than the pinned one gets nothing. */
import { expect, test } from './fixtures.ts';

// A console that has met a stranger in the place of r2 speaks to r2 in no other test before a person accepts its key.
test.afterEach(async ({ shoal, lab }) => {
  await shoal.open('routers');
  const card = shoal.router('r2');
  const accept = card.getByRole('button', { name: 'Accept this host key' });
  await expect(accept.or(card.getByText('connected', { exact: true })).first()).toBeVisible();
  if (!(await accept.isVisible())) return;
  await card.getByLabel(/Fingerprint of r2/).fill(await lab.r2.fingerprint());
  await accept.click();
  await expect(card.getByText('connected', { exact: true })).toBeVisible();
});

test('a changed host key stops the push with a clear message, until a person has accepted a key', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  const { r1, r2 } = lab;
  await shoal.bringInSync();
  const before = { r1: (await r1.agent.status()).config.hash, r2: (await r2.agent.status()).config.hash };
  const pinned = await r2.fingerprint();
  await r2.replaceHostKey();
  try {
    await shoal.expectRouter('r2', 'host key changed', 60_000);
    await expect(shoal.router('r2')).toContainText(pinned);

    await shoal.open('global');
    const timeout = page.getByLabel('TCP timeout', { exact: true });
    await timeout.fill((await timeout.inputValue()) === '901' ? '902' : '901');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Saved in the draft.')).toBeVisible();
    await shoal.open('changes');
    await shoal.push('With a stranger in the place of r2');
    await expect(page.getByText(/host key/i).first()).toBeVisible();
    await expect(page.getByText(/nothing was sent/i).first()).toBeVisible();
    expect((await r1.agent.status()).config.hash).toBe(before.r1);
    expect((await r2.agent.status()).config.hash).toBe(before.r2);
  } finally {
    await r2.restoreHostKey();
  }

  await shoal.open('routers');
  await shoal
    .router('r2')
    .getByLabel(/Fingerprint of r2/)
    .fill(pinned);
  await shoal.router('r2').getByRole('button', { name: 'Accept this host key' }).click();
  await expect(shoal.router('r2').getByText('connected', { exact: true })).toBeVisible();
  await shoal.open('changes');
  await shoal.push('The true r2 again');
  await expect(shoal.pushResult('r1')).toContainText('applied');
  await expect(shoal.pushResult('r2')).toContainText('applied');
});
