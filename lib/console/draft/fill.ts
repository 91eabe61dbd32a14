/** Puts a whole configuration into an empty draft, in few statements: a file may have 40 000 real servers. */
import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Scope } from '#lib/lvs/directives.ts';
import type { ClusterConfig, Remarks, VirtualServer } from '#lib/lvs/model.ts';
import type { Transaction } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import type { BlockKind } from './draft.ts';
import { settingsOf } from './replace.ts';

/** Rows of one statement: measured; with many more Prisma's time grows faster than their number. */
const ROWS_AT_ONCE = 500;

/** The blocks of `config` become rows of a cluster that has none. */
export async function fillBlocks(
  tx: Transaction,
  actor: Actor,
  clusterId: string,
  config: ClusterConfig,
): Promise<void> {
  const updatedAt = new Date();
  const columns = (scope: Scope, block: Remarks & { readonly name: string }, position: number) => ({
    id: randomUUID(),
    position,
    name: block.name,
    settings: JSON.stringify(settingsOf(scope, block)),
    remarks: JSON.stringify({ comments: block.comments, unknown: block.unknown }),
    version: 1,
    updatedBy: actor.name,
    updatedAt,
  });
  const rowsOf = (kind: BlockKind, blocks: readonly VirtualServer[]) =>
    blocks.map((block, position) => {
      const row = { ...columns(kind, block, position), clusterId, kind };
      const servers = block.servers.map((server, at) => ({
        ...columns('server', server, at),
        virtualServerId: row.id,
      }));
      return { row, servers };
    });
  const filled = [
    ...rowsOf('virtual', config.virtualServers),
    ...rowsOf('failover', config.failoverServices),
  ];
  const inParts = async <Row>(rows: readonly Row[], insert: (part: Row[]) => Promise<unknown>) => {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await insert(rows.slice(at, at + ROWS_AT_ONCE));
  };
  await inParts(
    filled.map(({ row }) => row),
    (data) => tx.virtualServer.createMany({ data }),
  );
  await inParts(
    filled.flatMap(({ servers }) => servers),
    (data) => tx.realServer.createMany({ data }),
  );
}
