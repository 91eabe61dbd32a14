import { afterAll, beforeAll, expect, it } from 'vitest';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readDraft } from './data.ts';
import { createRow, deleteRow, saveRow } from './mutations.ts';
import { forgetDraft, knownDraft, stampOf } from './rows.ts';

let console_: TestConsole;
beforeAll(() => {
  console_ = openTestConsole();
});
afterAll(() => console_.end());

async function clusterWithTwo() {
  const { db } = console_;
  const clusterId = await newCluster(db);
  const ids: string[] = [];
  for (const name of ['web', 'mail']) {
    const made = await createRow(db, alice, { clusterId, name, values: {}, place: { kind: 'virtual' } });
    if (!made.ok || made.id === undefined) throw new Error('not made');
    ids.push(made.id);
  }
  const [web = '', mail = ''] = ids;
  return { db, clusterId, web, mail };
}

it('is the same draft while nothing was written, and after a write that is no part of it', async () => {
  const { db, clusterId } = await clusterWithTwo();
  const first = await readDraft(db, clusterId);
  expect(await readDraft(db, clusterId)).toBe(first);
  await db.auditEntry.create({ data: { at: new Date(), by: 'alice', action: 'test', message: '' } });
  expect(await readDraft(db, clusterId)).toBe(first);
});

it('reads an edited row anew and keeps the others', async () => {
  const { db, clusterId, web } = await clusterWithTwo();
  const before = await readDraft(db, clusterId);
  const saved = await saveRow(db, alice, {
    clusterId,
    rowId: web,
    version: 1,
    values: { port: '8080' },
    scopes: ['virtual'],
  });
  expect(saved.ok).toBe(true);
  const after = await readDraft(db, clusterId);
  expect(after?.virtuals.map(({ settings }) => settings.port)).toEqual([8080, undefined]);
  expect(after?.virtuals[1]).toBe(before?.virtuals[1]);
});

it('reads after a save what the check of the save had, and that is what stands in the database', async () => {
  const { db, clusterId, web } = await clusterWithTwo();
  const server = await createRow(db, alice, {
    clusterId,
    name: 'rs1',
    values: { address: '192.0.2.21' },
    place: { parentId: web },
  });
  if (!server.ok || server.id === undefined) throw new Error('not made');
  const edits = [
    { rowId: web, values: { port: '8080' } },
    { rowId: server.id, values: { weight: '7' } },
    { rowId: clusterId, values: { primaryAddress: '192.0.2.11' } },
  ];
  for (const edit of edits) {
    const saved = await saveRow(db, alice, {
      ...{ ...edit, clusterId, version: 1 },
      scopes: ['global', 'virtual', 'server'],
    });
    expect(saved).toMatchObject({ ok: true, version: 2 });
    expect(knownDraft(clusterId)?.stamp, 'nothing to read').toBe(await stampOf(db));
    const known = await readDraft(db, clusterId);
    expect(await readDraft(db, clusterId)).toBe(known);
    forgetDraft(clusterId);
    expect(await readDraft(db, clusterId)).toEqual(known);
  }
});

it('sees an order that changed and a row that has gone', async () => {
  const { db, clusterId, web, mail } = await clusterWithTwo();
  await readDraft(db, clusterId);
  await db.virtualServer.update({ where: { id: web }, data: { position: 7 } });
  expect((await readDraft(db, clusterId))?.virtuals.map(({ id }) => id)).toEqual([mail, web]);
  await deleteRow(db, alice, { clusterId, rowId: mail });
  expect((await readDraft(db, clusterId))?.virtuals.map(({ id }) => id)).toEqual([web]);
});

it('forgets what a transaction saw that was taken back', async () => {
  const { db, clusterId, web } = await clusterWithTwo();
  await readDraft(db, clusterId);
  const failing = db.$transaction(async (tx) => {
    await tx.virtualServer.update({ where: { id: web }, data: { name: 'lost', version: 2 } });
    expect((await readDraft(tx, clusterId))?.virtuals[0]?.name).toBe('lost');
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect((await readDraft(db, clusterId))?.virtuals[0]?.name).toBe('web');
  await db.virtualServer.update({ where: { id: web }, data: { name: 'kept', version: 2 } });
  expect((await readDraft(db, clusterId))?.virtuals[0]?.name).toBe('kept');
});
