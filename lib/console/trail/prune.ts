/**
 * What the console forgets by itself, so that its database does not grow for ever: old entries of the trail, and what
 * rows of the draft held before old edits. Revisions and their results stay. docs/changes.md tells it to people.
 */
import 'server-only';
import type { Database } from '#lib/platform/database.ts';
import { log } from '#lib/platform/log.ts';

const DAY_MS = 86_400_000;
/** More than a year: what was done at this time last year can be read. */
export const TRAIL_DAYS = 400;
export const MOST_TRAIL_ENTRIES = 200_000;
/** A form that somebody left open for so long is told of a conflict without the difference. */
export const EDIT_DAYS = 90;

/** Deletes what is too old or too much; says how many rows of the trail went. */
export async function prune(
  db: Database,
  now: number,
  most: number = MOST_TRAIL_ENTRIES,
): Promise<{ readonly entries: number; readonly edits: number }> {
  const old = await db.auditEntry.deleteMany({ where: { at: { lt: new Date(now - TRAIL_DAYS * DAY_MS) } } });
  const [first] = await db.auditEntry.findMany({
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    skip: most,
    take: 1,
    select: { at: true },
  });
  const excess = first ? await db.auditEntry.deleteMany({ where: { at: { lte: first.at } } }) : { count: 0 };
  const edits = await db.draftEdit.deleteMany({ where: { at: { lt: new Date(now - EDIT_DAYS * DAY_MS) } } });
  return { entries: old.count + excess.count, edits: edits.count };
}

/** Prunes now and once a day. Returns how to stop. */
export function pruneDaily(db: Database): () => void {
  const run = () =>
    void prune(db, Date.now()).catch((error: unknown) => log.error('The trail could not be pruned', error));
  run();
  const timer = setInterval(run, DAY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
