/** What a configuration asks of the nanny: one member for each real server of each virtual server. Pure. */
import type { Destination, RoutingTable, ServiceKey } from '#lib/ipvs/table.ts';
import { checkOf } from '#lib/lvs/checks.ts';
import { type ClusterConfig, effectivePort, type RealServer, type VirtualServer } from '#lib/lvs/model.ts';
import type { EndpointPlan } from './endpoint.ts';
import { type HealthSettings, riseOf } from './health.ts';

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
}

function idleReason(virtual: VirtualServer, server: RealServer): string | null {
  if (!virtual.enabled) return 'its virtual server is not active in the configuration';
  if (!server.enabled) return 'not active in the configuration';
  if (virtual.firewallMark === 0 && !virtual.vip?.address) return 'its virtual server has no address';
  if (server.address === null) return 'it has no address';
  const port = effectivePort(virtual, server);
  return port >= 1 && port <= 65_535 ? null : `${port} is not a port`;
}

function settingsOf(virtual: VirtualServer, server: RealServer): HealthSettings {
  return {
    // Outside this range the kernel takes no weight.
    weight: Math.min(65_535, Math.max(0, server.weight)),
    rise: riseOf(virtual.reentrySeconds, virtual.checkSeconds),
    quiesce: virtual.quiesce,
    slowStartMs: virtual.slowStartSeconds === null ? null : virtual.slowStartSeconds * 1000,
  };
}

function endpointOf(virtual: VirtualServer, server: RealServer): EndpointPlan {
  const target = { address: server.address ?? '', port: effectivePort(virtual, server) };
  const check = checkOf(virtual);
  const intervalMs = Math.max(1, virtual.checkSeconds) * 1000;
  return { key: JSON.stringify([target, check, intervalMs]), target, check, intervalMs };
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
    const service = unique(serviceText(serviceKeyOf(virtual)));
    return virtual.servers.map((server) => {
      const endpoint = endpointOf(virtual, server);
      const { address, port } = endpoint.target;
      return {
        key: unique(`${service} ${address} ${port}`),
        virtualName: virtual.name,
        serverName: server.name,
        address,
        port,
        settings: settingsOf(virtual, server),
        idle: idleReason(virtual, server),
        endpoint,
      };
    });
  });
}

/** Weights in the kernel's table by member key. */
export function weightsInTable(table: RoutingTable): ReadonlyMap<string, number> {
  const entries = table.services.flatMap(({ key, destinations }) =>
    destinations.map(({ address, port, weight }: Destination): [string, number] => [
      `${serviceText(key)} ${address} ${port}`,
      weight,
    ]),
  );
  return new Map(entries);
}

function serviceKeyOf(virtual: VirtualServer): ServiceKey {
  if (virtual.firewallMark !== 0) return { kind: 'mark', mark: virtual.firewallMark, family: 4 };
  return {
    kind: 'address',
    protocol: virtual.protocol === 'udp' ? 'udp' : 'tcp',
    address: virtual.vip?.address ?? '',
    port: virtual.port,
  };
}

const serviceText = (key: ServiceKey): string =>
  key.kind === 'mark' ? `mark ${key.mark} ${key.family}` : `${key.protocol} ${key.address} ${key.port}`;
