/** What a configuration asks of the nanny: one member for each real server of each virtual server. Pure. */
import { destinationName, serviceName } from '#lib/ipvs/command.ts';
import { keptPort, MAX_WEIGHT, serviceKeyOf } from '#lib/ipvs/compile.ts';
import type { RoutingTable } from '#lib/ipvs/table.ts';
import { isAddress } from '#lib/lvs/address.ts';
import { checkIntervalMs, checkLimitMs, checkOf } from '#lib/lvs/checks.ts';
import {
  type ClusterConfig,
  effectiveForwarding,
  effectivePort,
  type RealServer,
  type VirtualServer,
} from '#lib/lvs/model.ts';
import type { EndpointPlan } from './endpoint.ts';
import { type HealthSettings, riseOf } from './health.ts';
import { loadSourceOf, type SourceOrFault } from './load-source.ts';
import type { ServerNames } from './overrides.ts';

/** With the names that the configuration gives it. */
export interface MemberPlan extends ServerNames {
  /** Identity over configurations, whatever the names are: the service, and address and port within it. */
  readonly service: string;
  readonly key: string;
  readonly address: string;
  readonly port: number;
  readonly settings: HealthSettings;
  /** Why it is neither checked nor served, as a sentence; null when it is. */
  readonly idle: string | null;
  readonly endpoint: EndpointPlan;
  /** Who says its load; null when nobody is asked. */
  readonly load: SourceOrFault | null;
}

/** Nobody asks it: it serves from the start. */
export const isUnasked = ({ idle, endpoint }: MemberPlan): boolean =>
  idle === null && endpoint.check.kind === 'none';

function idleReason(config: ClusterConfig, virtual: VirtualServer, server: RealServer): string | null {
  if (config.global.serviceKind !== 'lvs')
    return 'the configuration serves failover services (service = fos)';
  if (!virtual.enabled) return 'its virtual server is not active in the configuration';
  if (!server.enabled) return 'not active in the configuration';
  if (serviceKeyOf(virtual) === null) return 'its virtual server has no address that the kernel could take';
  if (server.address === null) return 'it has no address';
  if (!isAddress(server.address)) return `${server.address} is not an address but a name`;
  const port = effectivePort(virtual, server);
  return port >= 0 && port <= 65_535 ? null : `${port} is not a port`;
}

// What all real servers of a virtual server have in common is worked out once: there may be tens of thousands.

function settingsOf(virtual: VirtualServer): (server: RealServer) => HealthSettings {
  const common = {
    fall: Math.max(1, virtual.fall),
    rise: virtual.rise ?? riseOf(virtual.reentrySeconds * 1000, checkIntervalMs(virtual)),
    quiesce: virtual.quiesce,
    slowStartMs: virtual.slowStartSeconds === null ? null : virtual.slowStartSeconds * 1000,
  };
  const known = new Map<number, HealthSettings>();
  return ({ weight }) => {
    const before = known.get(weight);
    if (before !== undefined) return before;
    const settings = { weight: Math.min(MAX_WEIGHT, Math.max(0, weight)), ...common };
    known.set(weight, settings);
    return settings;
  };
}

function endpointsOf(virtual: VirtualServer): (server: RealServer) => EndpointPlan {
  const source = virtual.checkSource;
  const check = checkOf(virtual);
  const [intervalMs, limitMs] = [checkIntervalMs(virtual), checkLimitMs(virtual)];
  const common = JSON.stringify([source, check, intervalMs, limitMs]);
  // Nobody goes there: one for all, for its times.
  if (check.kind === 'none') {
    const nowhere = { key: common, target: { address: '', port: 0, source }, check, intervalMs, limitMs };
    return () => nowhere;
  }
  return (server) => {
    const address = server.checkAddress ?? server.address ?? '';
    const port = server.checkPort ?? virtual.checkPort ?? effectivePort(virtual, server);
    return {
      key: `${address} ${port} ${common}`,
      target: { address, port, source },
      check,
      intervalMs,
      limitMs,
    };
  };
}

/** A second occurrence of the same name gets a number, so that names never repeat. */
function namesOnce(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

/** Members by position in the configuration. */
export function membersOf(config: ClusterConfig): readonly (readonly MemberPlan[])[] {
  const uniqueService = namesOnce();
  return config.virtualServers.map((virtual) => {
    const serviceKey = serviceKeyOf(virtual);
    // What is not active must not take the identity of an active one with the same address.
    const service = uniqueService(serviceKey && virtual.enabled ? serviceName(serviceKey) : 'idle');
    const uniqueKey = namesOnce();
    const endpointOf = endpointsOf(virtual);
    const settingsFor = settingsOf(virtual);
    return virtual.servers.map((server) => {
      const idle = idleReason(config, virtual, server);
      const endpoint = endpointOf(server);
      const address = server.address ?? '';
      const port = effectivePort(virtual, server);
      const kept =
        serviceKey === null ? port : keptPort(serviceKey, effectiveForwarding(config.global, server), port);
      const destination = destinationName({ address, port: kept });
      return {
        service,
        key: uniqueKey(idle === null ? destination : `idle ${destination}`),
        virtualServer: virtual.name,
        realServer: server.name,
        address,
        port,
        settings: settingsFor(server),
        idle,
        endpoint,
        load: loadSourceOf(config.global, virtual, address),
      };
    });
  });
}

/** Weights in the kernel's table by service and key of the member. */
export const weightsInTable = (table: RoutingTable): ReadonlyMap<string, ReadonlyMap<string, number>> =>
  new Map(
    table.services.map(({ key, destinations }) => [
      serviceName(key),
      new Map(destinations.map((destination) => [destinationName(destination), destination.weight])),
    ]),
  );
