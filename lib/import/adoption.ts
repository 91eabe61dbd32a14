/**
 * The table that a router's kernel has against the one that a configuration makes: what Shoal would change when it
 * takes over. Piranha raises weights step by step and takes real servers that are down out of the table; neither is
 * a difference. Pure.
 */
import { destinationName, serviceName, stepLine } from '../ipvs/command.ts';
import { compileTable, keptPort, serviceKeyOf, type WeightOf } from '../ipvs/compile.ts';
import { planSteps } from '../ipvs/plan.ts';
import type { Destination, RoutingTable, Service } from '../ipvs/table.ts';
import {
  destinationCalled,
  serviceCalled,
  stepsInWords,
  type TableNames,
  tableNames,
} from '../ipvs/words.ts';
import { type ClusterConfig, effectiveForwarding, effectivePort } from '../lvs/model.ts';

export interface WeightNow {
  /** `app2 (10.11.12.22:80) of web`. */
  readonly name: string;
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
  readonly absent: readonly string[];
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

/** What the configuration calls the parts of a table; the sorry server, too, is named where it stands. */
function namesOf(config: ClusterConfig): TableNames {
  const sorry = config.virtualServers.flatMap(({ sorryServer, sorryPort, ...virtual }) => {
    const key = serviceKeyOf({ ...virtual, sorryServer, sorryPort });
    if (key === null || sorryServer === null) return [];
    const place = { address: sorryServer, port: sorryPort ?? virtual.port };
    return [[`${serviceName(key)} -r ${destinationName(place)}`, 'sorry_server'] as const];
  });
  return new Map([...sorry, ...tableNames(config)]);
}

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
  const names = namesOf(config);
  const weights: WeightNow[] = [];
  const absent: string[] = [];
  let destinations = 0;
  for (const [service, { key, destinations: configured }] of wanted) {
    const now = destinationsByName(live.get(service));
    if (!live.has(service)) continue;
    for (const each of configured) {
      const present = now.get(destinationName(each));
      const name = destinationCalled(key, each, names);
      if (present === undefined) absent.push(name);
      else if (!changed.has(`${service} ${destinationName(each)}`)) {
        destinations += 1;
        if (present.weight !== each.weight)
          weights.push({ name, now: present.weight, configured: each.weight });
      }
    }
  }
  const editedServices = steps.filter(({ kind }) => kind === 'edit-service').length;
  const foreign = removesForeign ? [] : [...live].filter(([name]) => !wanted.has(name));
  return {
    services: [...wanted.keys()].filter((name) => live.has(name)).length - editedServices,
    destinations,
    weights,
    absent,
    differences: stepsInWords(liveTable, steps, names),
    foreign: foreign.map(([, { key }]) => serviceCalled(key, names)),
    commands: steps.map(stepLine),
    hasTable: liveTable.services.length > 0,
  };
}
