/** Configuration and weights of the moment → the routing table that the kernel should have. */
import { isAddress } from '../lvs/address.ts';
import {
  type ClusterConfig,
  effectiveForwarding,
  effectivePort,
  familyOfVirtual,
  type RealServer,
  type VirtualServer,
} from '../lvs/model.ts';
import { hashingSchedulers } from '../lvs/schedulers.ts';
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
  if (virtual.firewallMark !== 0)
    return { kind: 'mark', mark: virtual.firewallMark, family: familyOfVirtual(virtual) };
  const address = virtual.vip?.address ?? null;
  if (address === null || !isAddress(address) || !isPort(virtual.port)) return null;
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
 * The wanted table, as the kernel keeps it: active virtual servers with their active real servers, and the sorry
 * server where no real server can take a connection. Of two services with one identity, and of two destinations
 * with one address and port, the first counts. Failover services have no table: with `service = fos` it is empty.
 */
export function compileTable(config: ClusterConfig, weightOf: WeightOf = fullWeight(config)): RoutingTable {
  return createCompiler()(config, weightOf);
}

export type Compiler = (config: ClusterConfig, weightOf: WeightOf) => RoutingTable;

interface Compiled {
  readonly global: ClusterConfig['global'];
  readonly weights: readonly (number | null)[];
  readonly service: Service;
}

/**
 * `compileTable` with a memory: a virtual server whose weights are as before gives the very service of before, which
 * `planSteps` passes over. Of tens of thousands of real servers, those that change are few.
 */
export function createCompiler(): Compiler {
  let before = new Map<VirtualServer, Compiled>();
  return (config, weightOf) => {
    const { global } = config;
    if (global.serviceKind !== 'lvs') return { services: [] };
    const after = new Map<VirtualServer, Compiled>();
    const services = new Map<string, Service>();
    for (const [index, virtual] of config.virtualServers.entries()) {
      const key = virtual.enabled ? serviceKeyOf(virtual) : null;
      if (key === null || services.has(serviceName(key))) continue;
      const weights = virtual.servers.map((server, at) => (server.enabled ? weightOf(index, at) : null));
      const known = before.get(virtual);
      const isSame =
        known !== undefined &&
        known.global === global &&
        known.weights.length === weights.length &&
        weights.every((weight, at) => weight === known.weights[at]);
      const compiled = isSame
        ? known
        : { global, weights, service: keptService(config, virtual, key, weights) };
      after.set(virtual, compiled);
      services.set(serviceName(key), compiled.service);
    }
    before = after;
    return { services: [...services.values()] };
  };
}

function keptService(
  config: ClusterConfig,
  virtual: VirtualServer,
  key: ServiceKey,
  weights: readonly (number | null)[],
): Service {
  const destinations = destinationsOf(config, virtual, (server) => weights[server] ?? null);
  const service = serviceOf(key, virtual, destinations);
  return asKept(withSorryServer(service, virtual, config.global.forwarding));
}

/**
 * The table of the virtual servers in the words of the configuration, with every active real server up: what
 * Piranha's lvsd and its nannies hand to ipvsadm, real ports included, whatever `service` says.
 */
export const configuredTable = (config: ClusterConfig): RoutingTable => ({
  services: configuredServices(config, fullWeight(config)),
});

function configuredServices(config: ClusterConfig, weightOf: WeightOf): Service[] {
  const found = new Map<string, Service>();
  for (const [index, virtual] of config.virtualServers.entries()) {
    const key = virtual.enabled ? serviceKeyOf(virtual) : null;
    if (key === null || found.has(serviceName(key))) continue;
    const destinations = destinationsOf(config, virtual, (server) => weightOf(index, server));
    found.set(serviceName(key), serviceOf(key, virtual, destinations));
  }
  return [...found.values()];
}

