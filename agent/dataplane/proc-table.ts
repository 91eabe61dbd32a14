/**
 * Reads /proc/net/ip_vs: the routing table with the kernel's connection counters, at the price of one file and
 * no process. It lacks thresholds and scheduler flags, so it watches and counts; plans are made from ipvsadm.
 */
import type { Forwarding } from '#lib/ipvs/table.ts';

/** Not there: this kernel has no IPVS, or has not loaded it. */
export const PROC_TABLE = '/proc/net/ip_vs';

export interface CountedDestination {
  readonly address: string;
  readonly port: number;
  /** Null: the address is this router's own, then the kernel does not say. */
  readonly forwarding: Forwarding | null;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

export interface CountedService {
  /** As ipvsadm names it: `-t 192.0.2.100:80`. */
  readonly service: string;
  readonly scheduler: string;
  /** In ticks of the kernel's clock (see kernel-ticks.ts). */
  readonly persistenceTicks: number | null;
  readonly netmask: string | null;
  /** Null: of an IPv6 address the kernel does not say. */
  readonly onePacket: boolean | null;
  readonly destinations: CountedDestination[];
}

const protocolFlags: Readonly<Record<string, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };
const forwardingWords: Readonly<Record<string, Forwarding>> = {
  Masq: 'nat',
  Route: 'direct',
  Tunnel: 'tunnel',
};

const hexToIpv4 = (hex: string): string =>
  [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');

/** `C0000264:0050` or `[2001:0db8:…]:0050`. */
function readEndpoint(text: string): { address: string; port: number } | null {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Fa-f]{8})):([0-9A-Fa-f]{4})$/.exec(text);
  if (match === null) return null;
  const [, six, four, port] = match;
  return {
    address: four === undefined ? compressIpv6(six ?? '') : hexToIpv4(four),
    port: Number.parseInt(port ?? '0', 16),
  };
}

/** The form that ipvsadm prints: RFC 5952, by the URL parser. */
function compressIpv6(address: string): string {
  try {
    return new URL(`http://[${address}]/`).hostname.slice(1, -1);
  } catch {
    return address;
  }
}

const endpointText = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function readService(words: readonly string[]): CountedService | null {
  const [protocol = '', name = '', scheduler = ''] = words;
  let service: string;
  if (protocol === 'FWM') service = `-f ${Number.parseInt(name, 16)}`;
  else {
    const endpoint = readEndpoint(name);
    const flag = protocolFlags[protocol];
    if (endpoint === null || flag === undefined) return null;
    service = `${flag} ${endpointText(endpoint)}`;
  }
  const at = words.indexOf('persistent');
  const mask = words[at + 2] ?? 'FFFFFFFF';
  return {
    service,
    scheduler,
    // Printed as a signed number: that of the longest times is negative.
    persistenceTicks: at === -1 ? null : Number(words[at + 1]) >>> 0,
    netmask: at === -1 || mask === 'FFFFFFFF' ? null : /^[0-9A-F]{8}$/.test(mask) ? hexToIpv4(mask) : mask,
    onePacket: name.startsWith('[') ? null : words.includes('ops'),
    destinations: [],
  };
}

function readDestination(words: readonly string[]): CountedDestination | null {
  const [, place = '', forwarding = '', weight, activeConnections, inactiveConnections] = words;
  const endpoint = readEndpoint(place);
  if (endpoint === null) return null;
  return {
    ...endpoint,
    forwarding: forwardingWords[forwarding] ?? null,
    weight: Number(weight ?? 0),
    activeConnections: Number(activeConnections ?? 0),
    inactiveConnections: Number(inactiveConnections ?? 0),
  };
}

/** The text in pieces of one service each, with its destinations; the head of the file is in pieces of no service. */
export const serviceBlocks = (text: string): string[] => text.split(/\n(?! {2}->)/);

/** One piece; null when it is not understood. */
export function readBlock(block: string): CountedService | null {
  const [head = [], ...lines] = block.split('\n').map((line) => line.trim().split(/\s+/));
  const service = readService(head);
  service?.destinations.push(...lines.map(readDestination).filter((destination) => destination !== null));
  return service;
}

/** Services in the kernel's order. Lines that are not understood are skipped. */
export const readProcTable = (text: string): CountedService[] =>
  serviceBlocks(text)
    .map(readBlock)
    .filter((service) => service !== null);

/**
 * The text without the counters of connections, which change all the time: the same text is the same table. At the
 * size of tens of thousands of lines this costs a tenth of reading them.
 */
export const withoutCounters = (text: string): string => text.replace(/^( {2}-> \S+ +\S+ +\d+) .*$/gm, '$1');
