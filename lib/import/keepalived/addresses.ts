/** Which of the addresses that move belong to virtual servers, which is the real servers' gateway, which stay over. */
import { familyOf, ipv4Number, prefixLength } from '../../lvs/address.ts';
import type { GlobalSettings } from '../../lvs/directives.ts';
import type { VirtualServer } from '../../lvs/model.ts';
import type { Findings } from '../findings.ts';
import type { MovingAddress } from './vrrp.ts';

/** The moving addresses by address; the first entry of each counts. */
export function byAddress(moving: readonly MovingAddress[]): ReadonlyMap<string, MovingAddress> {
  const found = new Map<string, MovingAddress>();
  for (const address of moving) if (!found.has(address.address)) found.set(address.address, address);
  return found;
}

/** `eth0` of `eth0:1`. */
const plainDevice = (device: string | null | undefined): string => device?.split(':')[0] ?? '';

/** The number of the IPv4 network that an address lies in. */
const networkOf = (address: string, netmask: string): number =>
  Math.floor(ipv4Number(address) / 2 ** (32 - (prefixLength(netmask) ?? 32)));

const prefixOf = (netmask: string | null): number => Number(netmask?.slice(1) ?? 128);

/**
 * The address that real servers behind NAT have as their gateway: it shares their network, or it is on an interface
 * that holds no virtual IP address.
 */
function gatewayAmong(
  candidates: readonly MovingAddress[],
  servers: readonly string[],
  publicDevices: ReadonlySet<string>,
): MovingAddress | undefined {
  const networks = new Map<string, ReadonlySet<number>>();
  const networksOf = (netmask: string): ReadonlySet<number> => {
    const known = networks.get(netmask) ?? new Set(servers.map((server) => networkOf(server, netmask)));
    networks.set(netmask, known);
    return known;
  };
  const near = ({ address, netmask }: MovingAddress): boolean =>
    netmask !== null && familyOf(address) === 4 && networksOf(netmask).has(networkOf(address, netmask));
  return (
    candidates.find(near) ??
    candidates.find(({ device }) => device !== null && !publicDevices.has(plainDevice(device)))
  );
}

const isIpv4 = ({ address }: MovingAddress): boolean => familyOf(address) === 4;

export interface Spare {
  readonly settings: Partial<GlobalSettings>;
  /** Virtual IP addresses for the firewall marks that have none, by their place in the list. */
  readonly forMarks: ReadonlyMap<number, MovingAddress>;
}

const families = [4, 6] as const;

const gatewaySettings = (gateway: MovingAddress): Partial<GlobalSettings> =>
  familyOf(gateway.address) === 4
    ? {
        natRouter: { address: gateway.address, device: gateway.device ?? '' },
        natRouterNetmask: gateway.netmask,
      }
    : {
        natRouter6: { address: gateway.address, device: gateway.device ?? '' },
        natRouter6Prefix: prefixOf(gateway.netmask),
      };

/** Gives the addresses that no virtual server has asked for a place, and lists those that find none. */
export function placeSpare(
  moving: readonly MovingAddress[],
  virtuals: readonly VirtualServer[],
  natServers: readonly string[],
  findings: Findings,
): Spare {
  const used = new Set(virtuals.map(({ vip }) => vip?.address));
  let spare = [...byAddress(moving).values()].filter(({ address }) => !used.has(address));
  const publicDevices = new Set(virtuals.map(({ vip }) => plainDevice(vip?.device)));
  let settings: Partial<GlobalSettings> = {};
  for (const family of families) {
    const servers = natServers.filter((server) => familyOf(server) === family);
    const candidates = spare.filter(({ address }) => familyOf(address) === family);
    const gateway = servers.length === 0 ? undefined : gatewayAmong(candidates, servers, publicDevices);
    if (gateway === undefined) continue;
    settings = { ...settings, ...gatewaySettings(gateway) };
    spare = spare.filter((address) => address !== gateway);
  }
  const queues = { ipv4: spare.filter(isIpv4), ipv6: spare.filter((address) => !isIpv4(address)) };
  const forMarks = new Map<number, MovingAddress>();
  for (const [index, virtual] of virtuals.entries()) {
    const address = virtual.firewallMark === 0 ? undefined : queues[virtual.addressFamily].shift();
    if (address === undefined) continue;
    forMarks.set(index, address);
    findings.leave(address.at.line, address.address, 'mark-address', { name: virtual.name });
  }
  for (const { address, at } of [...queues.ipv4, ...queues.ipv6])
    findings.leave(at.line, address, 'spare-address', undefined);
  return { settings, forMarks };
}
