/**
 * Output of ipvsadm 1.31 → data: `ipvsadm -Sn` as a routing table, `ipvsadm -Ln` as numbers of connections.
 * Identities come out normalised, so that two tables compare by `serviceName` and `destinationName`.
 */
import { destinationName, type Step, serviceName } from './command.ts';
import type { Destination, Forwarding, RoutingTable, Service, ServiceKey } from './table.ts';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `192.0.2.100:80`, `[2001:db8::1]:80`; port 0 when it is left out. */
function readEndpoint(text: string): Endpoint | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::(\d+))?$/.exec(text);
  const address = match?.[1]?.toLowerCase() ?? match?.[2];
  return address === undefined ? null : { address, port: Number(match?.[3] ?? 0) };
}

/** ipvsadm prints marks as signed numbers. */
const readMark = (text: string | undefined): number | null =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) >>> 0 : null;

// Maps, because the words come from a text: an object knows `constructor`, too.
const protocols: ReadonlyMap<string, 'tcp' | 'udp' | 'sctp'> = new Map([
  ['-t', 'tcp'],
  ['-u', 'udp'],
  ['--sctp-service', 'sctp'],
]);
const listedProtocols: ReadonlyMap<string, 'tcp' | 'udp' | 'sctp'> = new Map([
  ['TCP', 'tcp'],
  ['UDP', 'udp'],
  ['SCTP', 'sctp'],
]);
const forwardings: Readonly<Record<string, Forwarding>> = { '-m': 'nat', '-g': 'direct', '-i': 'tunnel' };

/** The service that words such as `-t 192.0.2.100:80` or `-f 7 -6` name, and the words behind. */
function readService(
  words: readonly string[],
): { readonly key: ServiceKey; readonly rest: readonly string[] } | null {
  const [option = '', name = '', third] = words;
  const protocol = protocols.get(option);
  if (protocol !== undefined) {
    const endpoint = readEndpoint(name);
    return endpoint && { key: { kind: 'address', protocol, ...endpoint }, rest: words.slice(2) };
  }
  const mark = option === '-f' ? readMark(name) : null;
  if (mark === null) return null;
  const isIpv6 = third === '-6';
  return { key: { kind: 'mark', mark, family: isIpv6 ? 6 : 4 }, rest: words.slice(isIpv6 ? 3 : 2) };
}

/** Words behind a service: options with one value, and those without. */
function readOptions(words: readonly string[], withValue: ReadonlySet<string>) {
  const values = new Map<string, string>();
  const others: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (!withValue.has(word)) others.push(word);
    else {
      values.set(word, words[index + 1] ?? '');
      index += 1;
    }
  }
  return { values, others };
}

const serviceValues: ReadonlySet<string> = new Set(['-s', '-p', '-M', '-b', 'pe', '--pe']);
const onePacketWords = ['-o', '--ops', 'ops'];

function newService(key: ServiceKey, words: readonly string[]): Service {
  const { values, others } = readOptions(words, serviceValues);
  const persistence = values.get('-p');
  return {
    key,
    scheduler: values.get('-s') ?? 'wlc',
    schedulerFlags: (values.get('-b') ?? '').split(',').filter(Boolean).sort(),
    persistence: persistence === undefined ? null : Number(persistence),
    netmask: values.get('-M') ?? null,
    onePacket: others.some((word) => onePacketWords.includes(word)),
    destinations: [],
  };
}

const destinationValues: ReadonlySet<string> = new Set(['-r', '-w', '-x', '-y']);

function newDestination(words: readonly string[]): Destination | null {
  const { values, others } = readOptions(words, destinationValues);
  const endpoint = readEndpoint(values.get('-r') ?? '');
  const method = others.find((word) => Object.hasOwn(forwardings, word)) ?? '-g';
  const extra = others.filter((word) => word !== method);
  // Every tunnel says its kind; ipip is what a plain `-i` means.
  const isPlainTunnel = extra.length === 2 && extra[0] === '--tun-type' && extra[1] === 'ipip';
  return (
    endpoint && {
      ...endpoint,
      forwarding: forwardings[method] ?? 'direct',
      weight: Number(values.get('-w') ?? 1),
      upperThreshold: Number(values.get('-x') ?? 0),
      lowerThreshold: Number(values.get('-y') ?? 0),
      extra: isPlainTunnel ? [] : extra,
    }
  );
}

