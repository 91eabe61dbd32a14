'use server';
/** Editing virtual servers and real servers of the draft. */
import * as z from 'zod';
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import type { FieldValues, SaveResult } from '../contract.ts';
import { refusal } from '../draft/conflict.ts';
import { createRow, deleteRow, saveRow } from '../draft/mutations.ts';
import { id as anId, version as aVersion, badInput, fieldValues, readInput, text } from '../input.ts';
import { allow } from '../session.ts';

/** Adds a virtual server. Fields that `values` leaves out have the defaults of lvs.cf. */
export async function createVirtualServer(
  clusterId: string,
  name: string,
  values: FieldValues,
): Promise<SaveResult> {
  const access = await allow('virtual-servers.createVirtualServer');
  if (!access.ok) return refusal(access.message);
  const input = readInput({ clusterId: anId, name: text, values: fieldValues }, { clusterId, name, values });
  if (!input) return refusal(badInput);
  return changed(
    input.clusterId,
    await createRow(database(), access.actor, { ...input, place: { kind: 'virtual' } }),
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
