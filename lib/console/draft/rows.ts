/**
 * Reads the rows of a draft, each at most once: a row's version changes with its content, so that what is known of
 * a version is not read again. A cluster may have 40 000 rows, and a person who edits one waits for that one.
 */
import 'server-only';
import * as z from 'zod';
import type { Remarks } from '#lib/lvs/model.ts';
import { type Transaction, undoneTransactions } from '#lib/platform/database.ts';
import { singleton } from '#lib/platform/singleton.ts';
import type { BlockKind, Draft, DraftRow, DraftVirtual } from './draft.ts';

const settings = z.record(z.string(), z.unknown());
const remarks = z.object({ comments: z.array(z.string()), unknown: z.array(z.string()) });

/** A row as SQLite writes it: the columns of DraftRow in this order. */
const storedRow = z.tuple([z.string(), z.string(), z.number(), settings, remarks, z.string(), z.string()]);
const storedRows = z.array(storedRow);
/** Its own id, its parent's id or its kind, its version. */
const outlines = z.array(z.tuple([z.string(), z.string(), z.number()]));

/** Most rows have none; a large cluster holds one object for all of them. */
const noRemarks: Remarks = { comments: [], unknown: [] };

const remarksOf = (remarked: Remarks): Remarks =>
  remarked.comments.length === 0 && remarked.unknown.length === 0 ? noRemarks : remarked;

/** Makes rows. Most rows of a large cluster came in together: who and when is one text for all that follow each other. */
function rowReader(): (stored: z.infer<typeof storedRow>) => DraftRow {
  let last = { by: '', stored: '', at: '' };
  return ([id, name, version, values, remarked, by, stored]) => {
    if (by !== last.by || stored !== last.stored) last = { by, stored, at: new Date(stored).toISOString() };
    return {
      id,
      name,
      version,
      settings: values,
      remarks: remarksOf(remarked),
      updatedBy: last.by,
      updatedAt: last.at,
    };
  };
}

const kindOf = (text: string): BlockKind => (text === 'failover' ? 'failover' : 'virtual');

/** What was read of one cluster. */
export interface Known {
  readonly draft: Draft;
  /** Where the database stood then; while it stands there, the draft is the same. */
  readonly stamp: string;
  /** Rolled-back transactions until then: what was read in one of them may never have been. */
  readonly undone: number;
}

/** Beyond so many rows the drafts that were read longest ago are forgotten, but never the last one. */
const MOST_KNOWN_ROWS = 60_000;

const rowsOf = ({ draft }: Known): number =>
  draft.virtuals.reduce((sum, { servers }) => sum + 1 + servers.length, 1);

const knownDrafts = (): Map<string, Known> => singleton('known-drafts', () => new Map());

/** Changes with every write of this connection and of any other. */
export async function stampOf(db: Transaction): Promise<string> {
  const rows = await db.$queryRaw<
    { readonly stamp: string }[]
  >`SELECT total_changes() || ' ' || data_version AS stamp FROM pragma_data_version`;
  return String(rows[0]?.stamp);
}

export function knownDraft(clusterId: string): Known | null {
  const known = knownDrafts().get(clusterId);
  return known !== undefined && known.undone === undoneTransactions() ? known : null;
}

export function rememberDraft(clusterId: string, known: Omit<Known, 'undone'>): void {
  const all = knownDrafts();
  all.delete(clusterId);
  all.set(clusterId, { ...known, undone: undoneTransactions() });
  let rows = [...all.values()].reduce((sum, each) => sum + rowsOf(each), 0);
  for (const [id, each] of all) {
    if (rows <= MOST_KNOWN_ROWS || id === clusterId) break;
    rows -= rowsOf(each);
    all.delete(id);
  }
}

export const forgetDraft = (clusterId: string): void => void knownDrafts().delete(clusterId);

interface JsonRow {
  readonly json: string;
}

const jsonOf = (rows: readonly JsonRow[]): unknown => JSON.parse(rows[0]?.json ?? '[]');

/** Rows of one JSON text; more would be held in memory twice. */
const ROWS_AT_A_TIME = 4000;

