/** The lists of virtual servers and of failover services, a page at a time. Pure. */

import { freeName } from '#lib/lvs/free-name.ts';
import type { BlockList, BlockRow } from '../contract.ts';
import { blocksFound, serversFound } from '../search/find.ts';
import { type Entry, indexOf } from '../search/index-of.ts';
import { type BlockKind, type Draft, type DraftVirtual, listNames, virtualsOf } from './draft.ts';
import { faultsOf } from './faults.ts';
import { fieldsOf } from './fields.ts';

export interface ListWish {
  readonly kind: BlockKind;
  /** What was typed into the search field; empty: everything. */
  readonly find: string;
  /** From 1; one that does not exist is the nearest that does. */
  readonly page: number;
}

/** As many rows as a person looks over. */
export const ROWS_OF_A_PAGE = 50;

/** The fields that the list shows. */
const shown = [
  ...['enabled', 'vip', 'vipNetmask', 'port', 'protocol', 'firewallMark', 'scheduler'],
  ...['startCommand', 'stopCommand'],
];

const foundBy = (entry: Entry | undefined): string | null =>
  entry?.kind === 'server' ? `${entry.name} ${entry.endpoint}`.trim() : null;

function rowOf(virtual: DraftVirtual, isFaulty: boolean, entry: Entry | undefined): BlockRow {
  const values = fieldsOf(virtual.kind, virtual.settings);
  return {
    id: virtual.id,
    name: virtual.name,
    version: virtual.version,
    values: Object.fromEntries(shown.map((key) => [key, values[key] ?? ''])),
    servers: virtual.servers.length,
    isFaulty,
    foundBy: foundBy(entry),
  };
}

/** What a query finds, by the ids of the blocks; null when nothing is searched for. */
const foundIn = (draft: Draft, query: string): ReadonlyMap<string, Entry> | null =>
  query.trim() === '' ? null : blocksFound(indexOf(draft), query);

/** What a search leaves of a list, in file order; everything when nothing is searched for. */
export function blocksMatching(draft: Draft, kind: BlockKind, query: string): readonly DraftVirtual[] {
  return left(virtualsOf(draft, kind), foundIn(draft, query));
}

/** The real servers of all virtual servers that a search means, by id; nothing when nothing is searched for. */
export function serversMatching(draft: Draft, query: string): readonly string[] {
  if (query.trim() === '') return [];
  const blocks = new Set(virtualsOf(draft, 'virtual').map(({ id }) => id));
  return serversFound(indexOf(draft), query).flatMap(({ id, parent }) =>
    parent !== null && blocks.has(parent.id) ? [id] : [],
  );
}

const left = (
  all: readonly DraftVirtual[],
  found: ReadonlyMap<string, Entry> | null,
): readonly DraftVirtual[] => (found === null ? all : all.filter(({ id }) => found.has(id)));

export function blockListOf(draft: Draft, wish: ListWish): BlockList {
  const all = virtualsOf(draft, wish.kind);
  const found = foundIn(draft, wish.find);
  const matching = left(all, found);
  const pages = Math.max(1, Math.ceil(matching.length / ROWS_OF_A_PAGE));
  const page = Math.min(Math.max(1, Math.trunc(wish.page) || 1), pages);
  const faulty = new Set(
    faultsOf(draft).flatMap(({ severity, path }) =>
      severity === 'error' && path?.[0] === listNames[wish.kind] ? [all[Number(path[1])]?.id] : [],
    ),
  );
  return {
    rows: matching
      .slice((page - 1) * ROWS_OF_A_PAGE, page * ROWS_OF_A_PAGE)
      .map((row) => rowOf(row, faulty.has(row.id), found?.get(row.id))),
    total: all.length,
    matching: matching.length,
    matchingServers: wish.kind === 'virtual' ? serversMatching(draft, wish.find).length : 0,
    page,
    pages,
    freeName: freeName(
      wish.kind === 'virtual' ? 'web' : 'service',
      all.map(({ name }) => name),
    ),
  };
}
