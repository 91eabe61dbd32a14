/** Which router of the configuration this one is, and what pulse is to do about it. Pure. */
import type { ClusterConfig } from '#lib/lvs/model.ts';
import { deadtimeMs, keepaliveMs } from '#lib/lvs/model.ts';
import type { Channel, ClusterKey, PulseConfig, Role } from '../pulse/contract.ts';

export type ConfiguredAs = 'primary' | 'backup';

/**
 * The role whose public or private address is on one of the interfaces; any address counts, not only the main one.
 * A configuration without a backup and without the primary's address describes a lone router: this one.
 */
export function identify(config: ClusterConfig, addresses: ReadonlySet<string>): ConfiguredAs | null {
  const { primaryAddress, primaryPrivateAddress, backupAddress, backupPrivateAddress, backupEnabled } =
    config.global;
  const isHere = (...named: (string | null)[]): boolean =>
    named.some((address) => address !== null && addresses.has(address));
  if (isHere(primaryAddress, primaryPrivateAddress)) return 'primary';
  if (isHere(backupAddress, backupPrivateAddress)) return 'backup';
  return primaryAddress === null && !backupEnabled ? 'primary' : null;
}

/** Says that `identify` found nothing, and how to mend it. */
export function notThisRouter(config: ClusterConfig, addresses: ReadonlySet<string>): string {
  const { primaryAddress, backupAddress } = config.global;
  const mine = [...addresses].filter((address) => !address.startsWith('127.') && !address.includes(':'));
  return (
    `This router (${mine.join(', ') || 'it has no address'}) is neither the primary ` +
    `(${primaryAddress ?? 'not set'}) nor the backup (${backupAddress ?? 'not set'}) of the configuration; ` +
    'set "primary" or "backup" to one of its addresses'
  );
}

export type PulsePlan =
  | { readonly kind: 'run'; readonly config: PulseConfig; readonly keys: readonly ClusterKey[] }
  /** Pulse does not take part; the router serves nothing. */
  | { readonly kind: 'idle'; readonly role: Role; readonly reason: string };

export interface PulseInputs {
  readonly config: ClusterConfig;
  readonly configuredAs: ConfiguredAs | null;
  readonly hash: string;
  readonly keys: readonly ClusterKey[];
}

/** Without a cluster key pulse speaks Piranha's unsigned heartbeat. */
export function planPulse({ config, configuredAs, hash, keys }: PulseInputs): PulsePlan {
  const { global } = config;
  if (configuredAs === null)
    return { kind: 'idle', role: 'fault', reason: 'The configuration does not name this router' };
  if (configuredAs === 'backup' && !global.backupEnabled)
    return {
      kind: 'idle',
      role: 'standby',
      reason: 'The configuration has no backup router in use (backup_active = 0): the primary serves alone',
    };
  const channels = channelsOf(config, configuredAs);
  return {
    kind: 'run',
    keys,
    config: {
      configuredAs,
      hasBackup: global.backupEnabled && channels.length > 0,
      channels,
      port: global.heartbeatPort,
      keepaliveMs: keepaliveMs(global),
      deadtimeMs: deadtimeMs(global),
      preempt: global.preempt,
      preemptDelayMs: global.preemptDelaySeconds * 1000,
      holdDownMs: global.holdDownSeconds === null ? null : global.holdDownSeconds * 1000,
      service: global.serviceKind,
      serial: global.serialNumber,
      configHash: hash,
    },
  };
}

function channelsOf({ global }: ClusterConfig, configuredAs: ConfiguredAs): Channel[] {
  const channel = (name: Channel['name'], primary: string | null, backup: string | null): Channel[] =>
    primary === null || backup === null
      ? []
      : [
          configuredAs === 'primary'
            ? { name, localAddress: primary, peerAddress: backup }
            : { name, localAddress: backup, peerAddress: primary },
        ];
  const { primaryAddress, backupAddress, primaryPrivateAddress, backupPrivateAddress } = global;
  const hasPrivate = primaryPrivateAddress !== primaryAddress;
  return [
    ...channel('public', primaryAddress, backupAddress),
    ...(hasPrivate ? channel('private', primaryPrivateAddress, backupPrivateAddress) : []),
  ];
}
