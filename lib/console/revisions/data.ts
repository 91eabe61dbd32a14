/** Reads revisions and what routers answered to them. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { RouterRole } from '#lib/protocol/live.ts';
import type { RevisionView, RouterPushResult } from '../contract.ts';

export interface Revision {
  readonly id: string;
  readonly serial: number;
  readonly text: string;
  readonly hash: string;
  readonly author: string;
  readonly message: string;
  readonly at: Date;
}

export const lastRevision = (db: Transaction, clusterId: string): Promise<Revision | null> =>
  db.revision.findFirst({ where: { clusterId }, orderBy: { serial: 'desc' } });

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

const outcomes = ['applied', 'unreachable', 'refused', 'failed', 'skipped'] as const;

const roleOf = (text: string): RouterRole => (text === 'backup' ? 'backup' : 'primary');

const resultOf = (stored: StoredResult): RouterPushResult => ({
  routerId: stored.routerId,
  name: stored.name,
  role: roleOf(stored.role),
  outcome: outcomes.find((outcome) => outcome === stored.outcome) ?? 'failed',
  message: stored.message,
  durationMs: stored.durationMs,
});

/** The newest result of each router: a later catch-up counts over the first attempt. */
function newestResults(stored: readonly StoredResult[]): readonly RouterPushResult[] {
  const newest = new Map(stored.map((result) => [result.routerId, resultOf(result)]));
  return [...newest.values()];
}

const withResults = { results: { orderBy: { at: 'asc' as const } } };

/** All revisions, newest first. */
export async function readRevisions(db: Transaction, clusterId: string): Promise<readonly RevisionView[]> {
  const rows = await db.revision.findMany({
    where: { clusterId },
    orderBy: { serial: 'desc' },
    omit: { text: true },
    include: withResults,
  });
  return rows.map((row) => ({
    serial: row.serial,
    author: row.author,
    at: row.at.toISOString(),
    message: row.message,
    hash: row.hash,
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
      results: newestResults(row.results),
      text: row.text,
    }
  );
}
