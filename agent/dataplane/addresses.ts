/**
 * Addresses on interfaces as data: which ones the active router holds, what stands on the interfaces, and the
 * smallest change from one to the other, as lines for `ip -batch`.
 */
import { fromIpv4Number, ipv4Number, prefixLength } from '#lib/lvs/address.ts';
import { type AddressOnDevice, ipv6PrefixOf } from '#lib/lvs/address-kinds.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { onceFor } from '#lib/lvs/once-for.ts';

/** An address on an interface; identity is all three. */
export interface PlacedAddress {
  readonly address: string;
  readonly prefix: number;
  readonly device: string;
}

/** An address with all that `ip` says of it. */
export interface FoundAddress extends PlacedAddress {
  /** `eth0:1`; null for the plain device. */
  readonly label: string | null;
  readonly broadcast: string | null;
}

/** An address that the active router holds. */
export interface WantedAddress extends FoundAddress {
  readonly purpose: 'vip' | 'nat-router';
}

export interface InterfaceTable {
  /** Every interface of the router, also those that are down or have no address. */
  readonly devices: readonly string[];
  readonly addresses: readonly FoundAddress[];
}

const deviceOf = (alias: string): string => alias.split(':')[0] ?? alias;
const isIpv6 = (address: string): boolean => address.includes(':');

/** Whether Linux takes the name. It goes into a line of `ip -batch`, where a blank would start another word. */
const isDeviceName = (name: string): boolean => /^[A-Za-z0-9_.@-]{1,15}(:[A-Za-z0-9_.-]{1,10})?$/.test(name);

/** Null when the place names no address, or a device that no Linux can have. */
function wantedAddress(
  place: AddressOnDevice,
  netmask: string | null,
  purpose: WantedAddress['purpose'],
): WantedAddress | null {
  if (place.address === null || !isDeviceName(place.device)) return null;
  const { address } = place;
  const device = deviceOf(place.device);
  const label = place.device === device || isIpv6(address) ? null : place.device;
  if (isIpv6(address)) {
    const prefix = ipv6PrefixOf(netmask ?? '/128') ?? 128;
    return { address, prefix, device, label, broadcast: null, purpose };
  }
  const prefix = netmask === null ? 32 : (prefixLength(netmask) ?? 32);
  const hostBits = 2 ** (32 - prefix);
  // As Piranha: (VIP & mask) | ~mask. A host address or a link of two has no broadcast address.
  const broadcast =
    prefix >= 31
      ? null
      : fromIpv4Number(Math.floor(ipv4Number(address) / hostBits) * hostBits + hostBits - 1);
  return { address, prefix, device, label, broadcast, purpose };
}

/**
 * What the active router holds: the NAT router address (NAT only) and each distinct VIP of the active virtual
 * servers, or of the active failover services. A VIP that several share has the device and mask of the first of
 * them, as in Piranha. Worked out once for each configuration: the watch asks twice a second.
 */
export const wantedAddresses = onceFor(placesOf);

function placesOf(config: ClusterConfig): readonly WantedAddress[] {
  const wanted = new Map<string, WantedAddress>();
  const want = (item: WantedAddress | null): void => {
    if (item !== null && !wanted.has(item.address)) wanted.set(item.address, item);
  };
  // Failover services are served by the router itself: there is nothing to translate.
  if (config.global.serviceKind === 'fos') {
    for (const { enabled, vip, vipNetmask } of config.failoverServices)
      if (enabled && vip !== null) want(wantedAddress(vip, vipNetmask, 'vip'));
    return [...wanted.values()];
  }
  const { forwarding, natRouter, natRouterNetmask, natRouter6, natRouter6Prefix } = config.global;
  if (forwarding === 'nat' && natRouter !== null)
    want(wantedAddress(natRouter, natRouterNetmask, 'nat-router'));
  if (forwarding === 'nat' && natRouter6 !== null)
    want(wantedAddress(natRouter6, `/${natRouter6Prefix}`, 'nat-router'));
  for (const virtual of config.virtualServers) {
    if (virtual.enabled && virtual.vip !== null) want(wantedAddress(virtual.vip, virtual.vipNetmask, 'vip'));
  }
  return [...wanted.values()];
}

export const isIpv4 = ({ address }: PlacedAddress): boolean => !isIpv6(address);

export const placeKey = ({ address, prefix, device }: PlacedAddress): string =>
  `${address}/${prefix} ${device}`;

const addLine = (wanted: FoundAddress): string =>
  [
    `addr add ${wanted.address}/${wanted.prefix}`,
    wanted.broadcast === null ? '' : ` broadcast ${wanted.broadcast}`,
    ` dev ${wanted.device}`,
    wanted.label === null ? '' : ` label ${wanted.label}`,
    isIpv6(wanted.address) ? ' nodad' : '',
  ].join('');

export const deleteLine = ({ address, prefix, device }: PlacedAddress): string =>
  `addr del ${address}/${prefix} dev ${device}`;

/**
 * Lines that lead from what stands on the interfaces to what is wanted: first all additions, then all removals.
 * `ours` are the addresses that the agent may remove; anything else is left alone.
 */
export function planAddresses(
  found: readonly PlacedAddress[],
  wanted: readonly FoundAddress[],
  ours: readonly PlacedAddress[],
): string[] {
  const standing = new Set(found.map(placeKey));
  const keep = new Set(wanted.map(placeKey));
  const mine = new Set(ours.map(placeKey));
  return [
    ...wanted.filter((item) => !standing.has(placeKey(item))).map(addLine),
    ...found.filter((item) => mine.has(placeKey(item)) && !keep.has(placeKey(item))).map(deleteLine),
  ];
}

interface IpAddressRow {
  readonly ifname?: unknown;
  readonly addr_info?: unknown;
}

/** Reads `ip -j addr`; null when it is not what iproute2 prints. */
export function readInterfaceTable(json: string): InterfaceTable | null {
  let rows: unknown;
  try {
    rows = JSON.parse(json === '' ? '[]' : json);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  const devices: string[] = [];
  const addresses: FoundAddress[] = [];
  for (const row of rows as IpAddressRow[]) {
    if (typeof row?.ifname !== 'string') continue;
    const device = row.ifname;
    devices.push(device);
    if (!Array.isArray(row.addr_info)) continue;
    for (const info of row.addr_info as Record<string, unknown>[]) {
      const { local, prefixlen, label, broadcast } = info;
      if (typeof local !== 'string' || typeof prefixlen !== 'number') continue;
      const alias = typeof label === 'string' && label !== device ? label : null;
      addresses.push({
        address: local,
        prefix: prefixlen,
        device,
        label: alias,
        broadcast: typeof broadcast === 'string' ? broadcast : null,
      });
    }
  }
  return { devices, addresses };
}
