/** Puts a whole configuration in place of a draft, row by row, so that links and versions of rows go on. */
import 'server-only';
import { randomUUID } from 'node:crypto';
import { directivesOf, type Scope } from '#lib/lvs/directives.ts';
import type { ClusterConfig, Remarks, VirtualServer } from '#lib/lvs/model.ts';
import type { Transaction } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { type BlockKind, type Draft, type DraftRow, type RowSettings, virtualsOf } from './draft.ts';
import { insertRow, recordEdit } from './mutations.ts';

/** The settings of a block of the model: what differs from the default. */
export function settingsOf(scope: Scope, values: object): RowSettings {
  const all = new Map<string, unknown>(Object.entries(values));
  return Object.fromEntries(
    directivesOf[scope].flatMap(({ key, default: absent }) =>
      JSON.stringify(all.get(key)) === JSON.stringify(absent) ? [] : [[key, all.get(key)]],
    ),
  );
}

interface Wanted {
  readonly name: string;
  readonly settings: RowSettings;
  readonly remarks: Remarks;
}

const wantedOf = (scope: Scope, block: Remarks & { readonly name: string }): Wanted => ({
  name: block.name,
  settings: settingsOf(scope, block),
  remarks: { comments: block.comments, unknown: block.unknown },
});

const contentOf = (row: Wanted): string =>
  JSON.stringify([row.name, Object.entries(row.settings).sort(), row.remarks.comments, row.remarks.unknown]);

interface Replacement {
  readonly tx: Transaction;
  readonly actor: Actor;
  readonly clusterId: string;
  readonly at: Date;
}

/** The row with the same name goes on; a name that occurs twice is matched in order. */
function takeMatch<Row extends DraftRow>(rows: Row[], name: string): Row | null {
  const index = rows.findIndex((row) => row.name === name);
  return index === -1 ? null : (rows.splice(index, 1)[0] ?? null);
}

const newRow = (wanted: Wanted, { actor, at }: Replacement): DraftRow => ({
  ...wanted,
  id: randomUUID(),
  version: 1,
  updatedBy: actor.name,
  updatedAt: at.toISOString(),
});

/** Columns of a kept row; a new version only when its content changed. */
async function keptColumns(run: Replacement, row: DraftRow, wanted: Wanted, position: number) {
  if (contentOf(row) === contentOf(wanted)) return { position };
  await recordEdit(run.tx, {
    clusterId: run.clusterId,
    before: row,
    action: 'saved',
    by: run.actor.name,
    at: run.at,
  });
  return {
    position,
    settings: JSON.stringify(wanted.settings),
    remarks: JSON.stringify(wanted.remarks),
    version: row.version + 1,
    updatedBy: run.actor.name,
    updatedAt: run.at,
  };
}

async function replaceServers(
  run: Replacement,
  parent: { id: string; servers: readonly DraftRow[] },
  block: VirtualServer,
) {
  const left = [...parent.servers];
  for (const [position, server] of block.servers.entries()) {
    const wanted = wantedOf('server', server);
    const row = takeMatch(left, server.name);
    if (row) {
      await run.tx.realServer.update({
        where: { id: row.id },
        data: await keptColumns(run, row, wanted, position),
      });
    } else {
      await insertRow(run.tx, run.clusterId, newRow(wanted, run), { parentId: parent.id }, position);
    }
  }
  for (const row of left) {
    await recordEdit(run.tx, {
      clusterId: run.clusterId,
      before: row,
      action: 'deleted',
      by: run.actor.name,
      at: run.at,
    });
    await run.tx.realServer.delete({ where: { id: row.id } });
  }
}

async function replaceBlocks(
  run: Replacement,
  draft: Draft,
  kind: BlockKind,
  blocks: readonly VirtualServer[],
) {
  const left = [...virtualsOf(draft, kind)];
  for (const [position, block] of blocks.entries()) {
    const wanted = wantedOf(kind, block);
    const row = takeMatch(left, block.name);
    if (row) {
      await run.tx.virtualServer.update({
        where: { id: row.id },
        data: await keptColumns(run, row, wanted, position),
      });
      await replaceServers(run, row, block);
    } else {
      const made = newRow(wanted, run);
      await insertRow(run.tx, run.clusterId, made, { kind }, position);
      await replaceServers(run, { id: made.id, servers: [] }, block);
    }
  }
  for (const row of left) {
    await recordEdit(run.tx, {
      clusterId: run.clusterId,
      before: row,
      action: 'deleted',
      by: run.actor.name,
      at: run.at,
    });
    await run.tx.virtualServer.delete({ where: { id: row.id } });
  }
}

/** The draft becomes this configuration. The caller records why. */
export async function replaceDraft(
  tx: Transaction,
  actor: Actor,
  draft: Draft,
  config: ClusterConfig,
): Promise<void> {
  const run: Replacement = { tx, actor, clusterId: draft.cluster.id, at: new Date() };
  const wanted: Wanted = {
    name: draft.cluster.name,
    settings: settingsOf('global', config.global),
    remarks: { comments: config.comments, unknown: config.unknown },
  };
  const { position: _, ...columns } = await keptColumns(run, draft.cluster, wanted, 0);
  if (Object.keys(columns).length > 0)
    await tx.cluster.update({ where: { id: draft.cluster.id }, data: columns });
  await replaceBlocks(run, draft, 'virtual', config.virtualServers);
  await replaceBlocks(run, draft, 'failover', config.failoverServices);
}
