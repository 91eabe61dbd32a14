/** A push that not every router can take: the console says who has what, and catches up. */
import { expect, test } from './fixtures.ts';

test('a push while one router is unreachable says who has what, and catches up by one click', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  const { r1, r2 } = lab;
  await shoal.bringInSync();
  const before = (await r2.agent.status()).config.hash;
  const tableBefore = await r2.routingTable();

  // Only the public side: heartbeats go on over the private one, and r2 stays standby.
  await r2.cutOff('pub');
  await shoal.expectRouter('r2', 'unreachable', 60_000);
  const weight = await shoal.changeWeight();
  await shoal.open('changes');
  await expect(page.getByRole('region', { name: 'Plan of r2' })).toContainText(
    /unreachable|not answer|cannot be/i,
  );
  await shoal.push('While r2 is away');
  await expect(shoal.pushResult('r1')).toContainText('applied');
  await expect(shoal.pushResult('r2')).toContainText('unreachable');
  await expect(
    page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: /r1/ }).first(),
  ).toContainText('r2');
  expect((await r1.routingTable()).some((line) => line.endsWith(`-w ${weight}`))).toBe(true);
  const pushed = (await r1.agent.status()).config.hash;
  expect(pushed).not.toBe(before);

  await r2.joinAgain('pub');
  // The session that was cut off may end in the middle of a question.
  await r2.hangUp();
  await shoal.open('control');
  await shoal.expectRouter('r2', 'standby', 60_000);
  // Nothing of it has reached r2.
  expect((await r2.agent.status()).config).toMatchObject({ hash: before, fileHash: before });
  expect(await r2.routingTable()).toEqual(tableBefore);
  await expect(shoal.sync()).toContainText('backup behind');

  await shoal.syncToBackup();
  await shoal.expectInSync();
  expect((await r2.agent.status()).config).toMatchObject({ hash: pushed, fileHash: pushed });
  expect((await r2.routingTable()).sort()).toEqual((await r1.routingTable()).sort());
});