/** What one line of `ipvsadm -Sn` says. */
export type Rule =
  /** `-A`: a service, its destinations still missing. */
  | { readonly kind: 'service'; readonly line: number; readonly service: Service }
  /** `-a`. */
  | {
      readonly kind: 'destination';
      readonly line: number;
      readonly key: ServiceKey;
      readonly destination: Destination;
    }
  /** Neither of the two, and not blank. */
  | { readonly kind: 'other'; readonly line: number; readonly text: string };

/** Reads the output of `ipvsadm -Sn` line by line; lines count from 1. Never throws. */
export function* readRules(text: string): Generator<Rule> {
  for (const [index, whole] of text.split('\n').entries()) {
    const line = index + 1;
    const trimmed = whole.trim();
    const [command, ...words] = trimmed.split(/\s+/);
    const named = command === '-A' || command === '-a' ? readService(words) : null;
    const destination = named !== null && command === '-a' ? newDestination(named.rest) : null;
    if (named !== null && command === '-A')
      yield { kind: 'service', line, service: newService(named.key, named.rest) };
    else if (named !== null && destination !== null)
      yield { kind: 'destination', line, key: named.key, destination };
    else if (trimmed !== '') yield { kind: 'other', line, text: trimmed };
  }
}

/** Reads the output of `ipvsadm -Sn`. Never throws; lines that are no rule are passed over. */
export function readTable(text: string): RoutingTable {
  const services = new Map<string, Service & { readonly destinations: Destination[] }>();
  for (const rule of readRules(text)) {
    if (rule.kind === 'service')
      services.set(serviceName(rule.service.key), { ...rule.service, destinations: [] });
    else if (rule.kind === 'destination')
      services.get(serviceName(rule.key))?.destinations.push(rule.destination);
  }
  return { services: [...services.values()] };
}

/** The identity of a service as ipvsadm names it: `-t 192.0.2.100:80`, `-f 7 -6`; null when it is none. */
export const readServiceName = (text: string): ServiceKey | null =>
  readService(text.trim().split(/\s+/))?.key ?? null;

/** One line of an `ipvsadm -R` batch as the step that it means; null when it is none. */
export function readStep(line: string): Step | null {
  const [command = '', ...words] = line.trim().split(/\s+/);
  const named = readService(words);
  if (named === null) return null;
  const { key, rest } = named;
  if (command === '-D') return { kind: 'delete-service', key };
  if (command === '-A') return { kind: 'add-service', service: newService(key, rest) };
  if (command === '-E') return { kind: 'edit-service', service: newService(key, rest) };
  const destination = newDestination(rest);
  if (destination === null) return null;
  if (command === '-a') return { kind: 'add-destination', key, destination };
  if (command === '-e') return { kind: 'edit-destination', key, destination };
  return command === '-d' ? { kind: 'delete-destination', key, destination } : null;
}

function readListedService([kind = '', name = '', third]: readonly string[]): ServiceKey | null {
  if (kind === 'FWM') {
    const mark = readMark(name);
    return mark === null ? null : { kind: 'mark', mark, family: third === 'IPv6' ? 6 : 4 };
  }
  const protocol = listedProtocols.get(kind);
  const endpoint = protocol === undefined ? null : readEndpoint(name);
  return protocol === undefined || endpoint === null ? null : { kind: 'address', protocol, ...endpoint };
}

/** What one service and destination are called in a listing of ipvsadm. */
const listedKey = (key: ServiceKey, destination: Pick<Destination, 'address' | 'port'>): string =>
  `${serviceName(key)} -r ${destinationName(destination)}`;

/** Lines `->` of a listing with the numbers behind the address, by `listedKey`. */
function readListing(text: string): Map<string, readonly number[]> {
  const rows = new Map<string, readonly number[]>();
  let key: ServiceKey | null = null;
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words[0] !== '->') {
      key = readListedService(words);
      continue;
    }
    const endpoint = readEndpoint(words[1] ?? '');
    if (key !== null && endpoint !== null) rows.set(listedKey(key, endpoint), words.slice(2).map(Number));
  }
  return rows;
}

/**
 * Adds the thresholds, which `ipvsadm -Sn` leaves out, from the output of `ipvsadm -Ln --thresholds`. Never throws;
 * a destination that the listing lacks has none.
 */
export function withThresholds(table: RoutingTable, listing: string): RoutingTable {
  const rows = readListing(listing);
  return {
    services: table.services.map((service) => ({
      ...service,
      destinations: service.destinations.map((destination) => {
        const [upper = 0, lower = 0] = rows.get(listedKey(service.key, destination)) ?? [];
        return { ...destination, upperThreshold: upper, lowerThreshold: lower };
      }),
    })),
  };
}
