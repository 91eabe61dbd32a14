/** What somebody changed in the kernel behind the agent's back, in words. */
import { serviceName } from '#lib/ipvs/command.ts';
import type { Destination, RoutingTable, Service } from '#lib/ipvs/table.ts';
import { createKernelTicks, type KernelTicks } from './kernel-ticks.ts';
import { type CountedDestination, type CountedService, readBlock, serviceBlocks } from './proc-table.ts';

const endpoint = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** What differs from the table that the agent left. */
export interface TableDifference {
  /** A sentence part for each difference of the agent's own services. */
  readonly drift: readonly string[];
  /** Names of the services that the agent did not leave there. */
  readonly foreign: readonly string[];
}

/** `left` is what the agent made last, `bare` what the kernel says, without counters. */
export type TableComparison = (left: RoutingTable, bare: string) => TableDifference;

/**
 * Compares with a memory: where both the lines and the service left there are those of an earlier look, they are not
 * read again. Of tens of thousands of real servers, those that change are few.
 */
export function createTableComparison(ticks: KernelTicks = createKernelTicks()): TableComparison {
  let known: ReadonlyMap<string, Service> = new Map();
  return (left, bare) => {
    const same = new Map<string, Service>();
    const open: { readonly block: string; readonly service: CountedService }[] = [];
    const ours = new Set(left.services);
    for (const block of serviceBlocks(bare)) {
      const before = known.get(block);
      if (before !== undefined && ours.delete(before)) {
        same.set(block, before);
        continue;
      }
      const service = readBlock(block);
      if (service !== null) open.push({ block, service });
    }
    const now = open.map(({ service }) => service);
    const marks = now.filter(({ service }) => service.startsWith('-f '));
    const found = new Map(open.map((each) => [each.service.service, each]));
    const drift = [...ours].flatMap((service) => {
      const name = serviceName(service.key);
      const named = found.get(name);
      const actual = service.key.kind === 'mark' ? sameMark(service, marks) : named?.service;
      if (actual === undefined) return [`the service ${name} was missing`];
      const parts = serviceDrift(service, actual, ticks);
      // Two services by mark may have the very same lines.
      if (parts.length === 0 && named !== undefined && service.key.kind === 'address')
        same.set(named.block, service);
      return parts;
    });
    known = same;
    return { drift, foreign: foreignServices(ours, now) };
  };
}

/** Of a mark /proc does not say the family: they are counted. */
function foreignServices(left: Iterable<Service>, now: readonly CountedService[]): string[] {
  const own = new Map<string, number>();
  for (const { key } of left) {
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

const isSamePersistence = (seconds: number | null, printed: number | null, ticks: KernelTicks): boolean =>
  seconds === null || printed === null ? seconds === printed : ticks.fits(seconds, printed);

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

function serviceDrift(left: Service, now: CountedService, ticks: KernelTicks): string[] {
  const name = serviceName(left.key);
  const drift: string[] = [];
  if (now.scheduler !== left.scheduler)
    drift.push(`the scheduler of ${name} was ${now.scheduler} instead of ${left.scheduler}`);
  if (!isSamePersistence(left.persistence, now.persistenceTicks, ticks)) {
    const found =
      now.persistenceTicks === null ? 'off' : (ticks.inSeconds(now.persistenceTicks) ?? 'another');
    drift.push(`the persistence of ${name} was ${found} instead of ${left.persistence ?? 'off'}`);
  }
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
