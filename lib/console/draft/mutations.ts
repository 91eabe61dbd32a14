/** Changes of single rows of the draft. Each is one transaction: check, store, record what was there before. */
import 'server-only';
import { randomUUID } from 'node:crypto';
import { diffConfigs } from '#lib/lvs/diff.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import type { Database, Transaction } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { FieldValues, SaveResult } from '../contract.ts';
import { checkEdit } from './check.ts';
import { meet, type Refusal, refusal } from './conflict.ts';
import { deletionOf, editsSince, expectDraft, readDraft } from './data.ts';
import {
  type BlockKind,
  configOf,
  type Draft,
  type DraftRow,
  placeOf,
  type RowPlace,
  virtualsOf,
  withNewRow,
  withoutRow,
  withRow,
} from './draft.ts';
import { nameError, readFields } from './fields.ts';

const noRemarks = { comments: [], unknown: [] } as const;
const clusterGone = refusal('This cluster does not exist any more');

/** Column data of a row's new state. */
const columnsOf = (row: DraftRow) => ({
  name: row.name,
  settings: JSON.stringify(row.settings),
  version: row.version,
  updatedBy: row.updatedBy,
  updatedAt: new Date(row.updatedAt),
});

/** Writes what a row held before an edit, for whoever saves over it later. */
export async function recordEdit(
  db: Transaction,
  edit: {
    readonly clusterId: string;
    readonly before: DraftRow;
    readonly action: 'saved' | 'deleted';
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  const { before } = edit;
  await db.draftEdit.create({
    data: {
      clusterId: edit.clusterId,
      rowId: before.id,
      version: before.version + 1,
      action: edit.action,
      name: before.name,
      before: JSON.stringify({ name: before.name, settings: before.settings }),
      by: edit.by,
      at: edit.at,
    },
  });
}

/** Writes a row's new state. */
export async function updateRow(db: Transaction, scope: Scope, row: DraftRow): Promise<void> {
  const { name, ...rest } = columnsOf(row);
  if (scope === 'global') await db.cluster.update({ where: { id: row.id }, data: rest });
  else if (scope === 'server') await db.realServer.update({ where: { id: row.id }, data: { name, ...rest } });
  else await db.virtualServer.update({ where: { id: row.id }, data: { name, ...rest } });
}

async function rowGone(db: Transaction, clusterId: string, rowId: string): Promise<Refusal> {
  const deletion = await deletionOf(db, clusterId, rowId);
  if (!deletion) return refusal('This does not exist any more');
  return {
    ...refusal(`${deletion.by} has deleted ${deletion.name} in the meantime. Nothing was saved`),
    conflict: { by: deletion.by, at: deletion.at, changes: [`${deletion.name} was deleted`] },
  };
}

export interface RowSave {
  readonly clusterId: string;
  readonly rowId: string;
  /** The version that the form was made of. */
  readonly version: number;
  /** Left out: the name stays. */
  readonly name?: string;
  /** The fields of one panel; the others stay. */
  readonly values: FieldValues;
  /** The scope that the caller means; another one is refused as gone. */
  readonly scopes: readonly Scope[];
}

/** Saves a panel's fields. Nothing is stored unless the result is ok. */
export function saveRow(db: Database, actor: Actor, save: RowSave): Promise<SaveResult> {
  return db.$transaction(async (tx) => {
    const draft = await readDraft(tx, save.clusterId);
    if (!draft) return clusterGone;
    const place = placeOf(draft, save.rowId);
    if (!place || !save.scopes.includes(place.scope)) return rowGone(tx, save.clusterId, save.rowId);
    const { row } = place;
    const { scope } = place;
    const edits = save.version === row.version ? null : await editsSince(tx, row.id, save.version);
    const met = edits && meet({ scope, draft, row, edits, name: save.name, values: save.values });
    if (met && !met.ok) return met;
    const { name, ...rest } = { ...save, ...met };
    const mine: RowSave = { ...rest, ...(name === undefined ? {} : { name }) };
    const read = readRow(place, mine);
    if (!read.ok) return read;
    const result = await storeSave(tx, actor, { save: mine, draft, place, changed: read.row });
    return result.ok && met ? { ...result, taken: met.taken } : result;
  });
}

/** The row with the form's name and fields, or what is wrong with them. */
function readRow(
  place: RowPlace,
  save: Pick<RowSave, 'name' | 'values'>,
): Refusal | { ok: true; row: DraftRow } {
  const { row } = place;
  const name = save.name === undefined || place.scope === 'global' ? row.name : save.name.trim();
  const wrongName = name === row.name ? null : nameError(name, place.siblings, row.id);
  const read = readFields(place.scope, row.settings, save.values);
  if (!read.ok || wrongName) {
    const fields = { ...(read.ok ? {} : read.fields), ...(wrongName ? { name: wrongName } : {}) };
    return refusal(`Not saved. ${Object.values(fields)[0]?.message ?? ''}`, fields);
  }
  return { ok: true, row: { ...row, name, settings: read.settings } };
}

async function storeSave(
  tx: Transaction,
  actor: Actor,
  edit: { save: RowSave; draft: Draft; place: RowPlace; changed: DraftRow },
): Promise<SaveResult> {
  const { save, draft, place, changed } = edit;
  const at = new Date();
  const row: DraftRow = {
    ...changed,
    version: place.row.version + 1,
    updatedBy: actor.name,
    updatedAt: at.toISOString(),
  };
  const submitted = new Set([...Object.keys(save.values), ...(save.name === undefined ? [] : ['name'])]);
  const after = withRow(draft, row);
  const check = checkEdit({ before: draft, after, rowId: row.id, submitted });
  if (!check.ok) return refusal(check.message, check.fields);
  if (JSON.stringify([row.name, row.settings]) === JSON.stringify([place.row.name, place.row.settings])) {
    return { ok: true, version: place.row.version, id: row.id, warnings: check.warnings };
  }
  await updateRow(tx, place.scope, row);
  await recordEdit(tx, { clusterId: save.clusterId, before: place.row, action: 'saved', by: actor.name, at });
  const changes = diffConfigs(configOf(draft), configOf(after)).map(({ message }) => message);
  await audit(tx, actor, {
    action: 'draft.save',
    clusterId: save.clusterId,
    message: changes.slice(0, 20).join('; '),
  });
  await expectDraft(tx, after);
  return { ok: true, version: row.version, id: row.id, warnings: check.warnings };
}

export interface RowCreation {
  readonly clusterId: string;
  readonly name: string;
  readonly values: FieldValues;
  readonly place: { readonly kind: BlockKind } | { readonly parentId: string };
}

/** Adds a block, or a real server to a block, at the end of its list. */
export function createRow(db: Database, actor: Actor, creation: RowCreation): Promise<SaveResult> {
  return db.$transaction(async (tx) => {
    const { clusterId, place } = creation;
    const draft = await readDraft(tx, clusterId);
    if (!draft) return clusterGone;
    const parent = 'parentId' in place ? draft.virtuals.find(({ id }) => id === place.parentId) : undefined;
    if ('parentId' in place && !parent) return rowGone(tx, clusterId, place.parentId);
    const siblings = parent ? parent.servers : 'kind' in place ? virtualsOf(draft, place.kind) : [];
    const name = creation.name.trim();
    const wrongName = nameError(name, siblings, null);
    const read = readFields('kind' in place ? place.kind : 'server', {}, creation.values);
    if (!read.ok || wrongName) {
      const fields = { ...(wrongName ? { name: wrongName } : {}), ...(read.ok ? {} : read.fields) };
      return refusal(`Not saved. ${Object.values(fields)[0]?.message ?? ''}`, fields);
    }
    const row: DraftRow = {
      id: randomUUID(),
      name,
      version: 1,
      settings: read.settings,
      remarks: noRemarks,
      updatedBy: actor.name,
      updatedAt: new Date().toISOString(),
    };
    const submitted = new Set([...Object.keys(creation.values), 'name']);
    const after = withNewRow(draft, row, place);
    const check = checkEdit({ before: draft, after, rowId: row.id, submitted });
    if (!check.ok) return refusal(check.message, check.fields);
    await insertRow(tx, clusterId, row, place, await nextPosition(tx, clusterId, place));
    await audit(tx, actor, { action: 'draft.create', clusterId, message: `Added ${name} to the draft` });
    return { ok: true, version: 1, id: row.id, warnings: check.warnings };
  });
}

/** Where a new row of a list stands: behind the last. */
export async function nextPosition(
  tx: Transaction,
  clusterId: string,
  place: RowCreation['place'],
): Promise<number> {
  const last =
    'kind' in place
      ? await tx.virtualServer.aggregate({ where: { clusterId }, _max: { position: true } })
      : await tx.realServer.aggregate({
          where: { virtualServerId: place.parentId },
          _max: { position: true },
        });
  return (last._max.position ?? -1) + 1;
}

/** `position` only orders: gaps do no harm. */
export async function insertRow(
  tx: Transaction,
  clusterId: string,
  row: DraftRow,
  place: RowCreation['place'],
  position: number,
): Promise<void> {
  const data = { id: row.id, position, remarks: JSON.stringify(row.remarks), ...columnsOf(row) };
  if ('kind' in place) await tx.virtualServer.create({ data: { ...data, clusterId, kind: place.kind } });
  else await tx.realServer.create({ data: { ...data, virtualServerId: place.parentId } });
}

/** Deletes a block with its real servers, or one real server. */
export function deleteRow(
  db: Database,
  actor: Actor,
  deletion: { readonly clusterId: string; readonly rowId: string },
): Promise<SaveResult> {
  return db.$transaction(async (tx) => {
    const { clusterId, rowId } = deletion;
    const draft = await readDraft(tx, clusterId);
    if (!draft) return clusterGone;
    const place = placeOf(draft, rowId);
    if (!place || place.scope === 'global') return rowGone(tx, clusterId, rowId);
    const after = withoutRow(draft, rowId);
    const check = checkEdit({ before: draft, after, rowId, submitted: new Set() });
    if (place.scope === 'server') await tx.realServer.delete({ where: { id: rowId } });
    else await tx.virtualServer.delete({ where: { id: rowId } });
    await recordEdit(tx, { clusterId, before: place.row, action: 'deleted', by: actor.name, at: new Date() });
    await audit(tx, actor, {
      action: 'draft.delete',
      clusterId,
      message: `Deleted ${place.row.name} from the draft`,
    });
    return { ok: true, version: place.row.version, id: rowId, warnings: check.ok ? check.warnings : [] };
  });
}
