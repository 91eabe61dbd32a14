/** `virtual_server` and its real servers. */
import { endpointText, isAddress } from '../../lvs/address.ts';
import { checkIntervalMs, kindOf } from '../../lvs/checks.ts';
import type { GlobalSettings, ServerSettings } from '../../lvs/directives.ts';
import {
  type ClusterConfig,
  effectiveForwarding,
  effectivePort,
  type RealServer,
  type VirtualServer,
} from '../../lvs/model.ts';
import { hashingSchedulers } from '../../lvs/schedulers.ts';
import { leaveOfCheck, writeCheck } from './checks.ts';
import { leaveRest } from './left.ts';
import { isWritable, type Page, secondsOf, wordOf } from './page.ts';

type Forwarding = GlobalSettings['forwarding'];

const methods: Readonly<Record<Forwarding, string>> = { nat: 'NAT', direct: 'DR', tunnel: 'TUN' };
const checksums: Readonly<Record<ServerSettings['tunnelChecksum'], string>> = {
  none: 'nocsum',
  csum: 'csum',
  remcsum: 'remcsum',
};

const isPlainTunnel = ({ tunnelType, tunnelPort, tunnelChecksum }: RealServer): boolean =>
  tunnelType === 'ipip' && tunnelPort === null && tunnelChecksum === 'none';

/** `TUN type gue port 6080 csum`. */
function methodOf(forwarding: Forwarding, server: RealServer): string {
  if (forwarding !== 'tunnel' || isPlainTunnel(server)) return methods[forwarding];
  const { tunnelType, tunnelPort, tunnelChecksum } = server;
  const port = tunnelType === 'gue' && tunnelPort !== null ? ` port ${tunnelPort}` : '';
  return `TUN type ${tunnelType}${port}${tunnelType === 'ipip' ? '' : ` ${checksums[tunnelChecksum]}`}`;
}

/** The words behind `virtual_server`; null when keepalived cannot name the service. */
function identityOf({ firewallMark, vip, port }: VirtualServer): string | null {
  if (firewallMark !== 0) return `fwmark ${firewallMark}`;
  const address = vip?.address ?? null;
  return address === null || !isAddress(address) ? null : `${address} ${port}`;
}

/** The name that reading gives a service without one. */
function ownName({ firewallMark, vip, port, protocol, addressFamily }: VirtualServer): string {
  if (firewallMark !== 0) return `fwmark-${firewallMark}${addressFamily === 'ipv6' ? '-ipv6' : ''}`;
  return `${endpointText(vip?.address ?? '', port)}${protocol === 'tcp' ? '' : `-${protocol}`}`;
}

function writeName(name: string, own: string, where: string, page: Page): void {
  if (name === own) return;
  if (isWritable(name)) page.line(`snmp_name ${wordOf(name)}`);
  else page.leave(`name of ${where}`, 'check-text', undefined);
}

function writeScheduler(virtual: VirtualServer, page: Page): void {
  const { scheduler, hashPort, hashFallback, onePacket } = virtual;
  page.line(`lvs_sched ${scheduler}`);
  if (hashingSchedulers.some((name) => name === scheduler)) {
    if (hashPort) page.line(`${scheduler}-port`);
    if (hashFallback) page.line(`${scheduler}-fallback`);
  }
  if (onePacket) page.line('ops');
}

function writePersistence(virtual: VirtualServer, where: string, page: Page): void {
  const { persistenceSeconds, persistenceNetmask } = virtual;
  if (persistenceSeconds > 0) page.line(`persistence_timeout ${persistenceSeconds}`);
  if (persistenceNetmask === null) return;
  if (persistenceSeconds > 0) page.line(`persistence_granularity ${persistenceNetmask.replace('/', '')}`);
  else page.leave(`pmask of ${where}`, 'mask-idle', undefined);
}

