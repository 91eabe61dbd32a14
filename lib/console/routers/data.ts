/** The routers of a cluster with their links. */
import 'server-only';
import type { Transaction } from '#lib/platform/database.ts';
import type { RouterPort } from '#lib/platform/router-port.ts';
import type { RouterRole } from '#lib/protocol/live.ts';

/** Where links are found: the live hub, or a table of fake ones in tests. */
export interface Ports {
  port(routerId: string): RouterPort | null;
}

export interface ClusterMember {
  readonly id: string;
  readonly name: string;
  readonly role: RouterRole;
  /** Null: not enrolled. */
  readonly port: RouterPort | null;
}

/** The primary router first. */
export async function readMembers(
  db: Transaction,
  ports: Ports,
  clusterId: string,
): Promise<readonly ClusterMember[]> {
  const routers = await db.router.findMany({ where: { clusterId }, orderBy: { role: 'desc' } });
  return routers.map(({ id, name, role }) => ({
    id,
    name,
    role: role === 'backup' ? 'backup' : 'primary',
    port: ports.port(id),
  }));
}

/** One router with its cluster; null when it does not exist. */
export async function readMember(
  db: Transaction,
  ports: Ports,
  routerId: string,
): Promise<{ readonly clusterId: string; readonly member: ClusterMember } | null> {
  const router = await db.router.findUnique({ where: { id: routerId } });
  if (!router) return null;
  const member = (await readMembers(db, ports, router.clusterId)).find(({ id }) => id === routerId);
  return member ? { clusterId: router.clusterId, member } : null;
}
