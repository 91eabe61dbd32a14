/** Reads the rows of a draft from the database. */
import 'server-only';
import * as z from 'zod';
import type { Transaction } from '#lib/platform/database.ts';
import type { BlockKind, Draft, DraftRow, RowSettings } from './draft.ts';

const settingsSchema = z.record(z.string(), z.unknown());
const remarksSchema = z.object({ comments: z.array(z.string()), unknown: z.array(z.string()) });

interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly settings: string;
  readonly remarks: string;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

const rowOf = (stored: StoredRow): DraftRow => ({
  id: stored.id,
  name: stored.name,
  version: stored.version,
  settings: settingsSchema.parse(JSON.parse(stored.settings)),
  remarks: remarksSchema.parse(JSON.parse(stored.remarks)),
  updatedBy: stored.updatedBy,
  updatedAt: stored.updatedAt.toISOString(),
});

const kindOf = (text: string): BlockKind => (text === 'failover' ? 'failover' : 'virtual');

const inOrder = { position: 'asc' as const };

/**
 * The draft of a cluster; null when there is no such cluster. Real servers are asked for by their cluster: a list of
 * their parents would be longer than SQLite takes from about a thousand virtual servers on.
 */
export async function readDraft(db: Transaction, clusterId: string): Promise<Draft | null> {
  const cluster = await db.cluster.findUnique({ where: { id: clusterId } });
  if (!cluster) return null;
  const virtuals = await db.virtualServer.findMany({ where: { clusterId }, orderBy: inOrder });
  const servers = await db.realServer.findMany({
    where: { virtualServer: { clusterId } },
    orderBy: inOrder,
  });
  const byParent = new Map<string, DraftRow[]>(virtuals.map(({ id }) => [id, []]));
  for (const server of servers) byParent.get(server.virtualServerId)?.push(rowOf(server));
  return {
    cluster: rowOf(cluster),
    virtuals: virtuals.map((virtual) => ({
      ...rowOf(virtual),
      kind: kindOf(virtual.kind),
      servers: byParent.get(virtual.id) ?? [],
    })),
  };
}

export interface EditBefore {
  readonly name: string;
  readonly settings: RowSettings;
}

const beforeSchema = z.object({ name: z.string(), settings: settingsSchema });

/** What a row held when its version was `version`; null when nobody has saved it since. */
export async function rowAtVersion(
  db: Transaction,
  rowId: string,
  version: number,
): Promise<EditBefore | null> {
  const edit = await db.draftEdit.findFirst({ where: { rowId, version: version + 1 } });
  return edit ? beforeSchema.parse(JSON.parse(edit.before)) : null;
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
