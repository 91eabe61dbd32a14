/** The main job: an administrator adds a real server, pushes, and the clients are served by it. */
import { vip } from '#e2e/lab/places.ts';
import { expect, test } from './fixtures.ts';

test('a real server that is added and pushed serves clients in the proportion of its weight', async ({
  shoal,
  rested: lab,
}) => {
  const { page } = shoal;
  await shoal.openVirtualServer('web', 'REAL SERVER');
  await page.getByRole('button', { name: 'Add real server' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('rs3');
  await dialog.getByLabel('Address', { exact: true }).fill(lab.rs3.address);
  await dialog.getByLabel('Weight', { exact: true }).fill('2');
  await dialog.getByRole('button', { name: 'Add real server' }).click();
  await expect(dialog).toBeHidden();

  await shoal.open('changes');
  await expect(page.getByRole('list', { name: 'Changes in words' })).toContainText('rs3');
  const planned = { r1: await shoal.plannedTable('r1'), r2: await shoal.plannedTable('r2') };
  await shoal.push('A third real server');
  await expect(shoal.pushResult('r1')).toContainText('applied');
  await expect(shoal.pushResult('r2')).toContainText('applied');

  // The health check of the new one lets it in.
  await shoal.open('control');
  await expect(shoal.healthRow('web', 'rs3').getByText('up', { exact: true })).toHaveCount(2);
  // A real server is up some moments before the kernel has it.
  for (const router of lab.routers) {
    const running = async () => (await router.routingTable()).sort();
    await expect.poll(running, { message: router.name }).toEqual(planned[router.name].sort());
  }
  await expect(shoal.routingTable('r1')).toContainText(`${lab.rs3.address}:80`);

  const answers = await lab.client.curlMany(`http://${vip}/`, 40);
  expect(answers).toEqual({ rs1: 10, rs2: 10, rs3: 20 });
});
