import { afterAll, beforeAll, expect, it } from 'vitest';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { blockListOf, ROWS_OF_A_PAGE, serversMatching } from './block-list.ts';
import { changeRows, moveRow } from './bulk.ts';
import { cloneRow } from './clone.ts';
import { readDraft } from './data.ts';
import type { Draft } from './draft.ts';
import { createRow } from './mutations.ts';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

async function made(
  clusterId: string,
  name: string,
  values: Record<string, string>,
  place: Parameters<typeof createRow>[2]['place'],
): Promise<string> {
  const result = await createRow(shoal.db, alice, { clusterId, name, values, place });
  if (!result.ok) throw new Error(result.message);
  return result.id ?? '';
}

/** web on port 80 with two real servers, and dns. */
async function example() {
  const clusterId = await newCluster(shoal.db);
  const web = await made(
    clusterId,
    'web',
    { vip: '192.0.2.100 eth0:1', port: '80', enabled: '1' },
    { kind: 'virtual' },
  );
  const rs1 = await made(clusterId, 'rs1', { address: '192.0.2.21', enabled: '1' }, { parentId: web });
  const rs2 = await made(clusterId, 'rs2', { address: '192.0.2.22', enabled: '1' }, { parentId: web });
  const dns = await made(clusterId, 'dns', { vip: '192.0.2.101 eth0:1', port: '53' }, { kind: 'virtual' });
  return { clusterId, web, rs1, rs2, dns };
}

const draftOf = async (clusterId: string): Promise<Draft> => {
  const draft = await readDraft(shoal.db, clusterId);
  if (!draft) throw new Error('no draft');
  return draft;
};

it('gives every chosen real server the new weight', async () => {
  const { clusterId, rs1, rs2 } = await example();
  const change = { kind: 'weight', weight: '7' } as const;
  expect((await changeRows(shoal.db, alice, { clusterId, rowIds: [rs1, rs2], change })).ok).toBe(true);
  const { servers } = (await draftOf(clusterId)).virtuals[0] ?? { servers: [] };
  expect(servers.map(({ settings, version }) => [settings.weight, version])).toEqual([
    [7, 2],
    [7, 2],
  ]);
});

it('changes nothing for a weight that is none, and nothing when one of the chosen has gone', async () => {
  const { clusterId, rs1, rs2 } = await example();
  const before = await draftOf(clusterId);
  const bad = await changeRows(shoal.db, alice, {
    clusterId,
    rowIds: [rs1, rs2],
    change: { kind: 'weight', weight: 'heavy' },
  });
  expect(bad).toMatchObject({ ok: false, message: expect.stringContaining('Nothing was changed') });
  const gone = await changeRows(shoal.db, alice, {
    clusterId,
    rowIds: [rs1, 'gone'],
    change: { kind: 'deactivate' },
  });
  expect(gone).toMatchObject({ ok: false, message: expect.stringContaining('1 of the 2 chosen') });
  expect(await draftOf(clusterId)).toBe(before);
});

it('does not activate what would then be wrong', async () => {
  const { clusterId, web, dns } = await example();
  const copy = await cloneRow(shoal.db, alice, { clusterId, rowId: web });
  if (!copy.ok || copy.id === undefined) throw new Error('not cloned');
  const rowIds = [copy.id, dns];
  const result = await changeRows(shoal.db, alice, { clusterId, rowIds, change: { kind: 'activate' } });
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('Nothing was changed') });
  expect((await draftOf(clusterId)).virtuals.map(({ settings }) => settings.enabled === true)).toEqual([
    true,
    false,
    false,
  ]);
});

it('deletes blocks with their real servers, and tells whoever edits one of them', async () => {
  const { clusterId, web, dns } = await example();
  const rowIds = [web, dns];
  expect((await changeRows(shoal.db, alice, { clusterId, rowIds, change: { kind: 'delete' } })).ok).toBe(
    true,
  );
  expect((await draftOf(clusterId)).virtuals).toEqual([]);
  expect(await shoal.db.realServer.count({ where: { virtualServerId: web } })).toBe(0);
  expect(await shoal.db.draftEdit.count({ where: { clusterId, action: 'deleted' } })).toBe(2);
});

