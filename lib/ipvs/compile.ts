/** Configuration and weights of the moment → the routing table that the kernel should have. */
import { isDottedIpv4 } from '../lvs/address.ts';
import { type ClusterConfig, effectivePort, type VirtualServer } from '../lvs/model.ts';
import { destinationName, serviceName } from './command.ts';
import type { Destination, Forwarding, RoutingTable, Service, ServiceKey } from './table.ts';

/**
 * Weight that a real server should have now; null = not in the table. Names may repeat in lvs.cf, therefore
 * positions: index in `config.virtualServers`, index in its `servers`.
 */
export type WeightOf = (virtualIndex: number, serverIndex: number) => number | null;

/** The greatest weight that lvs.cf takes; ipvsadm 1.31 itself takes more. */
export const MAX_WEIGHT = 65_535;

const isPort = (port: number): boolean => port >= 0 && port <= 65_535;

/** The identity of a virtual server in the kernel; null when it has none that the kernel could take. */
export function serviceKeyOf(virtual: VirtualServer): ServiceKey | null {
  if (virtual.firewallMark !== 0) return { kind: 'mark', mark: virtual.firewallMark, family: 4 };
  const address = virtual.vip?.address ?? null;
  if (address === null || !isDottedIpv4(address) || !isPort(virtual.port)) return null;
  return { kind: 'address', protocol: virtual.protocol, address, port: virtual.port };
}

/** Each real server at its configured weight, as Piranha has it once everything is up. */
const fullWeight =
  (config: ClusterConfig): WeightOf =>
  (virtualIndex, serverIndex) => {
    const weight = config.virtualServers[virtualIndex]?.servers[serverIndex]?.weight ?? 0;
    return Math.min(Math.max(weight, 0), MAX_WEIGHT);
  };

/**
 * The wanted table, as the kernel keeps it: active virtual servers with their active real servers. Of two services
 * with one identity, and of two destinations with one address and port, the first counts. Failover services have
 * no table.
 */
export const compileTable = (
  config: ClusterConfig,
  weightOf: WeightOf = fullWeight(config),
): RoutingTable => ({
  services: configuredTable(config, weightOf).services.map(asKept),
});

/**
 * The port under which the kernel keeps a destination. Direct routing and tunneling cannot change the port: ipvsadm
 * takes any port of a real server and stores the port of the service in its place (a service by mark keeps it; it
 * has no port).
 */
export const keptPort = (key: ServiceKey, forwarding: Forwarding, port: number): number =>
  key.kind === 'mark' || forwarding === 'nat' ? port : key.port;

function asKept(service: Service): Service {
  const kept = new Map<string, Destination>();
  for (const destination of service.destinations) {
    const port = keptPort(service.key, destination.forwarding, destination.port);
    const name = destinationName({ address: destination.address, port });
    if (!kept.has(name)) kept.set(name, port === destination.port ? destination : { ...destination, port });
  }
  return { ...service, destinations: [...kept.values()] };
}

/** The table in the words of the configuration, real ports included: what Piranha hands to ipvsadm. */
export function configuredTable(
  config: ClusterConfig,
  weightOf: WeightOf = fullWeight(config),
): RoutingTable {
  const services = new Map<string, Service>();
  if (config.global.serviceKind !== 'lvs') return { services: [] };
  for (const [index, virtual] of config.virtualServers.entries()) {
    const key = virtual.enabled ? serviceKeyOf(virtual) : null;
    if (key === null || services.has(serviceName(key))) continue;
    const destinations = destinationsOf(config, virtual, (server) => weightOf(index, server));
    services.set(serviceName(key), serviceOf(key, virtual, destinations));
  }
  return { services: [...services.values()] };
}

function serviceOf(key: ServiceKey, virtual: VirtualServer, destinations: readonly Destination[]): Service {
  const isPersistent = virtual.persistenceSeconds > 0;
  return {
    key,
    scheduler: virtual.scheduler,
    schedulerFlags: [],
    persistence: isPersistent ? virtual.persistenceSeconds : null,
    netmask: isPersistent ? virtual.persistenceNetmask : null,
    onePacket: false,
    destinations,
  };
}

function destinationsOf(
  config: ClusterConfig,
  virtual: VirtualServer,
  weightOf: (serverIndex: number) => number | null,
): Destination[] {
  const found = new Map<string, Destination>();
  const add = (address: string | null, port: number, weight: number): void => {
    if (address === null || !isDottedIpv4(address) || !isPort(port)) return;
    const destination = destinationOf(config, address, port, weight);
    const name = destinationName(destination);
    if (!found.has(name)) found.set(name, destination);
  };
  for (const [index, server] of virtual.servers.entries()) {
    const weight = server.enabled ? weightOf(index) : null;
    if (weight !== null) add(server.address, effectivePort(virtual, server), weight);
  }
  const isServed = [...found.values()].some(({ weight }) => weight > 0);
  if (!isServed && virtual.sorryServer !== null) {
    const sorry = destinationOf(config, virtual.sorryServer, virtual.port, 1);
    // A sorry server that is also a quiesced real server gets weight here: nobody else can serve.
    found.set(destinationName(sorry), sorry);
  }
  return [...found.values()];
}

const destinationOf = (
  config: ClusterConfig,
  address: string,
  port: number,
  weight: number,
): Destination => ({
  address,
  port,
  forwarding: config.global.forwarding,
  weight,
  upperThreshold: 0,
  lowerThreshold: 0,
  extra: [],
});
