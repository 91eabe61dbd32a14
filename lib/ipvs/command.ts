/**
 * Steps and tables as lines for `ipvsadm -R`, in the very words of `ipvsadm -Sn` (1.31), so that a planned table
 * and a router's output can be compared as text.
 */
import type { Destination, Forwarding, RoutingTable, Service, ServiceKey } from './table.ts';

/** One change of the kernel's table. Services carry their destinations; `add-service` adds the service alone. */
export type Step =
  | { readonly kind: 'add-service'; readonly service: Service }
  | { readonly kind: 'edit-service'; readonly service: Service }
  | { readonly kind: 'delete-service'; readonly key: ServiceKey }
  | { readonly kind: 'add-destination'; readonly key: ServiceKey; readonly destination: Destination }
  | { readonly kind: 'edit-destination'; readonly key: ServiceKey; readonly destination: Destination }
  | { readonly kind: 'delete-destination'; readonly key: ServiceKey; readonly destination: Destination };

const protocolOptions = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const;
const forwardingOptions: Readonly<Record<Forwarding, string>> = { nat: '-m', direct: '-g', tunnel: '-i' };

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** `-t 192.0.2.100:80`, `-f 7`, `-f 7 -6`: the identity of a service. */
export function serviceName(key: ServiceKey): string {
  if (key.kind === 'mark') return key.family === 6 ? `-f ${key.mark} -6` : `-f ${key.mark}`;
  return `${protocolOptions[key.protocol]} ${endpoint(key.address, key.port)}`;
}

/** `10.11.12.21:80`: the identity of a destination within its service. */
export const destinationName = ({ address, port }: Pick<Destination, 'address' | 'port'>): string =>
  endpoint(address, port);

function serviceOptions(service: Service): string[] {
  const words = ['-s', service.scheduler];
  if (service.persistence !== null) words.push('-p', String(service.persistence));
  if (service.persistence !== null && service.netmask !== null) words.push('-M', service.netmask);
  if (service.onePacket) words.push('-o');
  if (service.schedulerFlags.length > 0) words.push('-b', service.schedulerFlags.join(','));
  return words;
}

function destinationOptions(destination: Destination): string {
  const { forwarding, weight, extra, upperThreshold, lowerThreshold } = destination;
  let options = `${forwardingOptions[forwarding]} -w ${weight}`;
  for (const word of extra) options += ` ${word}`;
  if (upperThreshold !== 0) options += ` -x ${upperThreshold}`;
  if (lowerThreshold !== 0) options += ` -y ${lowerThreshold}`;
  return options;
}

const serviceLine = (command: string, service: Service): string =>
  [command, serviceName(service.key), ...serviceOptions(service)].join(' ');

const destinationLine = (command: string, key: ServiceKey, destination: Destination): string =>
  `${command} ${serviceName(key)} -r ${destinationName(destination)} ${destinationOptions(destination)}`;

/** One line of an `ipvsadm -R` batch. An edit repeats every option: ipvsadm resets what it is not told. */
export function stepLine(step: Step): string {
  switch (step.kind) {
    case 'add-service':
      return serviceLine('-A', step.service);
    case 'edit-service':
      return serviceLine('-E', step.service);
    case 'delete-service':
      return `-D ${serviceName(step.key)}`;
    case 'add-destination':
      return destinationLine('-a', step.key, step.destination);
    case 'edit-destination':
      return destinationLine('-e', step.key, step.destination);
    case 'delete-destination':
      return `-d ${serviceName(step.key)} -r ${destinationName(step.destination)}`;
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `ipvsadm -Sn` prints marks as signed numbers and names the kind of every tunnel; it leaves thresholds out. */
const printedKey = (key: ServiceKey): ServiceKey =>
  key.kind === 'mark' ? { ...key, mark: key.mark | 0 } : key;

const printedDestination = (destination: Destination): Destination => ({
  ...destination,
  upperThreshold: 0,
  lowerThreshold: 0,
  extra:
    destination.forwarding === 'tunnel' && !destination.extra.includes('--tun-type')
      ? ['--tun-type', 'ipip', ...destination.extra]
      : destination.extra,
});

/** A table as `ipvsadm -Sn` prints it, each service with its destinations, sorted by the text of their names. */
export function tableLines(table: RoutingTable): string[] {
  return table.services
    .map((service) => ({ ...service, key: printedKey(service.key) }))
    .sort((a, b) => byText(serviceName(a.key), serviceName(b.key)))
    .flatMap((service) => [
      serviceLine('-A', service),
      ...service.destinations
        .map((destination) => destinationLine('-a', service.key, printedDestination(destination)))
        .sort(byText),
    ]);
}
