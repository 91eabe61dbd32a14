/**
 * The draft: the configuration that administrators edit, row by row. A row's settings stand under the model keys
 * of the table of directives; what a row does not hold has the table's default. Pure: rows in, model out.
 */

import type { ModelPath } from '#lib/lvs/diagnostics.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import type { FailoverService, RealServer, Remarks, VirtualServer } from '#lib/lvs/model.ts';
import { type ClusterConfig, defaultGlobal, defaultServer, defaultVirtual } from '#lib/lvs/model.ts';
import { onceFor } from '#lib/lvs/once-for.ts';
import { singleton } from '#lib/platform/singleton.ts';

export type RowSettings = Readonly<Record<string, unknown>>;

export interface DraftRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly settings: RowSettings;
  readonly remarks: Remarks;
  readonly updatedBy: string;
  /** ISO 8601 UTC. */
  readonly updatedAt: string;
}

export type BlockKind = 'virtual' | 'failover';

export interface DraftVirtual extends DraftRow {
  readonly kind: BlockKind;
  readonly servers: readonly DraftRow[];
}

export interface Draft {
  /** The global settings; the row's name is the cluster's, which lvs.cf does not hold. */
  readonly cluster: DraftRow;
  /** Virtual servers and failover services, each kind in file order. */
  readonly virtuals: readonly DraftVirtual[];
}

/** Where a row stands: its scope in the table of directives and its path in the model. */
export interface RowPlace {
  readonly scope: Scope;
  readonly path: ModelPath;
  readonly row: DraftRow;
  /** The rows that must not have the same name. */
  readonly siblings: readonly DraftRow[];
}

export const virtualsOf = (draft: Draft, kind: BlockKind): readonly DraftVirtual[] =>
  draft.virtuals.filter((virtual) => virtual.kind === kind);

/** The name of a kind's list in the model. */
export const listNames = { virtual: 'virtualServers', failover: 'failoverServices' } as const;

/** Every row of the draft with its place. */
export function* placesOf(draft: Draft): Generator<RowPlace> {
  yield { scope: 'global', path: ['global'], row: draft.cluster, siblings: [] };
  for (const kind of ['virtual', 'failover'] as const) {
    const virtuals = virtualsOf(draft, kind);
    for (const [index, virtual] of virtuals.entries()) {
      const path = [listNames[kind], index];
      yield { scope: kind, path, row: virtual, siblings: virtuals };
      for (const [at, server] of virtual.servers.entries()) {
        yield { scope: 'server', path: [...path, 'servers', at], row: server, siblings: virtual.servers };
      }
    }
  }
}

/** Places are made of the row that is asked for alone: a draft may have 40 000. */
export function placeOf(draft: Draft, rowId: string): RowPlace | null {
  if (draft.cluster.id === rowId)
    return { scope: 'global', path: ['global'], row: draft.cluster, siblings: [] };
  for (const kind of ['virtual', 'failover'] as const) {
    const virtuals = virtualsOf(draft, kind);
    for (const [index, virtual] of virtuals.entries()) {
      const path = [listNames[kind], index];
      if (virtual.id === rowId) return { scope: kind, path, row: virtual, siblings: virtuals };
      const at = virtual.servers.findIndex(({ id }) => id === rowId);
      const row = virtual.servers[at];
      if (row) return { scope: 'server', path: [...path, 'servers', at], row, siblings: virtual.servers };
    }
  }
  return null;
}

/** The draft with one row replaced; its other rows stay the same objects. */
export function withRow(draft: Draft, row: DraftRow): Draft {
  if (row.id === draft.cluster.id) return { ...draft, cluster: row };
  return {
    ...draft,
    virtuals: draft.virtuals.map((virtual) => {
      if (virtual.id === row.id) return { ...virtual, ...row };
      if (!virtual.servers.some((server) => server.id === row.id)) return virtual;
      return { ...virtual, servers: virtual.servers.map((server) => (server.id === row.id ? row : server)) };
    }),
  };
}

/** The draft with many rows replaced, by id. */
export const withRows = (draft: Draft, rows: ReadonlyMap<string, DraftRow>): Draft => ({
  ...draft,
  virtuals: draft.virtuals.map((virtual) => {
    const touched = rows.has(virtual.id) || virtual.servers.some(({ id }) => rows.has(id));
    if (!touched) return virtual;
    const servers = virtual.servers.map((server) => rows.get(server.id) ?? server);
    return { ...virtual, ...rows.get(virtual.id), servers };
  }),
});

/** The draft with a row added at the end of its list: a block, or a real server of the block `parentId`. */
export function withNewRow(
  draft: Draft,
  row: DraftRow,
  place: { readonly kind: BlockKind } | { readonly parentId: string },
): Draft {
  if ('kind' in place) {
    return { ...draft, virtuals: [...draft.virtuals, { ...row, kind: place.kind, servers: [] }] };
  }
  return {
    ...draft,
    virtuals: draft.virtuals.map((virtual) =>
      virtual.id === place.parentId ? { ...virtual, servers: [...virtual.servers, row] } : virtual,
    ),
  };
}

export function withoutRow(draft: Draft, rowId: string): Draft {
  return {
    ...draft,
    virtuals: draft.virtuals
      .filter((virtual) => virtual.id !== rowId)
      .map((virtual) =>
        virtual.servers.some((server) => server.id === rowId)
          ? { ...virtual, servers: virtual.servers.filter((server) => server.id !== rowId) }
          : virtual,
      ),
  };
}

const serverOf = (row: DraftRow): RealServer => ({
  ...defaultServer(row.name),
  ...row.settings,
  ...row.remarks,
});

const blockOf = (virtual: DraftVirtual): VirtualServer & FailoverService => ({
  ...defaultVirtual(virtual.name),
  ...virtual.settings,
  ...virtual.remarks,
  servers: virtual.servers.map(serverOf),
});

/** The block of a row; of a thousand rows an edit changes one. */
export const knownBlockOf = onceFor(
  blockOf,
  singleton('draft-blocks', () => new WeakMap()),
);

/** The same object for as long as the row is: what was worked out of the other blocks under it still holds. */
const knownGlobalOf = onceFor(
  ({ settings }: DraftRow): ClusterConfig['global'] => ({ ...defaultGlobal(), ...settings }),
  singleton('draft-globals', () => new WeakMap()),
);

const knownConfigOf = onceFor(
  (draft: Draft): ClusterConfig => ({
    ...draft.cluster.remarks,
    global: knownGlobalOf(draft.cluster),
    virtualServers: virtualsOf(draft, 'virtual').map(knownBlockOf),
    failoverServices: virtualsOf(draft, 'failover').map(knownBlockOf),
  }),
  singleton('draft-configs', () => new WeakMap()),
);

/** The configuration that the draft means, under the given serial number. */
export function configOf(draft: Draft, serial?: number): ClusterConfig {
  const config = knownConfigOf(draft);
  return serial === undefined ? config : { ...config, global: { ...config.global, serialNumber: serial } };
}

/** Serial number that the draft's settings hold, from a file that was taken in; 0 when none. */
export const serialOf = (draft: Draft): number => configOf(draft).global.serialNumber;
