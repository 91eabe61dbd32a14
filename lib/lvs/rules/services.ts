/** Rules about virtual servers and their real servers. */
import { endpointText, isDottedIpv4, prefixLength, sameNetwork } from '../address.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { diagnose } from '../messages.ts';
import {
  type ClusterConfig,
  effectiveForwarding,
  effectivePort,
  familyOfVirtual,
  type RealServer,
  type VirtualServer,
} from '../model.ts';
import { activeVirtuals, faultsOfServers, type Rule } from './rule.ts';

export const vipGiven: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    (virtual.vip?.address ?? null) === null && virtual.firewallMark === 0
      ? [diagnose('vip-missing', { where }, { path: [...path, 'vip'] })]
      : [],
  );

/** What the kernel knows the service by, in words; null when it is not known yet. */
function identity(virtual: VirtualServer): string | null {
  const { firewallMark, vip, port, protocol } = virtual;
  if (firewallMark !== 0)
    return `firewall mark ${firewallMark}${familyOfVirtual(virtual) === 6 ? ' for IPv6' : ''}`;
  return vip?.address ? `${endpointText(vip.address, port)} ${protocol}` : null;
}

/** Reports each item whose key an earlier one has. */
function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
  report: (item: Item, first: Item, key: string) => Diagnostic,
): Diagnostic[] {
  const seen = new Map<string, Item>();
  return items.flatMap((item) => {
    const key = keyOf(item);
    if (key === null) return [];
    const first = seen.get(key);
    if (first !== undefined) return [report(item, first, key)];
    seen.set(key, item);
    return [];
  });
}

export const servicesUnique: Rule = (config) =>
  repeated(
    activeVirtuals(config),
    ({ virtual }) => identity(virtual),
    ({ virtual, path, where }, first, service) =>
      diagnose(
        'duplicate-service',
        { where, other: first.where, service },
        { path: [...path, virtual.firewallMark !== 0 ? 'firewallMark' : 'vip'] },
      ),
  );

export const serversUnique: Rule = (config) =>
  activeVirtuals(config).flatMap((place) =>
    repeated(
      place.servers.filter(({ server }) => server.enabled),
      ({ virtual, server }) =>
        server.address === null ? null : endpointText(server.address, effectivePort(virtual, server)),
      ({ path, where }, first, endpoint) =>
        diagnose('duplicate-server', { where, other: first.where, endpoint }, { path: [...path, 'address'] }),
    ),
  );

/** A machine in words, or the real server that it is. */
type Holder = string | RealServer;

const holderInWords = (holder: Holder): string =>
  typeof holder === 'string' ? holder : `real server "${holder.name}"`;

/** Those of some addresses that belong to a machine. Few are VIPs and many are real servers. */
function holdersOf(
  wanted: ReadonlySet<string>,
  { global, virtualServers }: ClusterConfig,
): ReadonlyMap<string, Holder> {
  const held = new Map<string, Holder>();
  const add = (address: string | null | undefined, holder: Holder) => {
    if (address && wanted.has(address) && !held.has(address)) held.set(address, holder);
  };
  add(global.primaryAddress, 'the primary router');
  add(global.backupAddress, 'the backup router');
  add(global.primaryPrivateAddress, 'the primary router on the private network');
  add(global.backupPrivateAddress, 'the backup router on the private network');
  add(global.natRouter?.address, 'the NAT router');
  for (const virtual of virtualServers) for (const server of virtual.servers) add(server.address, server);
  return held;
}

export const vipsOnlyVips: Rule = (config) => {
  const virtuals = activeVirtuals(config);
  const held = holdersOf(new Set(virtuals.flatMap(({ virtual }) => virtual.vip?.address ?? [])), config);
  return virtuals.flatMap(({ virtual, path, where }) => {
    const address = virtual.vip?.address ?? null;
    const holder = address === null ? undefined : held.get(address);
    if (address === null || holder === undefined) return [];
    return [
      diagnose('vip-in-use', { where, address, holder: holderInWords(holder) }, { path: [...path, 'vip'] }),
    ];
  });
};

interface Network {
  readonly address: string;
  readonly netmask: string;
}

const networksOf = (addresses: readonly (string | null)[], netmasks: readonly (string | null)[]): Network[] =>
  netmasks.flatMap((netmask) =>
    addresses.flatMap((address) =>
      address !== null &&
      isDottedIpv4(address) &&
      netmask !== null &&
      isDottedIpv4(netmask) &&
      (prefixLength(netmask) ?? 32) < 32
        ? [{ address, netmask }]
        : [],
    ),
  );

/** Networks of the routers, as far as the netmasks of the file tell; none when no public one is known. */
function knownNetworks({ global, virtualServers }: ClusterConfig): Network[] {
  const publicMasks = [...new Set(virtualServers.map(({ vipNetmask }) => vipNetmask))];
  const publicNetworks = networksOf([global.primaryAddress, global.backupAddress], publicMasks);
  const privateAddresses = [global.natRouter?.address ?? null, global.primaryPrivateAddress];
  return publicNetworks.length === 0
    ? []
    : [...publicNetworks, ...networksOf(privateAddresses, [global.natRouterNetmask])];
}

export const vipsOnKnownNetworks: Rule = (config) => {
  const networks = knownNetworks(config);
  if (networks.length === 0) return [];
  return activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const address = virtual.vip?.address ?? null;
    if (address === null || !isDottedIpv4(address)) return [];
    if (networks.some((network) => sameNetwork(address, network.address, network.netmask))) return [];
    return [diagnose('vip-off-network', { where, address }, { path: [...path, 'vip'] })];
  });
};

export const virtualsServed: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    virtual.sorryServer === null && !virtual.servers.some((server) => server.enabled)
      ? [diagnose('no-real-server', { where }, { path: [...path, 'enabled'] })]
      : [],
  );

export const serverAddressGiven: Rule = (config) =>
  faultsOfServers(config, (place) =>
    place.server.address === null
      ? diagnose('server-address-missing', { where: place.where }, { path: [...place.path, 'address'] })
      : null,
  );

/** A service by mark has no port of its own: the port of its real server serves the check alone. */
export const portsKept: Rule = (config) =>
  faultsOfServers(config, (place) => {
    const { virtual, server } = place;
    const method = effectiveForwarding(config.global, server);
    const port = effectivePort(virtual, server);
    if (method === 'nat' || virtual.firewallMark !== 0 || port === virtual.port) return null;
    const { path, where } = place;
    const facts = { where, port, virtualPort: virtual.port, method };
    return diagnose('port-differs', facts, { path: [...path, 'port'] });
  });

export const weightsAboveZero: Rule = (config) =>
  faultsOfServers(config, (place) =>
    place.server.weight === 0
      ? diagnose('weight-zero', { where: place.where }, { path: [...place.path, 'weight'] })
      : null,
  );
