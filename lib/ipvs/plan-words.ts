/** What a router will do, in words: its commands, and what they mean for connections that are open. Pure. */
import { destinationName, type Step, serviceName } from './command.ts';
import { readServiceName, readStep } from './read.ts';
import type { Destination, Forwarding, RoutingTable, Service } from './table.ts';
import { destinationCalled, serviceCalled, stepsInWords, type TableNames } from './words.ts';

/** A service as a router reports it; what it does not report is taken from the step that changes it. */
interface ReportedService {
  readonly service: string;
  readonly scheduler: string;
  readonly persistence: number | null;
  readonly netmask: string | null;
  readonly destinations: readonly {
    readonly address: string;
    readonly port: number;
    readonly forwarding: Forwarding;
    readonly weight: number;
    readonly activeConnections: number;
  }[];
}

interface Plan {
  /** Lines for `ipvsadm -R`. */
  readonly commands: readonly string[];
  /** Lines for `ip -batch`. */
  readonly addressCommands: readonly string[];
  /** The kernel's table now. */
  readonly services: readonly ReportedService[];
  readonly names: TableNames;
}

/** Nobody reads more of them. */
const MOST_SENTENCES = 300;

/** One sentence for each command, then what becomes of open connections. Empty: the kernel stays as it is. */
export function planInWords({ commands, addressCommands, services, names }: Plan): string[] {
  const steps = commands.flatMap((line) => readStep(line) ?? []);
  if (steps.length + addressCommands.length === 0) return [];
  const before = tableBefore(services, steps);
  const done = [...stepsInWords(before, steps, names), ...addressCommands.map(addressInWords)];
  const shown = done.slice(0, MOST_SENTENCES);
  const rest = done.length - shown.length;
  const touched = [...effects(steps, services, names), ...addressCommands.flatMap(lostAddress)];
  return [
    ...shown,
    ...(rest > 0 ? [`and ${rest} more changes of this kind`] : []),
    ...touched.slice(0, MOST_SENTENCES),
    touched.length === 0 ? 'nothing else changes; no connection is touched' : 'nothing else changes',
  ];
}

/** `address add 192.0.2.100/32 dev eth0`, with or without `replace`, `del`. */
const addressLine = /^addr(?:ess)? (add|replace|del|delete) (\S+)(?: .*)? dev (\S+)/;

function addressInWords(line: string): string {
  const [, verb, address, device] = addressLine.exec(line) ?? [];
  if (address === undefined) return `ip ${line}`;
  return verb?.startsWith('del')
    ? `the address ${address} is taken off ${device}`
    : `the address ${address} is put on ${device}`;
}

function lostAddress(line: string): string[] {
  const [, verb, address] = addressLine.exec(line) ?? [];
  return verb?.startsWith('del') ? [`connections to ${address?.replace(/\/.*/, '')} break off`] : [];
}

/** The table before the steps. */
function tableBefore(services: readonly ReportedService[], steps: readonly Step[]): RoutingTable {
  const edited = new Map<string, Service>();
  const changed = new Map<string, Destination>();
  for (const step of steps) {
    if (step.kind === 'edit-service') edited.set(serviceName(step.service.key), step.service);
    if (step.kind === 'edit-destination')
      changed.set(`${serviceName(step.key)} ${destinationName(step.destination)}`, step.destination);
  }
  return {
    services: services.flatMap((reported): Service[] => {
      const key = readServiceName(reported.service);
      if (key === null) return [];
      const name = serviceName(key);
      const { schedulerFlags = [], onePacket = false } = edited.get(name) ?? {};
      const destinations = reported.destinations.map((destination): Destination => {
        const after = changed.get(`${name} ${destinationName(destination)}`);
        const { upperThreshold = 0, lowerThreshold = 0, extra = [] } = after ?? {};
        const { address, port, forwarding, weight } = destination;
        return { address, port, forwarding, weight, upperThreshold, lowerThreshold, extra };
      });
      const { scheduler, persistence, netmask } = reported;
      return [{ key, scheduler, persistence, netmask, schedulerFlags, onePacket, destinations }];
    }),
  };
}

const connections = (count: number): string =>
  count === 1 ? '1 open connection' : `${count} open connections`;

/** What open connections notice: those of what goes away break off, those of weight 0 go on alone. */
function effects(steps: readonly Step[], services: readonly ReportedService[], names: TableNames): string[] {
  const open = new Map<string, number>();
  for (const reported of services) {
    const key = readServiceName(reported.service);
    if (key === null) continue;
    const name = serviceName(key);
    for (const destination of reported.destinations) {
      const count = destination.activeConnections;
      open.set(`${name} ${destinationName(destination)}`, count);
      open.set(name, (open.get(name) ?? 0) + count);
    }
  }
  return steps.flatMap((step) => {
    if (step.kind === 'delete-service') {
      const count = open.get(serviceName(step.key)) ?? 0;
      return count > 0 ? [`${connections(count)} to ${serviceCalled(step.key, names)} break off`] : [];
    }
    if (step.kind !== 'delete-destination' && step.kind !== 'edit-destination') return [];
    const { key, destination } = step;
    const count = open.get(`${serviceName(key)} ${destinationName(destination)}`) ?? 0;
    const what = destinationCalled(key, destination, names);
    if (step.kind === 'delete-destination')
      return count > 0 ? [`${connections(count)} to ${what} break off`] : [];
    return destination.weight === 0 ? [`${what} gets no new connections; open ones go on`] : [];
  });
}
