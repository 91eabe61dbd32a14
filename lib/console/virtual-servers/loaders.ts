/** The virtual servers and failover services of the draft. */
import 'server-only';
import { notFound } from 'next/navigation';
import { database } from '#lib/platform/database.ts';
import type { BlockList, VirtualOutline, VirtualServerView } from '../contract.ts';
import { blockListOf, type ListWish } from '../draft/block-list.ts';
import { readDraft } from '../draft/data.ts';
import { configOf, virtualsOf } from '../draft/draft.ts';
import { virtualOutlinesOf, virtualServerViewOf } from '../draft/views.ts';
import { requireUser } from '../session.ts';

/** One page of a list, in file order. */
export async function loadBlockList(clusterId: string, wish: ListWish): Promise<BlockList> {
  await requireUser('virtual-servers.loadBlockList');
  const draft = await readDraft(database(), clusterId);
  return draft ? blockListOf(draft, wish) : notFound();
}

/** All virtual servers, in file order, as far as the health of their real servers needs them. */
export async function loadVirtualOutlines(clusterId: string): Promise<readonly VirtualOutline[]> {
  await requireUser('virtual-servers.loadVirtualOutlines');
  const draft = await readDraft(database(), clusterId);
  return draft ? virtualOutlinesOf(draft) : notFound();
}

/** One virtual server or failover service; null when it does not exist. */
export async function loadVirtualServer(clusterId: string, id: string): Promise<VirtualServerView | null> {
  await requireUser('virtual-servers.loadVirtualServer');
  const draft = await readDraft(database(), clusterId);
  return draft && virtualServerViewOf(draft, id);
}

/** Whether the cluster has, or is meant to have, failover services. */
export async function usesFailoverServices(clusterId: string): Promise<boolean> {
  await requireUser('virtual-servers.usesFailoverServices');
  const draft = await readDraft(database(), clusterId);
  return (
    draft !== null &&
    (configOf(draft).global.serviceKind === 'fos' || virtualsOf(draft, 'failover').length > 0)
  );
}
