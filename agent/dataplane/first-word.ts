/**
 * The first announcement of an address, without a program: starting arping takes longer than all the rest of a takeover.
 * An empty datagram from the address to a neighbour that the kernel has not met makes it ask, by a broadcast whose sender
 * is the address on this router's card. On the way that self-routes.ts has laid it asks for the address itself, which is
 * gratuitous ARP (RFC 5227, 3); without it, for that neighbour. Whoever has the address in its cache takes the new owner
 * from either (RFC 826), but for a Linux whose entry is younger than a second: it heeds gratuitous ARP only (locktime,
 * arp(7)). Nobody needs to exist at the other end. arping follows, for those that want to hear it more than once.
 */
import { fromIpv4Number, ipv4Number } from '#lib/lvs/address.ts';
import type { Host } from '../runtime/host.ts';
import { isIpv4, type PlacedAddress, placeKey } from './addresses.ts';

export interface FirstWord {
  readonly from: string;
  readonly to: string;
  /** Where `from` stands. */
  readonly device: string;
}

/** Sends one empty datagram from an address of this router; false when it does not stand on an interface. Never throws. */
export type SendFirstWord = (word: FirstWord) => boolean;

/** Each leaves an entry in the kernel's table of neighbours, which is small. */
export const WORDS_MOST = 16;
/** A network in which so many neighbours are known in a row is too crowded to look for more. */
const TRIES = 200;

type Network = Pick<PlacedAddress, 'address' | 'prefix'>;

const sizeOf = ({ prefix }: Network): number => 2 ** (32 - prefix);

const firstOf = (network: Network): number =>
  Math.floor(ipv4Number(network.address) / sizeOf(network)) * sizeOf(network);

const contains = (network: Network, address: string): boolean =>
  firstOf(network) === firstOf({ ...network, address });

/** Whether an address is in both IPv4 networks. */
export const overlap = (one: Network, other: Network): boolean =>
  contains(one, other.address) || contains(other, one.address);

/** The network on the wire that an address belongs to; any on its device when it is in none. */
function networkOf(place: PlacedAddress, standing: readonly PlacedAddress[]): PlacedAddress | undefined {
  const onDevice = standing.filter(({ device, prefix }) => device === place.device && prefix <= 30);
  return onDevice.find((network) => contains(network, place.address)) ?? onDevice[0];
}

/**
 * Whom to write to, for the first few addresses. `standing` are the addresses on the interfaces, `arpTable` is
 * /proc/net/arp: an address that stands in it would not be asked for.
 */
export function firstWords(
  places: readonly PlacedAddress[],
  standing: readonly PlacedAddress[],
  arpTable: string,
): FirstWord[] {
  const met = new Set([
    ...arpTable.split('\n').map((line) => line.split(' ')[0] ?? ''),
    ...[...standing, ...places].map(({ address }) => address),
  ]);
  const networks = standing.filter(isIpv4);
  return places
    .filter(isIpv4)
    .slice(0, WORDS_MOST)
    .flatMap((place) => {
      const network = networkOf(place, networks);
      const to = network === undefined ? null : stranger(network, met);
      if (to === null) return [];
      met.add(to);
      return [{ from: place.address, to, device: place.device }];
    });
}

/** From the end of the network, which is dealt out last. */
function stranger(network: PlacedAddress, met: ReadonlySet<string>): string | null {
  const first = firstOf(network);
  const last = first + sizeOf(network) - 2;
  for (let number = last; number > Math.max(first, last - TRIES); number -= 1) {
    const address = fromIpv4Number(number);
    if (!met.has(address)) return address;
  }
  return null;
}

/** On, the kernel sends from any address: then sending tells nothing. */
const NONLOCAL_BIND = '/proc/sys/net/ipv4/ip_nonlocal_bind';

type Voice = Pick<Host, 'localAddresses' | 'readTextNow' | 'sendFirstWord'>;

/**
 * Announces those that stand on an interface, and returns the others. `chosen`: whom to write to, where it is known;
 * that is tried at once: to list the interfaces takes a slow router longer than all the rest of this.
 */
export function sayFirst(
  host: Voice,
  places: readonly PlacedAddress[],
  chosen: (address: string) => FirstWord | undefined,
): readonly PlacedAddress[] {
  const isTold = host.readTextNow(NONLOCAL_BIND)?.trim() !== '1';
  const tried = places.flatMap((place) => (isTold ? (chosen(place.address) ?? []) : []));
  const from = new Set(tried.map((word) => word.from));
  const silent = new Set(tried.filter((word) => !host.sendFirstWord(word)).map((word) => word.from));
  const others = places.filter(({ address }) => !from.has(address));
  const missing = others.length === 0 ? [] : sayStanding(host, others, chosen);
  return places.filter((place) => silent.has(place.address) || missing.includes(place));
}

function sayStanding(
  host: Voice,
  places: readonly PlacedAddress[],
  chosen: (address: string) => FirstWord | undefined,
): readonly PlacedAddress[] {
  const standing = host.localAddresses();
  const keys = new Set(standing.map(placeKey));
  const there = places.filter((place) => keys.has(placeKey(place)));
  if (there.length === 0) return places;
  const open = there.filter(({ address }) => chosen(address) === undefined);
  const words = [
    ...there.flatMap(({ address }) => chosen(address) ?? []),
    ...(open.length === 0 ? [] : firstWords(open, standing, host.readTextNow('/proc/net/arp') ?? '')),
  ];
  for (const word of words) host.sendFirstWord(word);
  return places.filter((place) => !there.includes(place));
}
