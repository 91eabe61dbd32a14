/** What a router serves, put together for people: virtual servers with their real servers as they are now. Pure. */
import { serviceName } from '#lib/ipvs/command.ts';
import { keptPort, serviceKeyOf } from '#lib/ipvs/compile.ts';
import type { ServiceKey } from '#lib/ipvs/table.ts';
import { serviceInWords } from '#lib/ipvs/words.ts';
import { endpointText } from '#lib/lvs/address.ts';
import { type ClusterConfig, effectiveForwarding, type VirtualServer } from '#lib/lvs/model.ts';
import type { AgentEvent, HealthStatus, RouterStatus, ServiceStatus } from '#lib/protocol/messages.ts';
import { fixedWeightOf, isTakenOut, overrideText } from '#lib/protocol/override.ts';

/** The agent's word for a real server, `taken-out` for one that an administrator disabled, `sorry` for a sorry server that serves, `foreign` for what is not ours. */
export type ServerState = HealthStatus['state'] | 'taken-out' | 'sorry' | 'foreign';

export interface ServerLine {
  readonly name: string;
  /** `10.11.12.21:80`. */
  readonly endpoint: string;
  readonly state: ServerState;
  /** In the kernel's table; null = not there. */
  readonly weight: number | null;
  /** Null: not there, or the kernel could not be asked. */
  readonly active: number | null;
  readonly inactive: number | null;
  readonly evidence: string;
  /** What administrators decided about it, and how many seconds ago. */
  readonly overrides: readonly { readonly text: string; readonly age: number | null }[];
  readonly isWeightFixed: boolean;
  /** Seconds since the state changed; null when that is not known. */
  readonly age: number | null;
}

export interface ServiceBlock {
  /** Of the configuration; of somebody else's service what the kernel calls it. */
  readonly name: string;
  /** `tcp 192.0.2.100:80`. */
  readonly service: string;
  readonly scheduler: string;
  readonly persistence: number | null;
  /** The configuration wants it and the kernel has none: nobody is served. */
  readonly isMissing: boolean;
  readonly isForeign: boolean;
  /** The configuration has it and does not want it served. */
  readonly isInactive: boolean;
  readonly servers: readonly ServerLine[];
}

export interface Picture {
  readonly status: RouterStatus;
  readonly blocks: readonly ServiceBlock[];
  /** Oldest first. */
  readonly events: readonly AgentEvent[];
}

export interface Seen {
  readonly status: RouterStatus;
  /** What the agent runs; null when it does not say. */
  readonly config: ClusterConfig | null;
  readonly events: readonly AgentEvent[];
}

export const secondsSince = (status: RouterStatus, then: string): number =>
  Math.max(0, Math.round((Date.parse(status.at) - Date.parse(then)) / 1000));

type Destination = ServiceStatus['destinations'][number];

const destinationsOf = (service: ServiceStatus | undefined): ReadonlyMap<string, Destination> =>
  new Map((service?.destinations ?? []).map((item) => [endpointText(item.address, item.port), item]));

/** One line for a real server that the agent checks. */
function checkedLine(status: RouterStatus, server: HealthStatus, found: Destination | undefined): ServerLine {
  return {
    name: server.realServer,
    endpoint: endpointText(server.address, server.port),
    state: isTakenOut(server) ? 'taken-out' : server.state,
    weight: server.weight,
    active: found?.activeConnections ?? null,
    inactive: found?.inactiveConnections ?? null,
    evidence: server.evidence,
    overrides: (server.overrides ?? []).map((each) => ({
      text: overrideText(each),
      age: each.at === null ? null : secondsSince(status, each.at),
    })),
    isWeightFixed: fixedWeightOf(server) !== null,
    age: server.since === null ? null : secondsSince(status, server.since),
  };
}

/** One line for a destination that no real server of the configuration stands for. */
const plainLine = (
  name: string,
  state: 'sorry' | 'foreign',
  item: Destination,
  evidence: string,
): ServerLine => ({
  name,
  endpoint: endpointText(item.address, item.port),
  state,
  weight: item.weight,
  active: item.activeConnections,
  inactive: item.inactiveConnections,
  evidence,
  overrides: [],
  isWeightFixed: false,
  age: null,
});

