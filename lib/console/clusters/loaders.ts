/** Clusters and their routers. */
import 'server-only';
import { database } from '#lib/platform/database.ts';
import type { ClusterView } from '../contract.ts';
import { requireUser } from '../session.ts';
import { readCluster, readClusters } from './data.ts';

/** By name. */
export async function listClusters(): Promise<readonly ClusterView[]> {
  await requireUser('clusters.listClusters');
  return readClusters(database());
}

/** Null when there is no such cluster. */
export async function loadCluster(id: string): Promise<ClusterView | null> {
  await requireUser('clusters.loadCluster');
  return readCluster(database(), id);
}
