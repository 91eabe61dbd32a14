/** Copies of rows of the draft: inactive, because a second active one of the same address and port cannot be. */
import 'server-only';
import { randomUUID } from 'node:crypto';
import { freeName } from '#lib/lvs/free-name.ts';
import type { Database, Transaction } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { SaveResult } from '../contract.ts';
import { refusal } from './conflict.ts';
import { readDraft } from './data.ts';
import { type DraftRow, type DraftVirtual, placeOf } from './draft.ts';
import { insertRow, nextPosition } from './mutations.ts';

/** `web-copy` of `web`, `web-copy2` of `web` and of `web-copy`. */
const copyName = (name: string, taken: readonly string[]): string =>
  freeName(`${name.replace(/-copy\d*$/, '')}-copy`, taken);

const copyOf = (row: DraftRow, actor: Actor, change: Partial<DraftRow>): DraftRow => ({
  ...row,
  id: randomUUID(),
  version: 1,
  updatedBy: actor.name,
  updatedAt: new Date().toISOString(),
  ...change,
});

async function insertServers(
  tx: Transaction,
  actor: Actor,
  clusterId: string,
  copies: { readonly from: DraftVirtual; readonly parentId: string },
): Promise<void> {
  for (const [position, server] of copies.from.servers.entries()) {
    await insertRow(tx, clusterId, copyOf(server, actor, {}), { parentId: copies.parentId }, position);
  }
}

/** Copies a block with its real servers, or one real server, to the end of its list. */
export function cloneRow(
  db: Database,
  actor: Actor,
  wish: { readonly clusterId: string; readonly rowId: string },
): Promise<SaveResult> {
  return db.$transaction(
    async (tx) => {
      const { clusterId, rowId } = wish;
      const draft = await readDraft(tx, clusterId);
      const place = draft && placeOf(draft, rowId);
      if (!draft || !place || place.scope === 'global') return refusal('This does not exist any more');
      const name = copyName(
        place.row.name,
        place.siblings.map((row) => row.name),
      );
      const settings = { ...place.row.settings, enabled: false };
      const copy = copyOf(place.row, actor, { name, settings });
      const block = draft.virtuals.find(({ id }) => id === rowId);
      const parent = draft.virtuals.find(({ servers }) => servers.some(({ id }) => id === rowId));
      const to = block ? { kind: block.kind } : { parentId: parent?.id ?? '' };
      await insertRow(tx, clusterId, copy, to, await nextPosition(tx, clusterId, to));
      if (block) await insertServers(tx, actor, clusterId, { from: block, parentId: copy.id });
      const message = `Copied ${place.row.name} to ${name} in the draft`;
      await audit(tx, actor, { action: 'draft.clone', clusterId, message });
      return { ok: true, version: 1, id: copy.id, warnings: [] };
    },
    { timeout: 60_000 },
  );
}
