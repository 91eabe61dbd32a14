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

export interface MemberPlan {
  /** Identity over configurations: service, address and port, whatever the names are. */
  readonly key: string;
  readonly virtualName: string;
  readonly serverName: string;
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

function settingsOf(virtual: VirtualServer, server: RealServer): HealthSettings {
  return {
    weight: Math.min(MAX_WEIGHT, Math.max(0, server.weight)),
    fall: Math.max(1, virtual.fall),
    rise: virtual.rise ?? riseOf(virtual.reentrySeconds * 1000, checkIntervalMs(virtual)),
    quiesce: virtual.quiesce,
    slowStartMs: virtual.slowStartSeconds === null ? null : virtual.slowStartSeconds * 1000,
  };
}

/** What all real servers of a virtual server have in common is written once. */
function endpointsOf(virtual: VirtualServer): (server: RealServer) => EndpointPlan {
  const source = virtual.checkSource;
  const check = checkOf(virtual);
  const [intervalMs, limitMs] = [checkIntervalMs(virtual), checkLimitMs(virtual)];
  const common = JSON.stringify([source, check, intervalMs, limitMs]);
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

/** Members by position in the configuration. */
export function membersOf(config: ClusterConfig): readonly (readonly MemberPlan[])[] {
  const seen = new Map<string, number>();
  /** A second occurrence of the same identity gets a number, so that identities never repeat. */
  const unique = (text: string): string => {
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return count === 1 ? text : `${text} (${count})`;
  };
  return config.virtualServers.map((virtual) => {
    const service = serviceKeyOf(virtual);
    // What is not active must not take the identity of an active one with the same address.
    const serviceText = service && virtual.enabled ? unique(serviceName(service)) : unique('idle');
    const endpointOf = endpointsOf(virtual);
    return virtual.servers.map((server) => {
      const idle = idleReason(config, virtual, server);
      const endpoint = endpointOf(server);
      const address = server.address ?? '';
      const port = effectivePort(virtual, server);
      const kept =
        service === null ? port : keptPort(service, effectiveForwarding(config.global, server), port);
      return {
        key: unique(`${idle === null ? '' : 'idle '}${identity(serviceText, address, kept)}`),
        virtualName: virtual.name,
        serverName: server.name,
        address,
        port,
        settings: settingsOf(virtual, server),
        idle,
        endpoint,
        load: loadSourceOf(config.global, virtual, address),
      };
    });
  });
}

const identity = (service: string, address: string, port: number): string =>
  `${service} ${destinationName({ address, port })}`;

/** Weights in the kernel's table by member key. */
export const weightsInTable = (table: RoutingTable): ReadonlyMap<string, number> =>
  new Map(
    table.services.flatMap(({ key, destinations }) =>
      destinations.map(({ address, port, weight }): [string, number] => [
        identity(serviceName(key), address, port),
        weight,
      ]),
    ),
  );
