'use server';
/** Editing virtual servers and real servers of the draft. */
import * as z from 'zod';
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import type { BulkChange, FieldValues, SaveResult } from '../contract.ts';
import { blocksMatching, serversMatching } from '../draft/block-list.ts';
import { changeRows, moveRow } from '../draft/bulk.ts';
import { cloneRow } from '../draft/clone.ts';
import { refusal } from '../draft/conflict.ts';
import { readDraft } from '../draft/data.ts';
import type { BlockKind, Draft } from '../draft/draft.ts';
import { createRow, deleteRow, saveRow } from '../draft/mutations.ts';
import { id as anId, version as aVersion, badInput, fieldValues, readInput, text } from '../input.ts';
import { allow } from '../session.ts';

const aKind = z.enum(['virtual', 'failover']);

/** Adds a virtual server or a failover service. Fields that `values` leaves out have the defaults of lvs.cf. */
export async function createVirtualServer(
  clusterId: string,
  kind: BlockKind,
  name: string,
  values: FieldValues,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.createVirtualServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, kind: aKind, name: text, values: fieldValues },
    { clusterId, kind, name, values },
  );
  if (!input) return refusal(badInput);
  const { kind: ofKind, ...row } = input;
  return changed(
    input.clusterId,
    await createRow(database(), access.actor, { ...row, place: { kind: ofKind } }),
  );
}

/** Saves the name and the fields of a panel; fields that `values` leaves out stay. */
export async function saveVirtualServer(
  clusterId: string,
  id: string,
  version: number,
  name: string,
  values: FieldValues,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.saveVirtualServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, rowId: anId, version: aVersion, name: text, values: fieldValues },
    { clusterId, rowId: id, version, name, values },
  );
  if (!input) return refusal(badInput);
  return changed(
    input.clusterId,
    await saveRow(database(), access.actor, { ...input, scopes: ['virtual', 'failover'] }),
  );
}

/** Deletes a virtual server with its real servers from the draft. */
export async function deleteVirtualServer(clusterId: string, id: string): Promise<SaveResult> {
  const access = await allow('virtual-servers.deleteVirtualServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput({ clusterId: anId, rowId: anId }, { clusterId, rowId: id });
  if (!input) return refusal(badInput);
  return changed(input.clusterId, await deleteRow(database(), access.actor, input));
}

/** (DE)ACTIVATE of Piranha's list. */
export async function setVirtualServerEnabled(
  clusterId: string,
  id: string,
  version: number,
  enabled: boolean,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.setVirtualServerEnabled');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, rowId: anId, version: aVersion, enabled: z.boolean() },
    { clusterId, rowId: id, version, enabled },
  );
  if (!input) return refusal(badInput);
  const { enabled: isEnabled, ...row } = input;
  return changed(
    input.clusterId,
    await saveRow(database(), access.actor, {
      ...row,
      values: { enabled: isEnabled ? '1' : '' },
      scopes: ['virtual', 'failover'],
    }),
  );
}

/** Adds a real server to a virtual server. */
export async function createRealServer(
  clusterId: string,
  virtualId: string,
  name: string,
  values: FieldValues,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.createRealServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, parentId: anId, name: text, values: fieldValues },
    { clusterId, parentId: virtualId, name, values },
  );
  if (!input) return refusal(badInput);
  const { parentId, ...row } = input;
  return changed(input.clusterId, await createRow(database(), access.actor, { ...row, place: { parentId } }));
}

/** Saves the name and the fields of a real server; fields that `values` leaves out stay. */
export async function saveRealServer(
  clusterId: string,
  id: string,
  version: number,
  name: string,
  values: FieldValues,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.saveRealServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, rowId: anId, version: aVersion, name: text, values: fieldValues },
    { clusterId, rowId: id, version, name, values },
  );
  if (!input) return refusal(badInput);
  return changed(input.clusterId, await saveRow(database(), access.actor, { ...input, scopes: ['server'] }));
}

