/** Reads the trail: who did what when. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { TrailView } from '../contract.ts';

/** So many on one page. */
const PAGE = 100;

export interface TrailChoice {
  /** Null: all clusters, and what belongs to none. */
  readonly clusterId: string | null;
  /** Entries older than that one; null: the newest. */
  readonly olderThan: { readonly at: Date; readonly id: string } | null;
}

/** The newest entries first. */
export async function readTrail(db: Transaction, { clusterId, olderThan }: TrailChoice): Promise<TrailView> {
  const entries = await db.auditEntry.findMany({
    where: {
      ...(clusterId === null ? {} : { clusterId }),
      ...(olderThan === null
        ? {}
        : {
            OR: [{ at: { lt: olderThan.at } }, { at: olderThan.at, id: { lt: olderThan.id } }],
          }),
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: PAGE + 1,
  });
  const clusters = await db.cluster.findMany({ select: { id: true, name: true } });
  const names = new Map(clusters.map(({ id, name }) => [id, name]));
  return {
    entries: entries.slice(0, PAGE).map(({ id, at, by, action, clusterId: cluster, message }) => ({
      id,
      at: at.toISOString(),
      by,
      action,
      cluster: cluster === null ? null : (names.get(cluster) ?? 'a deleted cluster'),
      message,
    })),
    more: entries.length > PAGE,
  };
}
