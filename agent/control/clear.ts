/**
 * Before the agent is uninstalled: takes out of the kernel what it put there and what its memory still names. Services
 * and addresses of others stay. The agent has ended already and handed over; this also mends an end that was none.
 */
import { serviceName } from '#lib/ipvs/command.ts';
import { planSteps } from '#lib/ipvs/plan.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { clearHeld } from '../dataplane/held-connections.ts';
import { removeAddresses } from '../dataplane/interfaces.ts';
import {
  changeKernelTable,
  readKernelTable,
  setTimeouts,
  type TableAccess,
  timeoutsOf,
} from '../dataplane/kernel-table.ts';
import { setMarkRules } from '../dataplane/mark-rules.ts';
import { flushSelfRoutes } from '../dataplane/self-routes.ts';
import { setSyncDaemon } from '../dataplane/sync-daemon.ts';
import type { AgentState } from '../store/state.ts';
import type { Edges } from './router.ts';

/** What Linux starts with, in seconds. */
const kernelTimeouts = { tcp: 900, tcpFin: 120, udp: 300 };

export interface Left {
  readonly state: AgentState;
  /** lvs.cf; null when there is none. */
  readonly config: string | null;
}

/** Returns what could not be taken away, a sentence each; goes on after each of them. */
export async function clearKernel(
  { exec, host }: Pick<Edges, 'exec' | 'host'>,
  { state, config }: Left,
): Promise<string[]> {
  const problems: string[] = [];
  const note = (outcome: { ok: true } | { ok: false; problem: string }): void => {
    if (!outcome.ok) problems.push(outcome.problem);
  };
  // Addresses first: nobody may be sent to a table that is going.
  note(await removeAddresses(exec, state.ownedAddresses, host.localAddresses));
  note(await flushSelfRoutes(exec));
  note(await clearHeld(exec));
  if (state.ownsMarkRules) note(await setMarkRules(exec, []));
  note(await removeServices({ exec, host }, new Set(state.ownedServices)));
  if (config !== null) {
    const parsed = parseConfig(config).config;
    if (parsed.global.syncDaemon) note(await setSyncDaemon(exec, null));
    const set = timeoutsOf(parsed);
    const { tcp, tcpFin, udp } = kernelTimeouts;
    // What the configuration left to the kernel is left alone here, too.
    note(await setTimeouts(exec, { tcp: set.tcp && tcp, tcpFin: set.tcpFin && tcpFin, udp: set.udp && udp }));
  }
  return problems;
}

async function removeServices(access: TableAccess, ours: ReadonlySet<string>) {
  if (ours.size === 0) return { ok: true } as const;
  const table = await readKernelTable(access.exec, { thresholds: false });
  if (!table.ok) return table;
  const steps = planSteps(table.value, { services: [] }, (key) => ours.has(serviceName(key)));
  return changeKernelTable(access, table.value, steps);
}
