/** Somebody changes the backup by hand; the console shows it, one click makes both routers equal. */
import { costOfThreeStarts } from '#e2e/cluster/emulator.ts';
import { watchRouters } from '#e2e/cluster/witness.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from './fixtures.ts';

test('lvs.cf that was edited on the backup is shown, and one click makes both routers equal', async ({
  shoal,
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const sumOf = async (router: typeof r1): Promise<string> =>
    (await router.on(['sha256sum', configFile])).split(' ')[0] ?? '';
  await shoal.bringInSync();
  const original = await sumOf(r1);
  expect(await sumOf(r2)).toBe(original);

  await r2.on(['sed', '-i', 's/weight = [0-9]*$/weight = 7/', configFile]);
  expect(await sumOf(r2)).not.toBe(original);
  await expect(shoal.sync()).toContainText('changed on the router');
  await expect(shoal.sync()).toContainText('r2');
  await expect(shoal.router('r2')).toContainText('edited by hand');

  await shoal.syncToBackup();
  await shoal.expectInSync();
  expect(await sumOf(r2)).toBe(original);
  const [first, second] = [await r1.agent.status(), await r2.agent.status()];
  expect(second.config.hash).toBe(first.config.hash);
  expect(second.config.fileHash).toBe(first.config.hash);
});

test('a file that was edited and loaded on the backup makes the routers differ; one click mends it', async ({
  shoal,
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  await shoal.bringInSync();
  await r2.on(['sed', '-i', 's/weight = [0-9]*$/weight = 7/', configFile]);
  await r2.agent.signal('HUP');
  const hasWeight = async () => (await r2.routingTable()).some((line) => line.endsWith('-w 7'));
  await until('the new weight in the table of r2', hasWeight);
  await expect(shoal.sync()).toContainText('changed on the router');

  await shoal.syncToBackup();
  await shoal.expectInSync();
  expect((await r2.routingTable()).sort()).toEqual((await r1.routingTable()).sort());
  expect((await r2.agent.status()).config.hash).toBe((await r1.agent.status()).config.hash);
});

test('a weight that was changed by ipvsadm on the backup is repaired, and the browser says so', async ({
  shoal,
  rested: lab,
}) => {
  const { r2, rs1 } = lab;
  const table = (await r2.routingTable()).sort();
  const emulatorMs = await costOfThreeStarts(r2);
  const starvedMs = watchRouters(lab);
  await r2.on(['ipvsadm', '-e', '-t', `${vip}:80`, '-r', `${rs1.address}:80`, '-m', '-w', '7']);
  const changed = performance.now();
  const isBack = async () => JSON.stringify((await r2.routingTable()).sort()) === JSON.stringify(table);
  await until('the weight to be repaired', isBack, { everyMs: 50 });
  expect(performance.now() - changed).toBeLessThanOrEqual(2000 + emulatorMs + starvedMs());
  const news = shoal
    .events()
    .getByRole('listitem')
    .filter({ hasText: 'r2' })
    .filter({ hasText: rs1.address });
  await expect(news.first()).toBeVisible();
});
