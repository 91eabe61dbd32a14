/** The decisions that routers were not told yet, in the database. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { Owed, ServerNames, Wanted } from './owed.ts';

type Row = Awaited<ReturnType<Transaction['owedOverride']['findMany']>>[number];

const wantedOf = ({ kind, state, weight }: Row): Wanted =>
  kind === 'weight'
    ? { kind, weight }
    : { kind: 'service', state: state === 'drain' || state === 'disable' ? state : null };

const owedOf = (row: Row): Owed => ({
  id: row.id,
  routerId: row.routerId,
  virtualServer: row.virtualServer,
  realServer: row.realServer,
  wanted: wantedOf(row),
  by: row.by,
  at: row.at,
});

/** The oldest first. */
export async function readOwed(db: Transaction, clusterId: string): Promise<readonly Owed[]> {
  const rows = await db.owedOverride.findMany({ where: { clusterId }, orderBy: { at: 'asc' } });
  return rows.map(owedOf);
}

/** One that is still owed; null when it was sent, replaced or forgotten meanwhile. */
export async function readDebt(db: Transaction, clusterId: string, id: string): Promise<Owed | null> {
  const row = await db.owedOverride.findFirst({ where: { clusterId, id } });
  return row && owedOf(row);
}

/** A new decision stands in the place of what was owed of its kind. */
export async function replaceOwed(
  db: Transaction,
  decision: ServerNames & {
    readonly clusterId: string;
    readonly wanted: Wanted;
    readonly by: string;
    readonly at: Date;
  },
  routerIds: readonly string[],
): Promise<void> {
  const { clusterId, virtualServer, realServer, wanted, by, at } = decision;
  const { kind } = wanted;
  const same = { clusterId, virtualServer, realServer, kind };
  await db.owedOverride.deleteMany({ where: same });
  const state = wanted.kind === 'service' ? wanted.state : null;
  const weight = wanted.kind === 'weight' ? wanted.weight : null;
  await db.owedOverride.createMany({
    data: routerIds.map((routerId) => ({ ...same, routerId, state, weight, by, at })),
  });
}

/** False when it was not owed any more. */
export const dropOwed = async (db: Transaction, id: string): Promise<boolean> =>
  (await db.owedOverride.deleteMany({ where: { id } })).count > 0;
