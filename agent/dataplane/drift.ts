/** What somebody changed in the kernel behind the agent's back, in words. */
import { serviceName } from '#lib/ipvs/command.ts';
import type { Destination, RoutingTable, Service } from '#lib/ipvs/table.ts';
import type { CountedDestination, CountedService } from './proc-table.ts';

const endpoint = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/**
 * Compares the services that the agent left with what the kernel says now; a sentence part for each difference.
 * Services of others are not looked at. `left` is what the agent made last.
 */
export function describeDrift(left: RoutingTable, now: readonly CountedService[]): string[] {
  const found = new Map(now.map((service) => [service.service, service]));
  const marks = now.filter(({ service }) => service.startsWith('-f '));
  return left.services.flatMap((service) => {
    const name = serviceName(service.key);
    const actual = service.key.kind === 'mark' ? sameMark(service, marks) : found.get(name);
    return actual === undefined ? [`the service ${name} was missing`] : serviceDrift(name, service, actual);
  });
}

/** Names of the services that the agent did not leave there. Of a mark /proc does not say the family: they are counted. */
export function foreignServices(left: RoutingTable, now: readonly CountedService[]): string[] {
  const own = new Map<string, number>();
  for (const { key } of left.services) {
    const name = key.kind === 'mark' ? `-f ${key.mark}` : serviceName(key);
    own.set(name, (own.get(name) ?? 0) + 1);
  }
  return now.flatMap(({ service }) => {
    const count = own.get(service) ?? 0;
    own.set(service, count - 1);
    return count > 0 ? [] : [service];
  });
}

/** More than this is not read by a program every other second. */
const SMALL_TABLE = 2000;

/** Whether reading the table takes more than a moment. */
export const isLargeTable = ({ services }: RoutingTable): boolean =>
  services.reduce((sum, { destinations }) => sum + destinations.length, services.length) > SMALL_TABLE;

/** Whether a table has what /proc does not show, and is small enough to be read by ipvsadm often. */
export const needsCloseLook = (table: RoutingTable): boolean =>
  !isLargeTable(table) && table.services.some(hasHidden);

const hasHidden = ({ onePacket, schedulerFlags, destinations }: Service): boolean =>
  onePacket ||
  schedulerFlags.length > 0 ||
  destinations.some(
    ({ extra, upperThreshold, lowerThreshold }) =>
      extra.length > 0 || upperThreshold !== 0 || lowerThreshold !== 0,
  );

/** /proc does not say which family a mark is for: of two services with one mark the destinations tell. */
function sameMark(
  { key, destinations }: Service,
  marks: readonly CountedService[],
): CountedService | undefined {
  if (key.kind !== 'mark') return undefined;
  const named = marks.filter(({ service }) => service === `-f ${key.mark}`);
  const addresses = new Set(destinations.map(({ address }) => address));
  return (
    named.find((service) => service.destinations.some(({ address }) => addresses.has(address))) ?? named[0]
  );
}

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

function serviceDrift(name: string, left: Service, now: CountedService): string[] {
  const drift: string[] = [];
  if (now.scheduler !== left.scheduler)
    drift.push(`the scheduler of ${name} was ${now.scheduler} instead of ${left.scheduler}`);
  if (now.persistence !== left.persistence)
    drift.push(
      `the persistence of ${name} was ${now.persistence ?? 'off'} instead of ${left.persistence ?? 'off'}`,
    );
  const isIpv4 = left.key.kind === 'address' && !left.key.address.includes(':');
  if (isIpv4 && now.netmask !== left.netmask)
    drift.push(`the netmask of ${name} was ${now.netmask ?? 'none'} instead of ${left.netmask ?? 'none'}`);
  if (now.onePacket !== null && now.onePacket !== left.onePacket)
    drift.push(
      `one-packet scheduling of ${name} was ${onOff(now.onePacket)} instead of ${onOff(left.onePacket)}`,
    );
  const standing = new Map(now.destinations.map((destination) => [endpoint(destination), destination]));
  for (const destination of left.destinations) {
    const key = endpoint(destination);
    const actual = standing.get(key);
    standing.delete(key);
    drift.push(...destinationDrift(`${key} of ${name}`, destination, actual));
  }
  for (const key of standing.keys()) drift.push(`${key} had been added to ${name}`);
  return drift;
}

function destinationDrift(name: string, left: Destination, now: CountedDestination | undefined): string[] {
  if (now === undefined) return [`${name} was missing`];
  const drift: string[] = [];
  if (now.weight !== left.weight)
    drift.push(`the weight of ${name} was ${now.weight} instead of ${left.weight}`);
  if (now.forwarding !== null && now.forwarding !== left.forwarding)
    drift.push(`the forwarding method of ${name} was ${now.forwarding} instead of ${left.forwarding}`);
  return drift;
}