it('clones a block with its real servers, inactive, under a name of its own', async () => {
  const { clusterId, web } = await example();
  await cloneRow(shoal.db, alice, { clusterId, rowId: web });
  await cloneRow(shoal.db, alice, { clusterId, rowId: web });
  const { virtuals } = await draftOf(clusterId);
  expect(virtuals.map(({ name }) => name)).toEqual(['web', 'dns', 'web-copy', 'web-copy2']);
  const [original, , copy] = virtuals;
  expect(copy?.settings).toEqual({ ...original?.settings, enabled: false });
  expect(copy?.servers.map(({ name, settings }) => [name, settings])).toEqual(
    original?.servers.map(({ name, settings }) => [name, settings]),
  );
});

it('moves a row in its list and no further than its end', async () => {
  const { clusterId, web, dns, rs1 } = await example();
  await moveRow(shoal.db, alice, { clusterId, rowId: dns, by: -1 });
  expect((await draftOf(clusterId)).virtuals.map(({ name }) => name)).toEqual(['dns', 'web']);
  await moveRow(shoal.db, alice, { clusterId, rowId: dns, by: 1_000_000 });
  await moveRow(shoal.db, alice, { clusterId, rowId: web, by: -1 });
  await moveRow(shoal.db, alice, { clusterId, rowId: rs1, by: 1 });
  const { virtuals } = await draftOf(clusterId);
  expect(virtuals.map(({ name }) => name)).toEqual(['web', 'dns']);
  expect(virtuals[0]?.servers.map(({ name }) => name)).toEqual(['rs2', 'rs1']);
});

it('lists a page at a time and says by which real server a search found a block', async () => {
  const { clusterId } = await example();
  for (let n = 0; n < ROWS_OF_A_PAGE; n += 1) await made(clusterId, `vs${n}`, {}, { kind: 'virtual' });
  const draft = await draftOf(clusterId);
  const second = blockListOf(draft, { kind: 'virtual', find: '', page: 2 });
  expect([second.rows.length, second.page, second.pages, second.total]).toEqual([
    2,
    2,
    2,
    ROWS_OF_A_PAGE + 2,
  ]);
  expect(blockListOf(draft, { kind: 'virtual', find: '', page: Number.NaN }).page).toBe(1);
  const found = blockListOf(draft, { kind: 'virtual', find: '192.0.2.22', page: 9 });
  expect(found.rows.map(({ name, foundBy }) => [name, foundBy])).toEqual([['web', 'rs2 192.0.2.22:80']]);
  expect(found.matching).toBe(1);
});

it('changes a machine wherever it serves: the real servers that a search means, of all virtual servers', async () => {
  const { clusterId, rs2, dns } = await example();
  const twin = await made(clusterId, 'ns2', { address: '192.0.2.22' }, { parentId: dns });
  const near = await made(clusterId, 'rs3', { address: '192.0.2.220' }, { parentId: dns });
  const fos = await made(clusterId, 'fos', {}, { kind: 'failover' });
  await made(clusterId, 'other', { address: '192.0.2.22' }, { parentId: fos });
  const rowIds = serversMatching(await draftOf(clusterId), '192.0.2.22');
  expect([...rowIds].sort()).toEqual([rs2, twin].sort());
  const draft = await draftOf(clusterId);
  expect(blockListOf(draft, { kind: 'virtual', find: '192.0.2.22', page: 1 }).matchingServers).toBe(2);
  expect(blockListOf(draft, { kind: 'virtual', find: '', page: 1 }).matchingServers).toBe(0);
  expect(serversMatching(draft, ' ')).toEqual([]);
  const change = { kind: 'weight', weight: '7' } as const;
  expect(await changeRows(shoal.db, alice, { clusterId, rowIds, change })).toMatchObject({ ok: true });
  const weights = (await draftOf(clusterId)).virtuals.flatMap(({ servers }) =>
    servers.map(({ id, settings }) => [id, settings.weight ?? 1] as const),
  );
  expect(new Map(weights).get(near)).toBe(1);
  expect(
    weights
      .filter(([, weight]) => weight === 7)
      .map(([id]) => id)
      .sort(),
  ).toEqual([rs2, twin].sort());
});
