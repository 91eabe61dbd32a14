/** The virtual servers of the draft with their real servers. */
import 'server-only';
import { notFound } from 'next/navigation';
import { database } from '#lib/platform/database.ts';
import type { VirtualServerView } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { virtualServerViewsOf } from '../draft/views.ts';
import { requireUser } from '../session.ts';

/** All virtual servers, in file order. */
export async function loadVirtualServers(clusterId: string): Promise<readonly VirtualServerView[]> {
  await requireUser('virtual-servers.loadVirtualServers');
  const draft = await readDraft(database(), clusterId);
  if (!draft) notFound();
  return virtualServerViewsOf(draft);
}

/** One virtual server; null when it does not exist. */
export async function loadVirtualServer(clusterId: string, id: string): Promise<VirtualServerView | null> {
  await requireUser('virtual-servers.loadVirtualServer');
  const draft = await readDraft(database(), clusterId);
  return (draft && virtualServerViewsOf(draft).find((view) => view.id === id)) ?? null;
}
