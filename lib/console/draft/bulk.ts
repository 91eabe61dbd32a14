/** Changes of many rows of the draft at once, all of them or none, in one transaction. */
import 'server-only';
import type { Database, Transaction } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { BulkChange, SaveResult } from '../contract.ts';
import { type Refusal, refusal } from './conflict.ts';
import { readDraft } from './data.ts';
import { type Draft, type DraftRow, placeOf, placesOf, type RowPlace, withRows } from './draft.ts';
import { faultsOf } from './faults.ts';
import { readFields } from './fields.ts';
import { recordEdit, updateRow } from './mutations.ts';

export interface BulkEdit {
  readonly clusterId: string;
  readonly rowIds: readonly string[];
  readonly change: BulkChange;
}

const changesOf = (change: Exclude<BulkChange, { kind: 'delete' }>): Readonly<Record<string, string>> =>
  change.kind === 'weight' ? { weight: change.weight } : { enabled: change.kind === 'activate' ? '1' : '' };

const verbs = {
  activate: 'Activated',
  deactivate: 'Deactivated',
  delete: 'Deleted',
  weight: 'Changed the weight of',
} as const satisfies Record<BulkChange['kind'], string>;

/** `web, mail and 12 more`. */
function namesOf(rows: readonly DraftRow[]): string {
  const shown = rows.slice(0, 5).map(({ name }) => name);
  const more = rows.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** The first error that the change brings about; one that stood there before does not count. */
function newError(before: Draft, after: Draft): string | null {
  const identity = (error: ReturnType<typeof faultsOf>[number]) => `${error.code} ${error.message}`;
  const known = new Set(faultsOf(before).map(identity));
  const error = faultsOf(after).find((each) => each.severity === 'error' && !known.has(identity(each)));
  return error?.message ?? null;
}

/** Activates, deactivates, weighs or deletes rows. A row that somebody deleted in between stops it all. */
export function changeRows(db: Database, actor: Actor, edit: BulkEdit): Promise<SaveResult> {
  return db.$transaction(
    async (tx) => {
      const draft = await readDraft(tx, edit.clusterId);
      if (!draft) return refusal('This cluster does not exist any more');
      const wanted = new Set(edit.rowIds);
      const places = [...placesOf(draft)].filter(
        ({ row, scope }) => scope !== 'global' && wanted.has(row.id),
      );
      if (places.length < wanted.size) {
        return refusal(
          `Nothing was changed: ${wanted.size - places.length} of the ${wanted.size} chosen do not exist any more. Look at the list and choose again`,
        );
      }
      return edit.change.kind === 'delete'
        ? deleteAll(tx, actor, { draft, places, clusterId: edit.clusterId })
        : saveAll(tx, actor, { draft, places, clusterId: edit.clusterId, change: edit.change });
    },
    { timeout: 60_000 },
  );
}

interface Run {
  readonly draft: Draft;
  readonly places: readonly RowPlace[];
  readonly clusterId: string;
}

async function saveAll(
  tx: Transaction,
  actor: Actor,
  run: Run & { readonly change: Exclude<BulkChange, { kind: 'delete' }> },
): Promise<SaveResult> {
  const at = new Date();
  const changed = changedRows(run.places, run.change, actor, at);
  if (!Array.isArray(changed)) return changed;
  const after = withRows(run.draft, new Map(changed.map(({ row }) => [row.id, row])));
  const error = newError(run.draft, after);
  if (error !== null) return refusal(`Nothing was changed. ${error}`);
  for (const { place, row } of changed) {
    await updateRow(tx, place.scope, row);
    await recordEdit(tx, {
      clusterId: run.clusterId,
      before: place.row,
      action: 'saved',
      by: actor.name,
      at,
    });
  }
  await note(tx, actor, run.clusterId, `${verbs[run.change.kind]} ${namesOf(changed.map(({ row }) => row))}`);
  return { ok: true, version: 1, warnings: [] };
}

interface Changed {
  readonly place: RowPlace;
  readonly row: DraftRow;
}

/** The rows that become different; or what is wrong with the new value. */
function changedRows(
  places: readonly RowPlace[],
  change: Exclude<BulkChange, { kind: 'delete' }>,
  actor: Actor,
  at: Date,
): Changed[] | Refusal {
  const changed: Changed[] = [];
  for (const place of places) {
    const read = readFields(place.scope, place.row.settings, changesOf(change));
    if (!read.ok) return refusal(`Nothing was changed. ${Object.values(read.fields)[0]?.message ?? ''}`);
    if (JSON.stringify(read.settings) === JSON.stringify(place.row.settings)) continue;
    const row = {
      ...place.row,
      settings: read.settings,
      version: place.row.version + 1,
      updatedBy: actor.name,
      updatedAt: at.toISOString(),
    };
    changed.push({ place, row });
  }
  return changed;
}

async function deleteAll(tx: Transaction, actor: Actor, run: Run): Promise<SaveResult> {
  const at = new Date();
  const ids = run.places.map(({ row }) => row.id);
  for (const { row } of run.places) {
    await recordEdit(tx, { clusterId: run.clusterId, before: row, action: 'deleted', by: actor.name, at });
  }
  const list = JSON.stringify(ids);
  await tx.$executeRaw`DELETE FROM "RealServer" WHERE "id" IN (SELECT value FROM json_each(${list}))`;
  await tx.$executeRaw`DELETE FROM "VirtualServer" WHERE "id" IN (SELECT value FROM json_each(${list}))`;
  await note(tx, actor, run.clusterId, `Deleted ${namesOf(run.places.map(({ row }) => row))} from the draft`);
  return { ok: true, version: 1, warnings: [] };
}

const note = (tx: Transaction, actor: Actor, clusterId: string, message: string): Promise<void> =>
  audit(tx, actor, { action: 'draft.bulk', clusterId, message });

/** Moves a row to the place of another one in the same list; the rows between move by one. */
export function moveRow(
  db: Database,
  actor: Actor,
  move: { readonly clusterId: string; readonly rowId: string; readonly by: number },
): Promise<SaveResult> {
  return db.$transaction(async (tx) => {
    const draft = await readDraft(tx, move.clusterId);
    if (!draft) return refusal('This cluster does not exist any more');
    const place = placeOf(draft, move.rowId);
    if (!place || place.scope === 'global') return refusal('This does not exist any more');
    const list = [...place.siblings];
    const from = list.findIndex(({ id }) => id === move.rowId);
    const to = Math.min(Math.max(0, from + move.by), list.length - 1);
    if (to === from) return { ok: true, version: place.row.version, warnings: [] };
    list.splice(to, 0, ...list.splice(from, 1));
    const order = JSON.stringify(list.map(({ id }) => id));
    if (place.scope === 'server') {
      await tx.$executeRaw`UPDATE "RealServer" SET "position" = (SELECT key FROM json_each(${order}) WHERE value = "RealServer"."id")
        WHERE "id" IN (SELECT value FROM json_each(${order}))`;
    } else {
      await tx.$executeRaw`UPDATE "VirtualServer" SET "position" = (SELECT key FROM json_each(${order}) WHERE value = "VirtualServer"."id")
        WHERE "id" IN (SELECT value FROM json_each(${order}))`;
    }
    await note(tx, actor, move.clusterId, `Moved ${place.row.name} from place ${from + 1} to ${to + 1}`);
    return { ok: true, version: place.row.version, warnings: [] };
  });
}