/** Health by names, in the agent's order: names may repeat in a configuration. */
function byNames(health: readonly HealthStatus[]) {
  const queues = new Map<string, HealthStatus[]>();
  for (const server of health) {
    const key = JSON.stringify([server.virtualServer, server.realServer]);
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [server]);
    else queue.push(server);
  }
  return (virtualServer: string, realServer: string): HealthStatus | undefined =>
    queues.get(JSON.stringify([virtualServer, realServer]))?.shift();
}

interface Named {
  readonly virtual: VirtualServer;
  readonly key: ServiceKey | null;
}

function blockOf(
  { status, config }: { readonly status: RouterStatus; readonly config: ClusterConfig },
  { virtual, key }: Named,
  {
    service,
    next,
  }: { readonly service: ServiceStatus | undefined; readonly next: ReturnType<typeof byNames> },
): ServiceBlock {
  const destinations = destinationsOf(service);
  const told = new Set<string>();
  const isActive = virtual.enabled && config.global.serviceKind === 'lvs';
  const servers = virtual.servers.flatMap((server) => {
    const checked = next(virtual.name, server.name);
    if (checked === undefined) return [];
    const forwarding = effectiveForwarding(config.global, server);
    const port = key === null ? checked.port : keptPort(key, forwarding, checked.port);
    const endpoint = endpointText(checked.address, port);
    told.add(endpoint);
    return [checkedLine(status, checked, destinations.get(endpoint))];
  });
  const sorry = [...destinations].flatMap(([endpoint, item]) =>
    told.has(endpoint)
      ? []
      : [
          item.address === virtual.sorryServer
            ? plainLine('sorry', 'sorry', item, 'serves while no real server can')
            : plainLine('', 'foreign', item, 'not in the configuration'),
        ],
  );
  return {
    name: virtual.name,
    service: key === null ? 'no address' : serviceInWords(key),
    scheduler: service?.scheduler ?? virtual.scheduler,
    persistence: virtual.persistenceSeconds > 0 ? virtual.persistenceSeconds : null,
    isMissing: isActive && service === undefined,
    isForeign: false,
    isInactive: !isActive,
    servers: [...servers, ...sorry],
  };
}

const foreignBlock = (service: ServiceStatus): ServiceBlock => ({
  name: '',
  service: service.service,
  scheduler: service.scheduler,
  persistence: service.persistence,
  isMissing: false,
  isForeign: true,
  isInactive: false,
  servers: service.destinations.map((item) => plainLine('', 'foreign', item, '')),
});

/** Without a configuration to name them: by the virtual servers that the agent speaks of. */
function blocksFromHealth({ status }: Seen): ServiceBlock[] {
  const names = [...new Set(status.health.map(({ virtualServer }) => virtualServer))];
  return names.map((name) => ({
    name,
    service: '',
    scheduler: '',
    persistence: null,
    isMissing: false,
    isForeign: false,
    isInactive: false,
    servers: status.health
      .filter(({ virtualServer }) => virtualServer === name)
      .map((server) => checkedLine(status, server, undefined)),
  }));
}

/** The configuration gives names and order, the kernel what is there, the nanny how it is. */
export function pictureOf(seen: Seen): Picture {
  const { status, config, events } = seen;
  const services = new Map(status.services.map((service) => [service.service, service]));
  if (config === null) {
    const others = status.services.map(foreignBlock);
    return { status, events, blocks: [...blocksFromHealth(seen), ...others] };
  }
  const next = byNames(status.health);
  const taken = new Set<string>();
  const blocks = config.virtualServers.map((virtual) => {
    const key = serviceKeyOf(virtual);
    const name = key === null ? '' : serviceName(key);
    if (virtual.enabled) taken.add(name);
    const service = virtual.enabled ? services.get(name) : undefined;
    return blockOf({ status, config }, { virtual, key }, { service, next });
  });
  const foreign = status.services.filter(({ service }) => !taken.has(service)).map(foreignBlock);
  return { status, events, blocks: [...blocks, ...foreign] };
}
