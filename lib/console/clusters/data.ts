/** Reads clusters and their routers. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { ClusterView, RouterView } from '../contract.ts';
import { byName } from './by-name.ts';

const routerView = (router: {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly fingerprint: string | null;
}): RouterView => ({
  id: router.id,
  role: router.role === 'backup' ? 'backup' : 'primary',
  name: router.name,
  address: router.address,
  port: router.port,
  user: router.user,
  fingerprint: router.fingerprint,
});

/** The primary router first. */
const withRouters = { routers: { orderBy: { role: 'desc' as const } } };

export async function readClusters(db: Transaction): Promise<readonly ClusterView[]> {
  const clusters = await db.cluster.findMany({ include: withRouters });
  return clusters
    .sort(byName)
    .map(({ id, name, routers }) => ({ id, name, routers: routers.map(routerView) }));
}

export async function readCluster(db: Transaction, id: string): Promise<ClusterView | null> {
  const cluster = await db.cluster.findUnique({ where: { id }, include: withRouters });
  return cluster && { id, name: cluster.name, routers: cluster.routers.map(routerView) };
}
