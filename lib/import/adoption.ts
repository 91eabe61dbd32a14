/**
 * The table that a router's kernel has against the one that a configuration makes: what Shoal would change when it
 * takes over. Piranha raises weights step by step and takes real servers that are down out of the table; neither is
 * a difference. Pure.
 */
import { destinationName, type Step, serviceName, stepLine } from '../ipvs/command.ts';
import { compileTable, keptPort, serviceKeyOf, type WeightOf } from '../ipvs/compile.ts';
import { planSteps } from '../ipvs/plan.ts';
import type { Destination, RoutingTable, Service } from '../ipvs/table.ts';
import { type ClusterConfig, effectiveForwarding, effectivePort } from '../lvs/model.ts';

/** A destination by the names of its service and of itself: `-t 192.0.2.100:80`, `10.11.12.21:80`. */
export interface DestinationPlace {
  readonly service: string;
  readonly destination: string;
}

export interface WeightNow extends DestinationPlace {
  readonly now: number;
  readonly configured: number;
}

export interface Adoption {
  /** Services and destinations that stay as they are, weights aside. */
  readonly services: number;
  readonly destinations: number;
  /** Equal but for the weight of the moment: raised step by step, by load, or 0 where quiesced. */
  readonly weights: readonly WeightNow[];
  /** Configured and not in the table: down, so that they come in once Shoal's own check succeeds. */
  readonly absent: readonly DestinationPlace[];
  /** What Shoal would change at once, in words; empty: nothing. */
  readonly differences: readonly string[];
  /** Services that the configuration does not know; Shoal leaves them alone. */
  readonly foreign: readonly string[];
  /** Lines for `ipvsadm -R` that Shoal would give at once. */
  readonly commands: readonly string[];
  /** The kernel has a table at all. On a Piranha pair only the active router has one. */
  readonly hasTable: boolean;
}

type Named<Item> = ReadonlyMap<string, Item>;

const servicesByName = (table: RoutingTable): Named<Service> =>
  new Map(table.services.map((service) => [serviceName(service.key), service]));

const destinationsByName = (service: Service | undefined): Named<Destination> =>
  new Map((service?.destinations ?? []).map((destination) => [destinationName(destination), destination]));

/**
 * The weights that the kernel has now; real servers that it does not have stay out. A service that it does not have
 * at all counts as wanted at full weight.
 */
function presentWeights(config: ClusterConfig, live: Named<Service>): WeightOf {
  const present = config.virtualServers.map((virtual) => {
    const key = serviceKeyOf(virtual);
    const service = key === null ? undefined : live.get(serviceName(key));
    return service && { key: service.key, destinations: destinationsByName(service) };
  });
  return (virtualIndex, serverIndex) => {
    const virtual = config.virtualServers[virtualIndex];
    const server = virtual?.servers[serverIndex];
    if (virtual === undefined || server === undefined) return null;
    const service = present[virtualIndex];
    if (service === undefined) return server.weight;
    const forwarding = effectiveForwarding(config.global, server);
    const port = keptPort(service.key, forwarding, effectivePort(virtual, server));
    const name = destinationName({ address: server.address ?? '', port });
    return service.destinations.get(name)?.weight ?? null;
  };
}

/** `ipvsadm -Sn` prints no thresholds: what stands there cannot be told from what is wanted. */
function withoutThresholds(table: RoutingTable): RoutingTable {
  return {
    services: table.services.map((service) => ({
      ...service,
      destinations: service.destinations.map((destination) => ({
        ...destination,
        upperThreshold: 0,
        lowerThreshold: 0,
      })),
    })),
  };
}

/** The options of a rule, without the command, the service and the destination. */
const optionsOf = (step: Step): string =>
  stepLine(step)
    .replace(/^-[Aae] (-f \S+( -6)?|\S+ \S+)( -r \S+)? /, '')
    .trim();

const serviceWords = (service: Service): string => optionsOf({ kind: 'add-service', service });
const destinationWords = (service: Service, destination: Destination): string =>
  optionsOf({ kind: 'add-destination', key: service.key, destination });

function differenceOf(step: Step, live: Named<Service>): string {
  const key = 'service' in step ? step.service.key : step.key;
  const name = serviceName(key);
  const before = live.get(name);
  if ('service' in step) {
    return before === undefined
      ? `${name} is configured, but the kernel does not have it: Shoal adds it`
      : `${name} has "${serviceWords(before)}" in the kernel and "${serviceWords(step.service)}" in the configuration`;
  }
  if (step.kind === 'delete-service')
    return `${name} stands in no virtual server: Shoal removes it, because the configuration says foreign = remove`;
  const what = destinationName(step.destination);
  const was = destinationsByName(before).get(what);
  if (step.kind === 'delete-destination')
    return `${what} of ${name} is in the kernel, but not in the configuration: Shoal takes it out`;
  if (was === undefined || before === undefined)
    return `${what} of ${name} is not in the kernel: Shoal adds it as the sorry server, because no real server takes connections`;
  return `${what} of ${name} has "${destinationWords(before, was)}" in the kernel and "${destinationWords(before, step.destination)}" in the configuration`;
}

/** Whether the destinations of a new service stand for themselves: its own sentence says it all. */
const isToldWithService = (step: Step, live: Named<Service>): boolean =>
  step.kind === 'add-destination' && !live.has(serviceName(step.key));

/** What Shoal would change on a router whose kernel has this table, running this configuration. */
export function compareWithLive(config: ClusterConfig, given: RoutingTable): Adoption {
  const liveTable = withoutThresholds(given);
  const live = servicesByName(liveTable);
  const removesForeign = config.global.foreignServices === 'remove';
  const full = withoutThresholds(compileTable(config));
  const atOnce = withoutThresholds(compileTable(config, presentWeights(config, live)));
  const wanted = servicesByName(full);
  const steps = planSteps(liveTable, atOnce, () => removesForeign);
  const changed = new Set(
    steps.flatMap((step) =>
      'destination' in step ? [`${serviceName(step.key)} ${destinationName(step.destination)}`] : [],
    ),
  );
  const weights: WeightNow[] = [];
  const absent: DestinationPlace[] = [];
  let destinations = 0;
  for (const [service, { destinations: configured }] of wanted) {
    const now = destinationsByName(live.get(service));
    if (!live.has(service)) continue;
    for (const each of configured) {
      const destination = destinationName(each);
      const present = now.get(destination);
      if (present === undefined) absent.push({ service, destination });
      else if (!changed.has(`${service} ${destination}`)) {
        destinations += 1;
        if (present.weight !== each.weight)
          weights.push({ service, destination, now: present.weight, configured: each.weight });
      }
    }
  }
  const editedServices = steps.filter(({ kind }) => kind === 'edit-service').length;
  return {
    services: [...wanted.keys()].filter((name) => live.has(name)).length - editedServices,
    destinations,
    weights,
    absent,
    differences: steps
      .filter((step) => !isToldWithService(step, live))
      .map((step) => differenceOf(step, live)),
    foreign: removesForeign ? [] : [...live.keys()].filter((name) => !wanted.has(name)),
    commands: steps.map(stepLine),
    hasTable: liveTable.services.length > 0,
  };
}