function serviceOf(key: ServiceKey, virtual: VirtualServer, destinations: readonly Destination[]): Service {
  const isPersistent = virtual.persistenceSeconds > 0;
  return {
    key,
    scheduler: virtual.scheduler,
    schedulerFlags: flagsOf(virtual),
    persistence: isPersistent ? virtual.persistenceSeconds : null,
    // IPv6 has prefix lengths, which ipvsadm takes as bare numbers.
    netmask: isPersistent ? (virtual.persistenceNetmask?.replace(/^\//, '') ?? null) : null,
    onePacket: virtual.onePacket,
    destinations,
  };
}

/** Sorted by name, as ipvsadm prints them. */
function flagsOf({ scheduler, hashPort, hashFallback }: VirtualServer): string[] {
  if (!hashingSchedulers.some((name) => name === scheduler)) return [];
  return [...(hashFallback ? [`${scheduler}-fallback`] : []), ...(hashPort ? [`${scheduler}-port`] : [])];
}

function destinationsOf(
  config: ClusterConfig,
  virtual: VirtualServer,
  weightOf: (serverIndex: number) => number | null,
): Destination[] {
  const found = new Map<string, Destination>();
  for (const [index, server] of virtual.servers.entries()) {
    const weight = server.enabled ? weightOf(index) : null;
    const port = effectivePort(virtual, server);
    if (weight === null || server.address === null || !isAddress(server.address) || !isPort(port)) continue;
    const forwarding = effectiveForwarding(config.global, server);
    const destination: Destination = {
      address: server.address,
      port,
      forwarding,
      weight,
      upperThreshold: server.upperThreshold,
      lowerThreshold: server.lowerThreshold,
      extra: forwarding === 'tunnel' ? tunnelOptions(server) : none,
    };
    const name = destinationName(destination);
    if (!found.has(name)) found.set(name, destination);
  }
  return [...found.values()];
}

const none: readonly string[] = [];

/** In the words and the order of `ipvsadm -Sn`; a plain IPIP tunnel needs none. */
function tunnelOptions({ tunnelType, tunnelPort, tunnelChecksum }: RealServer): readonly string[] {
  if (tunnelType === 'ipip') return none;
  const checksum = tunnelChecksum === 'none' ? '--tun-nocsum' : `--tun-${tunnelChecksum}`;
  const port = tunnelType === 'gue' && tunnelPort !== null ? ['--tun-port', String(tunnelPort)] : [];
  return ['--tun-type', tunnelType, ...port, checksum];
}

/** A sorry server that is a quiesced real server, too, gets its weight back: nobody else can serve. */
function withSorryServer(service: Service, virtual: VirtualServer, forwarding: Forwarding): Service {
  const { sorryServer } = virtual;
  const port = virtual.sorryPort ?? virtual.port;
  const isServed = service.destinations.some(({ weight }) => weight > 0);
  if (isServed || sorryServer === null || !isAddress(sorryServer) || !isPort(port)) return service;
  const sorry = destinationOf(sorryServer, port, forwarding, 1);
  const others = service.destinations.filter(
    (destination) => destinationName(destination) !== destinationName(sorry),
  );
  return { ...service, destinations: [...others, sorry] };
}

/**
 * The port under which the kernel keeps a destination. Direct routing and tunneling cannot change the port: ipvsadm
 * takes any port of a real server and stores the port of the service in its place (a service by mark keeps it; it
 * has no port).
 */
export const keptPort = (key: ServiceKey, forwarding: Forwarding, port: number): number =>
  key.kind === 'mark' || forwarding === 'nat' ? port : key.port;

function asKept(service: Service): Service {
  const isKept = ({ forwarding, port }: Destination) => keptPort(service.key, forwarding, port) === port;
  if (service.destinations.every(isKept)) return service;
  const kept = new Map<string, Destination>();
  for (const destination of service.destinations) {
    const port = keptPort(service.key, destination.forwarding, destination.port);
    const name = destinationName({ address: destination.address, port });
    if (!kept.has(name)) kept.set(name, port === destination.port ? destination : { ...destination, port });
  }
  return { ...service, destinations: [...kept.values()] };
}

const destinationOf = (
  address: string,
  port: number,
  forwarding: Forwarding,
  weight: number,
): Destination => ({ address, port, forwarding, weight, upperThreshold: 0, lowerThreshold: 0, extra: [] });
