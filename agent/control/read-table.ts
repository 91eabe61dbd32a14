/** The kernel's routing table, as far as a configuration needs one. */
import type { RoutingTable } from '#lib/ipvs/table.ts';
import { type ClusterConfig, usesThresholds } from '#lib/lvs/model.ts';
import { readKernelTable } from '../dataplane/kernel-table.ts';
import { PROC_TABLE } from '../dataplane/proc-table.ts';
import { type Attempt, success } from '../runtime/attempt.ts';
import type { Router } from './router.ts';

/**
 * Reads the table for whoever goes from one of these configurations to another. Failover services alone need no IPVS:
 * where the kernel has none, the table is empty, and no ipvsadm is asked for it.
 */
export async function readTable(
  { exec, host }: Pick<Router, 'exec' | 'host'>,
  ...configs: readonly ClusterConfig[]
): Promise<Attempt<RoutingTable>> {
  const needsNone = configs.every(({ global }) => global.serviceKind === 'fos');
  if (needsNone && !(await host.hasFile(PROC_TABLE))) return success({ services: [] });
  return readKernelTable(exec, { thresholds: configs.some(usesThresholds) });
}
