/** The cluster key is rotated by a click while a client asks without a pause. */
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from './fixtures.ts';

test('rotating the cluster key moves nothing and loses no request', async ({ shoal, rested: lab }) => {
  const { page } = shoal;
  const keyIn = async (router: (typeof lab.routers)[number]): Promise<string[]> =>
    (
      JSON.parse(await router.readFile('/var/lib/shoal/cluster-key.json')) as { keys: { keyId: string }[] }
    ).keys.map(({ keyId }) => keyId);
  const before = await keyIn(lab.r1);
  const since = (await lab.r1.agent.status()).roleSince;
  const probe = await lab.client.probe(vip);
  await shoal.open('routers');
  await page.getByRole('button', { name: 'Rotate cluster key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate cluster key' }).click();
  await expect(page.getByText(/sign with the new cluster key/)).toBeVisible({ timeout: 60_000 });
  const after = await keyIn(lab.r1);
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before.slice(0, 1));
  expect(await keyIn(lab.r2)).toEqual(after);
  await until('both routers to hear each other', async () => {
    const all = await Promise.all(lab.routers.map((router) => router.agent.status()));
    return all.every(({ peer }) => peer.state === 'alive' && peer.authenticated);
  });
  const report = await probe.stop();
  expect(report.refused).toBe(0);
  expect(report.longestGapMs).toBeLessThan(1000);
  const [r1, r2] = await Promise.all(lab.routers.map((router) => router.agent.status()));
  expect(r1).toMatchObject({ role: 'active', roleSince: since });
  expect(r2?.role).toBe('standby');
});
