/**
 * The smallest change from one routing table to another, as steps in a safe order, and the model of what a
 * step does. What is not named in a step is not touched: `applySteps(actual, planSteps(actual, wanted)) = wanted`
 * plus the services that are not ours.
 */
import { isSame } from '../lvs/same.ts';
import { destinationName, type Step, serviceName } from './command.ts';
import type { Destination, RoutingTable, Service, ServiceKey } from './table.ts';

const byName = (table: RoutingTable): Map<string, Service> =>
  new Map(table.services.map((service) => [serviceName(service.key), service]));

const destinationsByName = (service: Service): Map<string, Destination> =>
  new Map(service.destinations.map((destination) => [destinationName(destination), destination]));

/** Everything of a service but its destinations. */
const sameOptions = (a: Service, b: Service): boolean =>
  isSame({ ...a, key: null, destinations: [] }, { ...b, key: null, destinations: [] });

/**
 * Steps from `actual` to `wanted`. A service of `actual` that is neither wanted nor ours (`isOwned`) stays as it
 * is. Order: what comes is added before what goes is deleted, so that a service is never without a destination on
 * the way when that can be avoided, and a batch that breaks off has taken nothing away.
 */
export function planSteps(
  actual: RoutingTable,
  wanted: RoutingTable,
  isOwned: (key: ServiceKey) => boolean = () => true,
): Step[] {
  const before = byName(actual);
  const after = byName(wanted);
  const steps: Step[] = [];
  for (const [name, service] of after) steps.push(...serviceSteps(before.get(name), service));
  for (const [name, { key }] of before) {
    if (!after.has(name) && isOwned(key)) steps.push({ kind: 'delete-service', key });
  }
  return steps;
}

/** By field: the comparison of tens of thousands of destinations is what a plan of a large table consists of. */
const sameDestination = (a: Destination, b: Destination): boolean =>
  a.address === b.address &&
  a.port === b.port &&
  a.weight === b.weight &&
  a.forwarding === b.forwarding &&
  a.upperThreshold === b.upperThreshold &&
  a.lowerThreshold === b.lowerThreshold &&
  isSame(a.extra, b.extra);

function haveSameDestinations(a: readonly Destination[], b: readonly Destination[]): boolean {
  return (
    a.length === b.length &&
    a.every((destination, index) => {
      const other = b[index];
      return other !== undefined && sameDestination(destination, other);
    })
  );
}

function serviceSteps(actual: Service | undefined, wanted: Service): Step[] {
  // A compiler gives the very same service again while nothing about it changes.
  if (actual === wanted) return [];
  const { key } = wanted;
  if (actual === undefined)
    return [
      { kind: 'add-service', service: wanted },
      ...wanted.destinations.map((destination): Step => ({ kind: 'add-destination', key, destination })),
    ];
  if (haveSameDestinations(actual.destinations, wanted.destinations))
    return sameOptions(actual, wanted) ? [] : [{ kind: 'edit-service', service: wanted }];
  const before = destinationsByName(actual);
  const after = destinationsByName(wanted);
  const steps: Step[] = [];
  const toZero: Step[] = [];
  if (!sameOptions(actual, wanted)) steps.push({ kind: 'edit-service', service: wanted });
  for (const [name, destination] of after) {
    const old = before.get(name);
    if (old === undefined) steps.push({ kind: 'add-destination', key, destination });
    else if (!sameDestination(old, destination))
      (destination.weight === 0 ? toZero : steps).push({ kind: 'edit-destination', key, destination });
  }
  steps.push(...toZero);
  for (const [name, destination] of before) {
    if (!after.has(name)) steps.push({ kind: 'delete-destination', key, destination });
  }
  return steps;
}

/** The table after the steps, as the kernel has it when ipvsadm has taken them all. */
export function applySteps(table: RoutingTable, steps: readonly Step[]): RoutingTable {
  const services = byName(table);
  for (const step of steps) applyStep(services, step);
  return { services: [...services.values()] };
}

function applyStep(services: Map<string, Service>, step: Step): void {
  if (step.kind === 'delete-service') {
    services.delete(serviceName(step.key));
    return;
  }
  const key = 'service' in step ? step.service.key : step.key;
  const name = serviceName(key);
  const service = services.get(name);
  if ('service' in step) {
    services.set(name, { ...step.service, destinations: service?.destinations ?? [] });
    return;
  }
  if (service === undefined) return;
  const destinations = destinationsByName(service);
  if (step.kind === 'delete-destination') destinations.delete(destinationName(step.destination));
  else destinations.set(destinationName(step.destination), step.destination);
  services.set(name, { ...service, destinations: [...destinations.values()] });
}
