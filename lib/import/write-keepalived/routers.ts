/** `global_defs` and the one `vrrp_instance` that moves every address. */
import { familyOf, prefixLength } from '../../lvs/address.ts';
import { kindOf } from '../../lvs/checks.ts';
import {
  type ClusterConfig,
  deadtimeMs,
  effectiveForwarding,
  keepaliveMs,
  type VirtualServer,
} from '../../lvs/model.ts';
import type { WriteOptions } from '../writers.ts';
import { isWritable, type Page, secondsOf, wordOf } from './page.ts';

export const INSTANCE = 'shoal';

/** Addresses that move, each once. */
interface Moving {
  readonly address: string;
  readonly netmask: string | null;
  readonly device: string;
}

const plainDevice = (device: string): string => device.split(':')[0] ?? device;

/** `/24`; empty for an address alone; null when the mask cannot be written as a length. */
function lengthOf({ netmask }: Moving): string | null {
  if (netmask === null) return '';
  if (netmask.startsWith('/')) return netmask;
  const length = prefixLength(netmask);
  return length === null ? null : length === 32 ? '' : `/${length}`;
}

/** An alias of an interface as the kernel takes it. */
const isLabel = (device: string): boolean => device.includes(':') && device.length <= 15;

function addressLine(moving: Moving, page: Page): string {
  const { address, device } = moving;
  const length = lengthOf(moving);
  if (length === null) page.leave(`netmask of ${address}`, 'netmask-unwritable', undefined);
  const hasLabel = isLabel(device) && familyOf(address) === 4;
  if (device.includes(':') && !hasLabel) page.leave(`${device} of ${address}`, 'label-unwritable', undefined);
  return `${address}${length ?? ''} dev ${plainDevice(device)}${hasLabel ? ` label ${device}` : ''}`;
}

const usesNat = ({ global, virtualServers }: ClusterConfig): boolean =>
  virtualServers.some(({ servers }) =>
    servers.some((server) => effectiveForwarding(global, server) === 'nat'),
  );

function movingAddresses(config: ClusterConfig, virtuals: readonly VirtualServer[], page: Page): Moving[] {
  const found = new Map<string, Moving>();
  const add = (address: string | null | undefined, device: string, netmask: string | null): void => {
    if (!address || !isWritable(device) || found.has(address)) return;
    found.set(address, { address, device, netmask });
  };
  for (const { vip, vipNetmask } of virtuals) add(vip?.address, vip?.device ?? '', vipNetmask);
  const { natRouter, natRouterNetmask, natRouter6, natRouter6Prefix } = config.global;
  if (usesNat(config)) {
    add(natRouter?.address, natRouter?.device ?? '', natRouterNetmask);
    add(natRouter6?.address, natRouter6?.device ?? '', `/${natRouter6Prefix}`);
  } else if ((natRouter ?? natRouter6) !== null) page.leave('nat_router', 'nat-router-idle', undefined);
  return [...found.values()];
}

/** VRRP version 2 counts whole seconds up to 255, version 3 hundredths up to 40.95 s. */
function intervalOf(ms: number, page: Page): { readonly version: 2 | 3; readonly ms: number } {
  if (ms % 1000 === 0 && ms <= 255_000) return { version: 2, ms };
  const fitting = Math.min(40_950, Math.max(10, Math.round(ms / 10) * 10));
  if (fitting !== ms) page.leave('keepalive', 'interval-rounded', { ms: fitting });
  return { version: 3, ms: fitting };
}

function writeHeartbeat({ global }: ClusterConfig, page: Page): void {
  const { version, ms } = intervalOf(keepaliveMs(global), page);
  if (version === 3) page.line('version 3');
  page.line(`advert_int ${secondsOf(ms)}`);
  const missed = Math.min(100, Math.max(1, Math.ceil(deadtimeMs(global) / ms)));
  if (missed * ms !== deadtimeMs(global)) page.leave('deadtime', 'deadtime-rounded', { ms: missed * ms });
  if (missed !== 3) page.line(`down_timer_adverts ${missed}`);
}

