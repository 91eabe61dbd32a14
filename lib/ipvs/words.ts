/** Changes of the routing table in words, one sentence a step. Pure. */
import { type ClusterConfig, effectiveForwarding, effectivePort } from '../lvs/model.ts';
import { destinationName, type Step, serviceName } from './command.ts';
import { keptPort, serviceKeyOf } from './compile.ts';
import { applySteps } from './plan.ts';
import type { Destination, RoutingTable, Service, ServiceKey } from './table.ts';

/** Names of the configuration for what the kernel knows by address alone: by `nameKey`. */
export type TableNames = ReadonlyMap<string, string>;

const nameKey = (key: ServiceKey, destination?: Pick<Destination, 'address' | 'port'>): string =>
  destination === undefined ? serviceName(key) : `${serviceName(key)} -r ${destinationName(destination)}`;

/** What a configuration calls the services and destinations that it makes. */
export function tableNames(config: ClusterConfig): TableNames {
  const names = new Map<string, string>();
  const put = (key: string, name: string): void => {
    if (!names.has(key)) names.set(key, name);
  };
  for (const virtual of config.virtualServers) {
    const key = serviceKeyOf(virtual);
    if (key === null || !virtual.enabled) continue;
    put(nameKey(key), virtual.name);
    for (const server of virtual.servers) {
      if (server.address === null || !server.enabled) continue;
      const port = effectivePort(virtual, server);
      const kept = keptPort(key, effectiveForwarding(config.global, server), port);
      for (const each of [port, kept])
        put(nameKey(key, { address: server.address, port: each }), server.name);
    }
  }
  return names;
}

/** `tcp 192.0.2.100:80`, `firewall mark 7 (IPv6)`. */
export function serviceInWords(key: ServiceKey): string {
  if (key.kind === 'mark') return `firewall mark ${key.mark}${key.family === 6 ? ' (IPv6)' : ''}`;
  return `${key.protocol} ${destinationName(key)}`;
}

const called = (name: string | undefined, what: string): string =>
  name === undefined ? what : `${name} (${what})`;

const seconds = (value: number | null): string => (value === null ? 'none' : `${value} s`);
const listed = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(' '));

/** Attributes with their values as text; a difference names those that differ. */
const serviceFacts = (service: Service): readonly (readonly [string, string])[] => [
  ['scheduler', service.scheduler],
  ['persistence', seconds(service.persistence)],
  ['persistence mask', service.netmask ?? 'none'],
  ['scheduler flags', listed(service.schedulerFlags)],
  ['one packet', service.onePacket ? 'on' : 'off'],
];
const destinationFacts = (destination: Destination): readonly (readonly [string, string])[] => [
  ['weight', String(destination.weight)],
  ['forwarding', destination.forwarding],
  ['upper threshold', String(destination.upperThreshold)],
  ['lower threshold', String(destination.lowerThreshold)],
  ['options', listed(destination.extra)],
];

type Facts = ReturnType<typeof serviceFacts>;
const isPlain = ([, value]: Facts[number]): boolean => ['none', 'off', '0'].includes(value);
/** What an addition says: the first fact always, the others where they are something. */
const told = (facts: Facts): string =>
  facts
    .filter((fact, index) => index === 0 || !isPlain(fact))
    .map(([label, value]) => `${label} ${value}`)
    .join(', ');
const changed = (before: Facts, after: Facts): string =>
  after
    .flatMap(([label, value], index) => {
      const old = before[index]?.[1] ?? 'none';
      return old === value ? [] : [`${label} ${old} → ${value}`];
    })
    .join(', ') || 'set again';

/** `web (tcp 192.0.2.100:80)`. */
export const serviceCalled = (key: ServiceKey, names: TableNames): string =>
  called(names.get(nameKey(key)), serviceInWords(key));

/** `rs1 (10.11.12.21:80) of web`. */
export function destinationCalled(
  key: ServiceKey,
  destination: Pick<Destination, 'address' | 'port'>,
  names: TableNames,
): string {
  const server = called(names.get(nameKey(key, destination)), destinationName(destination));
  return `${server} of ${names.get(nameKey(key)) ?? serviceInWords(key)}`;
}

/** One sentence for each step from `before`; services and destinations carry their names where one is known. */
export function stepsInWords(
  before: RoutingTable,
  steps: readonly Step[],
  names: TableNames = new Map(),
): string[] {
  const services = new Map(before.services.map((service) => [serviceName(service.key), service]));
  return steps.map((step) => {
    const key = step.kind === 'add-service' || step.kind === 'edit-service' ? step.service.key : step.key;
    const name = serviceName(key);
    const old = services.get(name);
    const sentence = stepInWords(step, key, old, names);
    const [next] = applySteps({ services: old === undefined ? [] : [old] }, [step]).services;
    if (next === undefined) services.delete(name);
    else services.set(name, next);
    return sentence;
  });
}

function stepInWords(step: Step, key: ServiceKey, old: Service | undefined, names: TableNames): string {
  const service = serviceCalled(key, names);
  if (step.kind === 'add-service') return `service ${service} added: ${told(serviceFacts(step.service))}`;
  if (step.kind === 'edit-service')
    return `service ${service}: ${changed(old === undefined ? [] : serviceFacts(old), serviceFacts(step.service))}`;
  if (step.kind === 'delete-service') return `service ${service} removed`;
  const { destination } = step;
  const what = `real server ${destinationCalled(key, destination, names)}`;
  if (step.kind === 'add-destination') return `${what} added: ${told(destinationFacts(destination))}`;
  if (step.kind === 'delete-destination') return `${what} removed`;
  const was = old?.destinations.find((item) => destinationName(item) === destinationName(destination));
  return `${what}: ${changed(was === undefined ? [] : destinationFacts(was), destinationFacts(destination))}`;
}
