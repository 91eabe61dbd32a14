'use server';
/** Making, naming and deleting clusters. */
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import type { CreateResult } from '../contract.ts';
import { id as anId, badInput, readInput, text } from '../input.ts';
import { liveHub } from '../live/hub.ts';
import { allow } from '../session.ts';
import { insertCluster, removeCluster, updateClusterName } from './mutations.ts';

const refused = (message: string): CreateResult => ({ ok: false, message, fields: {} });

/** Makes a cluster with an empty draft and its own keys. */
export async function createCluster(name: string): Promise<CreateResult> {
  const access = await allow('clusters.createCluster');
  if (!access.ok) return refused(access.message);
  const input = readInput({ name: text }, { name });
  if (!input) return refused(badInput);
  return changed(null, await insertCluster(database(), access.actor, input.name));
}

export async function renameCluster(id: string, name: string): Promise<CreateResult> {
  const access = await allow('clusters.renameCluster');
  if (!access.ok) return refused(access.message);
  const input = readInput({ id: anId, name: text }, { id, name });
  if (!input) return refused(badInput);
  return changed(input.id, await updateClusterName(database(), access.actor, input));
}

/** Deletes a cluster with its draft, revisions, routers and keys; the routers go on with what they run. */
export async function deleteCluster(id: string): Promise<CreateResult> {
  const access = await allow('clusters.deleteCluster');
  if (!access.ok) return refused(access.message);
  const input = readInput({ id: anId }, { id });
  if (!input) return refused(badInput);
  const result = await removeCluster(database(), access.actor, input.id);
  await liveHub().refreshLinks(input.id);
  return changed(input.id, result);
}