/** The longest delay that keepalived takes, in seconds. */
const DELAY_MOST = 1000;

/** A router that should not take the service back at once must begin as the second one. */
function writeRole({ global }: ClusterConfig, { role }: WriteOptions, page: Page): void {
  const { preempt, preemptDelaySeconds } = global;
  const delay = preempt ? Math.min(preemptDelaySeconds, DELAY_MOST) : 0;
  const startsActive = role === 'primary' && preempt && delay === 0;
  page.line(`state ${startsActive ? 'MASTER' : 'BACKUP'}`);
  page.line(`priority ${role === 'primary' ? 150 : 90}`);
  if (!preempt) page.line('nopreempt');
  if (delay > 0) page.line(`preempt_delay ${delay}`);
  if (preempt && delay !== preemptDelaySeconds)
    page.leave('preempt_delay', 'delay-cut', { most: DELAY_MOST });
}

function writePartner({ global }: ClusterConfig, { role }: WriteOptions, page: Page): void {
  const { primaryAddress, backupAddress, backupEnabled } = global;
  const [own, other] = role === 'primary' ? [primaryAddress, backupAddress] : [backupAddress, primaryAddress];
  if (own === null) {
    page.leave('routers', 'own-address-missing', { role });
    return;
  }
  if (!backupEnabled || other === null) {
    page.line(`mcast_src_ip ${own}`);
    if (other !== null) page.leave('backup', 'backup-off', undefined);
    return;
  }
  page.line(`unicast_src_ip ${own}`);
  page.block('unicast_peer', () => page.line(other));
}

export function writeGlobals({ global, virtualServers }: ClusterConfig, page: Page): void {
  const timeouts = [
    ['tcp', global.tcpTimeoutSeconds],
    ['tcpfin', global.tcpFinTimeoutSeconds],
    ['udp', global.udpTimeoutSeconds],
  ].flatMap(([name, seconds]) => (seconds === 0 ? [] : [`${name} ${seconds}`]));
  const runsPrograms = virtualServers.some((virtual) => virtual.enabled && kindOf(virtual) === 'script');
  page.block('global_defs', () => {
    if (runsPrograms) {
      page.line('enable_script_security');
      page.line('script_user root');
    }
    if (timeouts.length > 0) page.line(`lvs_timeouts ${timeouts.join(' ')}`);
    if (global.syncDaemon && isWritable(global.syncDaemonInterface))
      page.line(
        `lvs_sync_daemon ${wordOf(global.syncDaemonInterface)} ${INSTANCE} id ${global.syncDaemonId}`,
      );
  });
}

/** Writes the instance; nothing when there is no address to move. */
export function writeInstance(
  config: ClusterConfig,
  virtuals: readonly VirtualServer[],
  options: WriteOptions,
  page: Page,
): void {
  const moving = movingAddresses(config, virtuals, page);
  const first = moving[0];
  if (first === undefined) {
    page.leave('routers', 'nothing-moves', undefined);
    return;
  }
  const family = moving.some(({ address }) => familyOf(address) === 4) ? 4 : 6;
  const within = moving.filter(({ address }) => familyOf(address) === family);
  const others = moving.filter(({ address }) => familyOf(address) !== family);
  page.line('');
  page.block(`vrrp_instance ${INSTANCE}`, () => {
    writeRole(config, options, page);
    page.line(`interface ${plainDevice(first.device)}`);
    page.line('# Must differ from that of every other VRRP router on the network.');
    page.line('virtual_router_id 51');
    writeHeartbeat(config, page);
    page.line(`garp_master_refresh ${config.global.announceRefreshSeconds}`);
    if (!config.global.monitorLinks) page.line('dont_track_primary');
    writePartner(config, options, page);
    page.block('virtual_ipaddress', () => {
      for (const address of within) page.line(addressLine(address, page));
    });
    if (others.length > 0)
      page.block('virtual_ipaddress_excluded', () => {
        for (const address of others) page.line(addressLine(address, page));
      });
  });
}