/** The rows of these ids by id, in as few statements as memory allows. */
async function readRows(
  ids: readonly string[],
  ask: (ids: string) => Promise<readonly JsonRow[]>,
): Promise<ReadonlyMap<string, DraftRow>> {
  const rows = new Map<string, DraftRow>();
  const rowOf = rowReader();
  for (let start = 0; start < ids.length; start += ROWS_AT_A_TIME) {
    const some = JSON.stringify(ids.slice(start, start + ROWS_AT_A_TIME));
    for (const stored of storedRows.parse(jsonOf(await ask(some)))) rows.set(stored[0], rowOf(stored));
  }
  return rows;
}

const askVirtuals = (db: Transaction) => (ids: string) =>
  db.$queryRaw<JsonRow[]>`
  SELECT json_group_array(json_array("id", "name", "version", json("settings"), json("remarks"), "updatedBy",
    "updatedAt")) AS json
  FROM "VirtualServer" WHERE "id" IN (SELECT value FROM json_each(${ids}))`;

const askServers = (db: Transaction) => (ids: string) =>
  db.$queryRaw<JsonRow[]>`
  SELECT json_group_array(json_array("id", "name", "version", json("settings"), json("remarks"), "updatedBy",
    "updatedAt")) AS json
  FROM "RealServer" WHERE "id" IN (SELECT value FROM json_each(${ids}))`;

/** The virtual servers of a cluster with their real servers, in order; what `known` has of them stays the same object. */
export async function readVirtuals(
  db: Transaction,
  clusterId: string,
  known: Draft | null,
): Promise<readonly DraftVirtual[]> {
  const virtualRows = await db.$queryRaw<JsonRow[]>`
    SELECT json_group_array(json_array("id", "kind", "version")) AS json
    FROM (SELECT * FROM "VirtualServer" WHERE "clusterId" = ${clusterId} ORDER BY "position", "rowid")`;
  const serverRows = await db.$queryRaw<JsonRow[]>`
    SELECT json_group_array(json_array("id", "virtualServerId", "version")) AS json
    FROM (SELECT r.* FROM "RealServer" r JOIN "VirtualServer" v ON v."id" = r."virtualServerId"
      WHERE v."clusterId" = ${clusterId} ORDER BY r."virtualServerId", r."position", r."rowid")`;
  const virtuals = outlines.parse(jsonOf(virtualRows));
  const servers = outlines.parse(jsonOf(serverRows));
  const oldVirtuals = new Map(known?.virtuals.map((row) => [row.id, row]));
  const oldServers = new Map(known?.virtuals.flatMap((row) => row.servers.map((each) => [each.id, each])));
  const missing = (
    wanted: z.infer<typeof outlines>,
    have: ReadonlyMap<string, DraftRow>,
  ): readonly string[] =>
    wanted.flatMap(([id, , version]) => (have.get(id)?.version === version ? [] : [id]));
  const newVirtuals = await readRows(missing(virtuals, oldVirtuals), askVirtuals(db));
  const newServers = await readRows(missing(servers, oldServers), askServers(db));
  const byParent = new Map<string, DraftRow[]>(virtuals.map(([id]) => [id, []]));
  for (const [id, parent] of servers) {
    const row = newServers.get(id) ?? oldServers.get(id);
    if (row) byParent.get(parent)?.push(row);
  }
  return virtuals.flatMap(([id, kind]) => {
    const before = oldVirtuals.get(id);
    const row = newVirtuals.get(id) ?? before;
    return row ? [sameOr(before, { ...row, kind: kindOf(kind), servers: byParent.get(id) ?? [] })] : [];
  });
}

/** The block as it was, if nothing of it changed: what was worked out of it then still holds. */
function sameOr(before: DraftVirtual | undefined, now: DraftVirtual): DraftVirtual {
  const isSame =
    before !== undefined &&
    before.version === now.version &&
    before.servers.length === now.servers.length &&
    before.servers.every((server, index) => server === now.servers[index]);
  return isSame ? before : now;
}
