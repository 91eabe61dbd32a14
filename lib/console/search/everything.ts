/** The search over the drafts of all clusters. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { SearchAnswer, SearchHit } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { stampOf } from '../draft/rows.ts';
import { find } from './find.ts';
import { indexOf } from './index-of.ts';

/** As many as a list beside a search field holds. */
const MOST_HITS = 30;

/** What a query finds, in the cluster `first` before the others. */
export async function findEverywhere(
  db: Transaction,
  query: string,
  first: string | null,
): Promise<SearchAnswer> {
  const clusters = await db.cluster.findMany({
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
  });
  const stamp = await stampOf(db);
  const hits: SearchHit[] = [];
  let total = 0;
  for (const { id, name } of [
    ...clusters.filter((cluster) => cluster.id === first),
    ...clusters.filter((cluster) => cluster.id !== first),
  ]) {
    const draft = await readDraft(db, id, stamp);
    if (!draft) continue;
    const found = find(indexOf(draft), query, MOST_HITS - hits.length);
    total += found.total;
    for (const entry of found.entries) {
      hits.push({
        kind: entry.kind,
        clusterId: id,
        cluster: name,
        id: entry.id,
        name: entry.name,
        parent: entry.parent && { id: entry.parent.id, name: entry.parent.name },
        endpoint: entry.endpoint,
      });
    }
  }
  return { hits, total };
}
