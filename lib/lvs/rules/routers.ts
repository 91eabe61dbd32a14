/** Rules about the two routers: addresses, heartbeats, NAT. */
import { diagnose } from '../messages.ts';
import { deadtimeMs, keepaliveMs, privateAddresses } from '../model.ts';
import type { Rule } from './rule.ts';

export const primaryGiven: Rule = ({ global }) =>
  global.primaryAddress === null
    ? [diagnose('primary-missing', undefined, { path: ['global', 'primaryAddress'] })]
    : [];

export const backupGiven: Rule = ({ global }) =>
  global.backupEnabled && global.backupAddress === null
    ? [diagnose('backup-missing', undefined, { path: ['global', 'backupAddress'] })]
    : [];

export const routersDiffer: Rule = ({ global }) => {
  const { primaryAddress, backupAddress } = global;
  if (primaryAddress !== null && primaryAddress === backupAddress)
    return [
      diagnose(
        'same-router-address',
        { address: primaryAddress, network: 'public' },
        { path: ['global', 'backupAddress'] },
      ),
    ];
  const { primary, backup } = privateAddresses(global);
  return primary !== null && primary === backup
    ? [
        diagnose(
          'same-router-address',
          { address: primary, network: 'private' },
          { path: ['global', 'backupPrivateAddress'] },
        ),
      ]
    : [];
};

/** A primary router alone may have a private address; a pair needs both or neither. */
export const privateAddressesPaired: Rule = ({ global }) => {
  const { primaryPrivateAddress, backupPrivateAddress, backupAddress, backupEnabled } = global;
  if (backupPrivateAddress !== null && primaryPrivateAddress === null)
    return [
      diagnose(
        'private-address-alone',
        { given: 'backup', missing: 'primary' },
        { path: ['global', 'primaryPrivateAddress'] },
      ),
    ];
  const hasBackup = backupEnabled || backupAddress !== null;
  return primaryPrivateAddress !== null && backupPrivateAddress === null && hasBackup
    ? [
        diagnose(
          'private-address-alone',
          { given: 'primary', missing: 'backup' },
          { path: ['global', 'backupPrivateAddress'] },
        ),
      ]
    : [];
};

export const deadtimeAboveKeepalive: Rule = ({ global }) => {
  const facts = { deadtimeMs: deadtimeMs(global), keepaliveMs: keepaliveMs(global) };
  const key = global.deadtimeMilliseconds === null ? 'deadtimeSeconds' : 'deadtimeMilliseconds';
  const place = { path: ['global', key] };
  if (facts.deadtimeMs <= facts.keepaliveMs) return [diagnose('deadtime-not-above-keepalive', facts, place)];
  return global.backupEnabled && facts.deadtimeMs < 3 * facts.keepaliveMs
    ? [diagnose('deadtime-short', facts, place)]
    : [];
};

export const natRouterGiven: Rule = ({ global }) =>
  global.serviceKind === 'lvs' &&
  global.forwarding === 'nat' &&
  (global.natRouter?.address ?? null) === null &&
  (global.natRouter6?.address ?? null) === null
    ? [diagnose('nat-router-missing', undefined, { path: ['global', 'natRouter'] })]
    : [];

export const failoverServicesOnly: Rule = ({ global }) =>
  global.serviceKind === 'fos'
    ? [diagnose('failover-services-only', undefined, { path: ['global', 'serviceKind'] })]
    : [];
