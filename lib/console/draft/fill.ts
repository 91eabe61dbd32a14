/** Puts a whole configuration into an empty draft, in few statements: a file may have 40 000 real servers. */
import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Scope } from '#lib/lvs/directives.ts';
import type { ClusterConfig, Remarks, VirtualServer } from '#lib/lvs/model.ts';
import type { Transaction } from '#lib/platform/database.ts';
import type { BlockKind } from './draft.ts';
import { settingsOf } from './replace.ts';

interface Row {
  readonly id: string;
  /** Cluster or virtual server. */
  readonly parentId: string;
  readonly kind?: BlockKind;
  readonly position: number;
  readonly name: string;
  readonly settings: string;
  readonly remarks: string;
}

function rowOf(
  scope: Scope,
  block: Remarks & { readonly name: string },
  place: { readonly parentId: string; readonly position: number },
): Row {
  return {
    id: randomUUID(),
    ...place,
    name: block.name,
    settings: JSON.stringify(settingsOf(scope, block)),
    remarks: JSON.stringify({ comments: block.comments, unknown: block.unknown }),
  };
}

/**
 * The blocks of `config` become rows of a cluster that has none, by the one who made the cluster and at that time.
 * SQLite takes the rows out of one JSON text: Prisma's own way is a hundred times slower at this number.
 */
export async function fillBlocks(tx: Transaction, clusterId: string, config: ClusterConfig): Promise<void> {
  const blocksOf = (kind: BlockKind, blocks: readonly VirtualServer[]) =>
    blocks.map((block, position) => {
      const row = { ...rowOf(kind, block, { parentId: clusterId, position }), kind };
      const servers = block.servers.map((server, at) =>
        rowOf('server', server, { parentId: row.id, position: at }),
      );
      return { row, servers };
    });
  const filled = [
    ...blocksOf('virtual', config.virtualServers),
    ...blocksOf('failover', config.failoverServices),
  ];
  const virtuals = JSON.stringify(filled.map(({ row }) => row));
  await tx.$executeRaw`
    INSERT INTO "VirtualServer"
      ("id", "clusterId", "kind", "position", "name", "settings", "remarks", "version", "updatedBy", "updatedAt")
    SELECT value->>'id', value->>'parentId', value->>'kind', value->>'position', value->>'name', value->>'settings',
      value->>'remarks', 1, maker."updatedBy", maker."updatedAt"
    FROM json_each(${virtuals}), "Cluster" AS maker WHERE maker."id" = ${clusterId}`;
  const servers = JSON.stringify(filled.flatMap((block) => block.servers));
  await tx.$executeRaw`
    INSERT INTO "RealServer"
      ("id", "virtualServerId", "position", "name", "settings", "remarks", "version", "updatedBy", "updatedAt")
    SELECT value->>'id', value->>'parentId', value->>'position', value->>'name', value->>'settings',
      value->>'remarks', 1, maker."updatedBy", maker."updatedAt"
    FROM json_each(${servers}), "Cluster" AS maker WHERE maker."id" = ${clusterId}`;
}