/** Deletes a real server from the draft. */
export async function deleteRealServer(clusterId: string, id: string): Promise<SaveResult> {
  const access = await allow('virtual-servers.deleteRealServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput({ clusterId: anId, rowId: anId }, { clusterId, rowId: id });
  if (!input) return refusal(badInput);
  return changed(input.clusterId, await deleteRow(database(), access.actor, input));
}

/** Activates or deactivates a real server. */
export async function setRealServerEnabled(
  clusterId: string,
  id: string,
  version: number,
  enabled: boolean,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.setRealServerEnabled');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, rowId: anId, version: aVersion, enabled: z.boolean() },
    { clusterId, rowId: id, version, enabled },
  );
  if (!input) return refusal(badInput);
  const { enabled: isEnabled, ...row } = input;
  return changed(
    input.clusterId,
    await saveRow(database(), access.actor, {
      ...row,
      values: { enabled: isEnabled ? '1' : '' },
      scopes: ['server'],
    }),
  );
}

/** A copy of a block with its real servers, or of one real server: inactive, at the end of the list. */
export async function cloneBlock(clusterId: string, id: string): Promise<SaveResult> {
  const access = await allow('virtual-servers.cloneBlock');
  if (!access.ok) return refusal(access.message);
  const input = readInput({ clusterId: anId, rowId: anId }, { clusterId, rowId: id });
  if (!input) return refusal(badInput);
  return changed(input.clusterId, await cloneRow(database(), access.actor, input));
}

/** Moves a block or a real server up (`by` below 0) or down in its list. */
export async function moveBlock(clusterId: string, id: string, by: number): Promise<SaveResult> {
  const access = await allow('virtual-servers.moveBlock');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, rowId: anId, by: z.number().int() },
    { clusterId, rowId: id, by },
  );
  if (!input) return refusal(badInput);
  return changed(input.clusterId, await moveRow(database(), access.actor, input));
}

const bulkChange = z.union([
  z.object({ kind: z.enum(['activate', 'deactivate', 'delete']) }),
  z.object({ kind: z.literal('weight'), weight: text }),
]);

/** Changes many virtual servers, or many real servers, at once: all of them or none. */
export async function changeMany(
  clusterId: string,
  ids: readonly string[],
  change: BulkChange,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.changeMany');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    { clusterId: anId, rowIds: z.array(anId).min(1).max(100_000), change: bulkChange },
    { clusterId, rowIds: ids, change },
  );
  if (!input) return refusal(badInput);
  return changed(input.clusterId, await changeRows(database(), access.actor, input));
}

/** The same for everything that a search leaves of a list; refused when that are not as many as the person saw. */
export async function changeMatching(
  clusterId: string,
  wish: { readonly kind: BlockKind | 'server'; readonly find: string; readonly expected: number },
  change: BulkChange,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.changeMatching');
  if (!access.ok) return refusal(access.message);
  const input = readInput(
    {
      clusterId: anId,
      wish: z.object({
        kind: z.union([aKind, z.literal('server')]),
        find: text,
        expected: z.number().int().min(1),
      }),
      change: bulkChange,
    },
    { clusterId, wish, change },
  );
  if (!input) return refusal(badInput);
  const draft = await readDraft(database(), input.clusterId);
  const rowIds = draft ? idsMatching(draft, input.wish.kind, input.wish.find) : [];
  if (rowIds.length !== input.wish.expected) {
    return refusal(
      `Nothing was changed: ${rowIds.length} match now, ${input.wish.expected} did when you chose. Look at the list and choose again`,
    );
  }
  const edit = { clusterId: input.clusterId, rowIds, change: input.change };
  return changed(input.clusterId, await changeRows(database(), access.actor, edit));
}

const idsMatching = (draft: Draft, kind: BlockKind | 'server', find: string): readonly string[] =>
  kind === 'server' ? serversMatching(draft, find) : blocksMatching(draft, kind, find).map(({ id }) => id);
