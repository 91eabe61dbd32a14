import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRow } from '../draft/mutations.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { findEverywhere } from './everything.ts';

let console_: TestConsole;
beforeAll(() => {
  console_ = openTestConsole();
});
afterAll(() => console_.end());

it('finds in every cluster what was saved just before, the asked one first', async () => {
  const { db } = console_;
  const clusters = [await newCluster(db), await newCluster(db)];
  const names = async () =>
    (await findEverywhere(db, 'web', clusters[1] ?? null)).hits.map(({ name }) => name);
  expect(await names()).toEqual([]);
  for (const [index, clusterId] of clusters.entries())
    await createRow(db, alice, { clusterId, name: `web-${index}`, values: {}, place: { kind: 'virtual' } });
  expect(await names()).toEqual(['web-1', 'web-0']);
  await createRow(db, alice, {
    clusterId: clusters[1] ?? '',
    name: 'web-2',
    values: {},
    place: { kind: 'virtual' },
  });
  expect(await names()).toEqual(['web-1', 'web-2', 'web-0']);
});
