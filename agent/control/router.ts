/** What the parts of the agent's control share: one router, what it runs and what it holds. */

import { serviceName } from '#lib/ipvs/command.ts';
import type { Compiler } from '#lib/ipvs/compile.ts';
import type { RoutingTable, ServiceKey } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { PlacedAddress } from '../dataplane/addresses.ts';
import type { Announcer } from '../dataplane/announcer.ts';
import type { TableComparison } from '../dataplane/drift.ts';
import type { IsOwned } from '../dataplane/kernel-table.ts';
import type { KernelTicks } from '../dataplane/kernel-ticks.ts';
import type { ReadyIp } from '../dataplane/ready-ip.ts';
import type { SelfRoutes } from '../dataplane/self-routes.ts';
import type { Nanny } from '../nanny/contract.ts';
import type { Role } from '../pulse/contract.ts';
import type { PulseDriver } from '../pulse/driver.ts';
import type { Host } from '../runtime/host.ts';
import type { EventLog } from '../runtime/log.ts';
import type { SerialQueue } from '../runtime/queue.ts';
import type { Clock, Exec, Prepare } from '../runtime/types.ts';
import type { ClusterKeys } from '../store/cluster-keys.ts';
import type { ConfigFiles } from '../store/config-files.ts';
import type { StateFile } from '../store/state.ts';
import type { FailoverServices } from './failover-services.ts';
import type { ConfiguredAs } from './identity.ts';

/** The configuration that is in effect. */
export interface Running {
  readonly config: ClusterConfig;
  readonly text: string;
  readonly hash: string;
  readonly serial: number;
  readonly appliedAt: string;
}

/** Why pulse does not take part; the role is then ours to say. */
export interface Idle {
  readonly role: Role;
  readonly reason: string;
  readonly since: string;
}

/** What is wrong, by who found it; each finder replaces its own sentences. `serving`: it keeps us from serving. */
export interface Finding {
  readonly problem: string;
  readonly serving: boolean;
}
export type Finder =
  | 'self-check'
  | 'configuration'
  | 'identity'
  | 'table'
  | 'addresses'
  | 'timeouts'
  | 'marks'
  | 'links'
  | 'gateway'
  | 'failover-services'
  | 'sync-daemon';

/** The edges, given by main or by a test. */
export interface Edges {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly exec: Exec;
  readonly prepare: Prepare;
  readonly host: Host;
}

/** A look at /proc/net/ip_vs that found nothing to do. */
export interface SeenTable {
  readonly left: RoutingTable;
  /** The file as it was, and without the counters of connections. Where nobody connects, the first decides at once. */
  text: string;
  readonly bare: string;
  /** Names of the services of others in it. */
  readonly foreign: readonly string[];
  /** They have been told. */
  hasToldForeign: boolean;
}

export interface Router extends Edges {
  readonly version: string;
  /** Different for each run of the agent. */
  readonly runId: string;
  readonly startedAt: number;
  readonly files: ConfigFiles;
  readonly state: StateFile;
  readonly keys: ClusterKeys;
  readonly nanny: Nanny;
  readonly pulse: PulseDriver;
  readonly announcer: Announcer;
  readonly services: FailoverServices;
  readonly readyIp: ReadyIp;
  readonly selfRoutes: SelfRoutes;
  /** What the kernel should have; knows what it gave last. */
  readonly compile: Compiler;
  /** What the kernel prints for a second. */
  readonly ticks: KernelTicks;
  /** How the kernel's table differs from it; knows what it compared last. */
  readonly compare: TableComparison;
  /** Every change to the kernel and to the running configuration goes through here. */
  readonly queue: SerialQueue;

  running: Running | null;
  configuredAs: ConfiguredAs | null;
  /** Non-null while pulse does not decide the role. */
  idle: Idle | null;
  /** Pulse was stopped because the configuration gave it nothing to do, not by an administrator. */
  parked: boolean;
  /** Whether this router holds the VIPs: set before they are put on, cleared before they are taken off. */
  holding: boolean;
  /** No sync daemon is wanted and none runs: then a change of role need not ask. */
  syncDaemonIsOff: boolean;
  /** The table as the agent left it; null when that is not known. */
  left: RoutingTable | null;
  /** The rules for firewall marks as nft lists them since the agent set them; null: none, or not known. */
  leftMarks: string | null;
  /** The kernel's table as it was looked at last, when it was as the agent left it; null when it was not. */
  seen: SeenTable | null;
  /** What stood on the interfaces when a takeover seemed near, on the monotonic clock; no address that it would put on. */
  glanced: { readonly at: number; readonly standing: readonly PlacedAddress[] } | null;
  /** Services of others that an event told of. */
  reportedForeign: readonly string[];
  /** When converging may be tried again after it failed, on the monotonic clock. */
  retryAt: number;
  /** Hash of a file on disk that was reported as changed by hand. */
  reportedFileHash: string | null;
  readonly findings: Map<Finder, readonly Finding[]>;
  /** New connections, held back for a hand-over, are let through again. */
  letThrough: Promise<void>;
  /** The agent is ending: nothing is repaired any more. */
  ending: boolean;
  /** Tells subscribers that the status changed. */
  changed: () => void;
}

/**
 * Services that the agent may change or remove: those of its configuration and those that it put there before; all,
 * when the configuration says that foreign ones go.
 */
export function isOwned(router: Router, wanted: RoutingTable, config: ClusterConfig): IsOwned {
  if (config.global.foreignServices === 'remove') return () => true;
  const names = new Set([
    ...router.state.current.ownedServices,
    ...wanted.services.map((service) => serviceName(service.key)),
  ]);
  return (key: ServiceKey) => names.has(serviceName(key));
}

/** Whether a finder has something to say. */
export const hasFindings = (router: Router, finder: Finder): boolean =>
  (router.findings.get(finder)?.length ?? 0) > 0;

/** Replaces what one finder has to say; logs what is new and tells pulse whether this router can serve. */
export function setFindings(router: Router, finder: Finder, found: readonly Finding[]): void {
  const before = new Set((router.findings.get(finder) ?? []).map(({ problem }) => problem));
  router.findings.set(finder, found);
  for (const { problem, serving } of found) {
    if (!before.has(problem)) router.log.event(serving ? 'error' : 'warning', 'problem', problem);
    before.delete(problem);
  }
  for (const problem of before) router.log.event('info', 'problem-solved', `Solved: ${problem}`);
  const fault = [...router.findings.values()].flat().find(({ serving }) => serving);
  router.pulse.setFault(fault?.problem ?? null);
  router.changed();
}

export const problemsOf = (router: Router): string[] => [
  ...new Set([
    ...[...router.findings.values()].flat().map(({ problem }) => problem),
    ...(router.idle === null ? router.pulse.status().problems : []),
  ]),
];

/** Addresses that the agent may remove: those that it put on, apart from the routers' own. */
export function ownAddresses(router: Router, wanted: readonly PlacedAddress[]): PlacedAddress[] {
  const global = router.running?.config.global;
  const fixed = new Set([
    global?.primaryAddress,
    global?.primaryPrivateAddress,
    global?.backupAddress,
    global?.backupPrivateAddress,
  ]);
  return [...router.state.current.ownedAddresses, ...wanted].filter(({ address }) => !fixed.has(address));
}