function writeQuorum({ quorum, quorumHysteresis }: VirtualServer, where: string, page: Page): void {
  if (quorum !== 1) page.line(`quorum ${quorum}`);
  if (quorumHysteresis > 0 && quorumHysteresis < quorum) page.line(`hysteresis ${quorumHysteresis}`);
  else if (quorumHysteresis > 0) page.leave(`quorum_hysteresis of ${where}`, 'hysteresis-large', undefined);
}

function writeSorry(virtual: VirtualServer, forwarding: Forwarding, where: string, page: Page): void {
  const { sorryServer, sorryPort, port, firewallMark } = virtual;
  if (sorryServer === null) return;
  const isFree = firewallMark === 0 && forwarding === 'nat';
  if (sorryPort !== null && !isFree) page.leave(`sorry_port of ${where}`, 'port-fixed', undefined);
  const own = isFree ? (sorryPort ?? port) : port;
  page.line(`sorry_server ${sorryServer}${firewallMark === 0 ? ` ${own}` : ''}`);
}

/** A method that cannot change the port, and a mark, which has none, leave it to the service. */
function portOf(
  virtual: VirtualServer,
  server: RealServer,
  method: Forwarding,
  where: string,
  page: Page,
): string {
  const port = effectivePort(virtual, server);
  if (virtual.firewallMark !== 0) {
    if (port !== 0) page.leave(`port of ${where}`, 'port-fixed', undefined);
    return '';
  }
  if (method === 'nat' || port === virtual.port) return ` ${port}`;
  page.leave(`port of ${where}`, 'port-fixed', undefined);
  return ` ${virtual.port}`;
}

function writeServer(config: ClusterConfig, virtual: VirtualServer, server: RealServer, page: Page): void {
  const where = `real server "${server.name}" of virtual server "${virtual.name}"`;
  const { address } = server;
  if (!server.enabled || address === null || !isAddress(address)) {
    page.leave(where, server.enabled ? 'server-unwritable' : 'server-inactive', undefined);
    return;
  }
  const method = effectiveForwarding(config.global, server);
  page.block(`real_server ${address}${portOf(virtual, server, method, where, page)}`, () => {
    writeName(server.name, address, where, page);
    page.line(`weight ${server.weight}`);
    if (method !== config.global.forwarding || (method === 'tunnel' && !isPlainTunnel(server)))
      page.line(`lvs_method ${methodOf(method, server)}`);
    if (server.upperThreshold > 0) page.line(`uthreshold ${server.upperThreshold}`);
    if (server.lowerThreshold > 0) page.line(`lthreshold ${server.lowerThreshold}`);
    writeCheck(virtual, server, page);
    leaveRest('server', server, where, page);
  });
}

export function writeService(config: ClusterConfig, virtual: VirtualServer, page: Page): void {
  const { forwarding } = config.global;
  const where = `virtual server "${virtual.name}"`;
  const identity = identityOf(virtual);
  if (identity === null) {
    page.leave(where, 'service-unwritable', undefined);
    return;
  }
  page.line('');
  page.block(`virtual_server ${identity}`, () => {
    writeName(virtual.name, ownName(virtual), where, page);
    writeScheduler(virtual, page);
    page.line(`lvs_method ${methods[forwarding]}`);
    if (virtual.firewallMark === 0) page.line(`protocol ${virtual.protocol.toUpperCase()}`);
    else if (virtual.addressFamily === 'ipv6') page.line('ip_family inet6');
    writePersistence(virtual, where, page);
    if (kindOf(virtual) !== 'none') page.line(`delay_loop ${secondsOf(checkIntervalMs(virtual))}`);
    if (virtual.quiesce) page.line('inhibit_on_failure');
    writeQuorum(virtual, where, page);
    writeSorry(virtual, forwarding, where, page);
    leaveOfCheck(virtual, where, page);
    leaveRest('virtual', virtual, where, page);
    for (const server of virtual.servers) writeServer(config, virtual, server, page);
  });
}
