/** Reads revisions and what routers answered to them. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { PushOutcome, RouterRole } from '#lib/protocol/live.ts';
import type { RevisionName, RevisionView, RouterPushResult } from '../contract.ts';

export interface Revision {
  readonly id: string;
  readonly serial: number;
  readonly text: string;
  readonly hash: string;
  readonly author: string;
  readonly message: string;
  readonly at: Date;
  readonly rolledBackAt: Date | null;
}

/** The last one that holds: what a trial took back is what the draft differs in again. */
export const lastRevision = (db: Transaction, clusterId: string): Promise<Revision | null> =>
  db.revision.findFirst({ where: { clusterId, rolledBackAt: null }, orderBy: { serial: 'desc' } });

/** Name of the last one that holds. The text of a large one has megabytes, and most who ask know what it says. */
export const lastRevisionName = (
  db: Transaction,
  clusterId: string,
): Promise<Omit<Revision, 'text'> | null> =>
  db.revision.findFirst({
    where: { clusterId, rolledBackAt: null },
    orderBy: { serial: 'desc' },
    omit: { text: true },
  });

/** The highest number in use, also by what was taken back; 0 when nothing was pushed. */
export async function lastSerial(db: Transaction, clusterId: string): Promise<number> {
  const { _max } = await db.revision.aggregate({ where: { clusterId }, _max: { serial: true } });
  return _max.serial ?? 0;
}

export const revisionBySerial = (
  db: Transaction,
  clusterId: string,
  serial: number,
): Promise<Revision | null> => db.revision.findUnique({ where: { clusterId_serial: { clusterId, serial } } });

/** Serial number by hash, of all revisions. Equal texts cannot be: each holds its own serial number. */
export async function revisionsByHash(
  db: Transaction,
  clusterId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.revision.findMany({ where: { clusterId }, select: { hash: true, serial: true } });
  return new Map(rows.map(({ hash, serial }) => [hash, serial]));
}

interface StoredResult {
  readonly routerId: string;
  readonly name: string;
  readonly role: string;
  readonly outcome: string;
  readonly message: string;
  readonly durationMs: number | null;
}

const outcomes: readonly PushOutcome[] = [
  'sending',
  'applied',
  'trial',
  'rolled-back',
  'unreachable',
  'refused',
  'failed',
  'skipped',
  'unknown',
];
export const outcomeOf = (text: string): PushOutcome =>
  outcomes.find((outcome) => outcome === text) ?? 'failed';

const roleOf = (text: string): RouterRole => (text === 'backup' ? 'backup' : 'primary');

const resultOf = (stored: StoredResult): RouterPushResult => ({
  routerId: stored.routerId,
  name: stored.name,
  role: roleOf(stored.role),
  outcome: outcomeOf(stored.outcome),
  message: stored.message,
  durationMs: stored.durationMs,
});

/** The newest result of each router: a later catch-up counts over the first attempt. */
export function newestResults(stored: readonly StoredResult[]): readonly RouterPushResult[] {
  const newest = new Map(stored.map((result) => [result.routerId, resultOf(result)]));
  return [...newest.values()];
}

const withResults = { results: { orderBy: { at: 'asc' as const } } };

/** The newest revisions below a number, newest first. */
export async function readRevisions(
  db: Transaction,
  clusterId: string,
  { below, most }: { readonly below?: number | undefined; readonly most?: number } = {},
): Promise<readonly RevisionView[]> {
  const rows = await db.revision.findMany({
    where: { clusterId, ...(below === undefined ? {} : { serial: { lt: below } }) },
    orderBy: { serial: 'desc' },
    ...(most === undefined ? {} : { take: most }),
    omit: { text: true },
    include: withResults,
  });
  return rows.map((row) => ({
    serial: row.serial,
    author: row.author,
    at: row.at.toISOString(),
    message: row.message,
    hash: row.hash,
    rolledBackAt: row.rolledBackAt?.toISOString() ?? null,
    results: newestResults(row.results),
  }));
}

/** One revision with its text; null when there is none of that number. */
export async function readRevision(
  db: Transaction,
  clusterId: string,
  serial: number,
): Promise<(RevisionView & { readonly text: string }) | null> {
  const row = await db.revision.findUnique({
    where: { clusterId_serial: { clusterId, serial } },
    include: withResults,
  });
  return (
    row && {
      serial: row.serial,
      author: row.author,
      at: row.at.toISOString(),
      message: row.message,
      hash: row.hash,
      rolledBackAt: row.rolledBackAt?.toISOString() ?? null,
      results: newestResults(row.results),
      text: row.text,
    }
  );
}

export async function readSerials(db: Transaction, clusterId: string): Promise<readonly RevisionName[]> {
  const rows = await db.revision.findMany({
    where: { clusterId },
    orderBy: { serial: 'desc' },
    select: { serial: true, author: true, at: true },
  });
  return rows.map(({ serial, author, at }) => ({ serial, author, at: at.toISOString() }));
}
