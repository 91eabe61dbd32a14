/** A push on trial: the routers take it back by themselves, with nobody looking; kept or taken back at once by a click. */
import { until } from '#e2e/lab/process.ts';
import { ConsolePage } from './console-page.ts';
import { expect, test } from './fixtures.ts';

test('a push on trial rolls back on the routers with the browser closed, and is told until somebody has read it', async ({
  shoal,
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  await shoal.bringInSync();
  const before = (await r1.agent.status()).config.hash;
  const tables = async () => [(await r1.routingTable()).sort(), (await r2.routingTable()).sort()];
  const tablesBefore = await tables();

  const weight = await shoal.changeWeight();
  await shoal.open('changes');
  await expect(shoal.page.getByRole('list', { name: 'Plan of r1 in words' })).toContainText(
    `rs2 (${lab.rs2.address}:80) of web: weight`,
  );
  await expect(shoal.page.getByRole('list', { name: 'Plan of r1 in words' })).toContainText(
    'Nothing else changes; no connection is touched',
  );
  await shoal.pushOnTrial('Only a try', '30 seconds');
  await expect(shoal.pushResult('r1')).toContainText('on trial');
  await expect(shoal.pushResult('r2')).toContainText('on trial');
  await expect(shoal.trial().getByRole('timer')).toContainText(/^\d+ s$/);
  for (const lines of await tables()) expect(lines.some((line) => line.endsWith(`-w ${weight}`))).toBe(true);

  const context = shoal.page.context();
  await shoal.page.close();
  const areBack = async () => {
    for (const router of [r1, r2]) {
      const { hash, fileHash } = (await router.agent.status()).config;
      if (hash !== before || fileHash !== before) return false;
    }
    return true;
  };
  await until('both routers to roll back by themselves', areBack, { timeoutMs: 90_000, everyMs: 1000 });
  expect(await tables()).toEqual(tablesBefore);

  const later = new ConsolePage(await context.newPage());
  await later.open('control');
  const notice = later.page.getByRole('status').filter({ hasText: 'A push was rolled back' });
  await expect(notice).toContainText(/was on trial for 30 seconds and was not kept: r1 and r2 went back/);
  await expect(later.page.getByText('1 change waits')).toBeVisible();
  await later.open('changes');
  await expect(
    later.page.getByRole('table', { name: 'Revisions' }).getByRole('row').filter({ hasText: 'Only a try' }),
  ).toContainText('rolled back');
  await later.page.getByRole('button', { name: 'I have read this' }).click();
  await expect(notice).toBeHidden();
  await later.page.reload();
  await expect(later.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(notice).toBeHidden();
  await later.discardDraft();
});

test('a push on trial stays by Keep, and is taken back at once by Roll back now', async ({
  shoal,
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  await shoal.bringInSync();
  await shoal.changeWeight();
  await shoal.open('changes');
  await shoal.pushOnTrial('To be kept', '10 minutes');
  await shoal.trial().getByRole('button', { name: 'Keep' }).click();
  await expect(shoal.trial()).toBeHidden();
  const kept = (await r1.agent.status()).config;
  expect(kept.confirmSecondsLeft).toBeNull();
  expect((await r2.agent.status()).config).toMatchObject({ hash: kept.hash, confirmSecondsLeft: null });

  await shoal.changeWeight();
  await shoal.open('changes');
  await shoal.pushOnTrial('To be taken back', '10 minutes');
  await expect(shoal.trial()).toBeVisible();
  expect((await r1.agent.status()).config.hash).not.toBe(kept.hash);
  await shoal.trial().getByRole('button', { name: 'Roll back now' }).click();
  await expect(shoal.trial()).toBeHidden();
  for (const router of [r1, r2])
    expect((await router.agent.status()).config).toMatchObject({ hash: kept.hash, confirmSecondsLeft: null });
  // Who pressed it knows.
  await expect(shoal.page.getByText('A push was rolled back')).toBeHidden();
  await shoal.discardDraft();
});
