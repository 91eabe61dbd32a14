/** Reads the rows of a draft from the database. */
import 'server-only';
import * as z from 'zod';
import type { Transaction } from '#lib/platform/database.ts';
import type { Draft, RowSettings } from './draft.ts';
import { forgetDraft, knownDraft, readVirtuals, rememberDraft, stampOf } from './rows.ts';

const settingsSchema = z.record(z.string(), z.unknown());
const remarksSchema = z.object({ comments: z.array(z.string()), unknown: z.array(z.string()) });

/**
 * The draft of a cluster; null when there is no such cluster. The same object as long as nothing changed. Who reads many
 * asks for the stamp once.
 */
export async function readDraft(db: Transaction, clusterId: string, asked?: string): Promise<Draft | null> {
  const stamp = asked ?? (await stampOf(db));
  const known = knownDraft(clusterId);
  if (known?.stamp === stamp) return known.draft;
  const cluster = await db.cluster.findUnique({ where: { id: clusterId } });
  if (!cluster) {
    forgetDraft(clusterId);
    return null;
  }
  const before = known?.draft.cluster;
  const isKnown = before?.version === cluster.version && before.name === cluster.name;
  const draft: Draft = {
    cluster: isKnown
      ? before
      : {
          id: cluster.id,
          name: cluster.name,
          version: cluster.version,
          settings: settingsSchema.parse(JSON.parse(cluster.settings)),
          remarks: remarksSchema.parse(JSON.parse(cluster.remarks)),
          updatedBy: cluster.updatedBy,
          updatedAt: cluster.updatedAt.toISOString(),
        },
    virtuals: await readVirtuals(db, clusterId, known?.draft ?? null),
  };
  const same = known !== null && isSame(known.draft, draft) ? known.draft : draft;
  // Outside of a transaction somebody may have written in between: then the next one reads again.
  if ((await stampOf(db)) === stamp) rememberDraft(clusterId, { draft: same, stamp });
  return same;
}

/**
 * What a save has made of a draft, under the rows' new versions, called after the last write of its transaction:
 * whoever reads next finds nothing to read, and what was worked out of it for the check of the save still holds. If the
 * transaction is undone, it is forgotten.
 */
export async function expectDraft(tx: Transaction, draft: Draft): Promise<void> {
  rememberDraft(draft.cluster.id, { draft, stamp: await stampOf(tx) });
}

/** Whether the rows are the same. Something else in the database may have been written. */
const isSame = (before: Draft, now: Draft): boolean =>
  before.cluster === now.cluster &&
  before.virtuals.length === now.virtuals.length &&
  before.virtuals.every((virtual, index) => virtual === now.virtuals[index]);

export interface EditBefore {
  readonly name: string;
  readonly settings: RowSettings;
}

const beforeSchema = z.object({ name: z.string(), settings: settingsSchema });

export interface EditSince {
  /** What the row held before it. */
  readonly before: EditBefore;
  readonly by: string;
}

/** The saves of a row since its version was `version`, the first one first; empty when they are not known. */
export async function editsSince(
  db: Transaction,
  rowId: string,
  version: number,
): Promise<readonly EditSince[]> {
  const edits = await db.draftEdit.findMany({
    where: { rowId, version: { gt: version } },
    orderBy: { version: 'asc' },
  });
  // Without the first of them what the form was made of is not known.
  if (edits[0]?.version !== version + 1) return [];
  return edits.map(({ before, by }) => ({ before: beforeSchema.parse(JSON.parse(before)), by }));
}

/** Who deleted a row and when; null when nobody did. */
export async function deletionOf(
  db: Transaction,
  clusterId: string,
  rowId: string,
): Promise<{ readonly by: string; readonly at: string; readonly name: string } | null> {
  const edit = await db.draftEdit.findFirst({
    where: { clusterId, rowId, action: 'deleted' },
    orderBy: { at: 'desc' },
  });
  return edit && { by: edit.by, at: edit.at.toISOString(), name: edit.name };
}
