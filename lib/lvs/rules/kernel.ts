/** Rules about what the kernel's table takes: families, ports, thresholds, tunnels, flags, marks. */
import { familyOf, isAddress } from '../address.ts';
import { readMarkPorts } from '../mark-ports.ts';
import { diagnose } from '../messages.ts';
import { effectiveForwarding, effectivePort, familyOfVirtual } from '../model.ts';
import { hashingSchedulers } from '../schedulers.ts';
import { activeVirtuals, faultsOfServers, type Rule } from './rule.ts';

const netmasks = [
  { word: 'vip_nmask', key: 'vipNetmask' },
  { word: 'pmask', key: 'persistenceNetmask' },
] as const;

/** `/64` belongs to IPv6, a dotted mask to IPv4. */
export const netmasksFitFamily: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const address = virtual.vip?.address ?? null;
    if (address === null || !isAddress(address)) return [];
    return netmasks.flatMap(({ word, key }) => {
      const value = virtual[key];
      if (value === null || value.startsWith('/') === (familyOf(address) === 6)) return [];
      return [diagnose('netmask-family', { where, word, value, address }, { path: [...path, key] })];
    });
  });

export const familiesMatch: Rule = (config) =>
  faultsOfServers(config, (place) => {
    const { virtual, server } = place;
    const { address } = server;
    if (address === null || familyOf(address) === familyOfVirtual(virtual) || !isAddress(address))
      return null;
    if (effectiveForwarding(config.global, server) === 'tunnel') return null;
    const { path, where } = place;
    return diagnose('mixed-families', { where, address }, { path: [...path, 'address'] });
  });

export const sorryServerFits: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const { sorryServer, sorryPort } = virtual;
    const method = config.global.forwarding;
    if (sorryServer === null) return [];
    if (method !== 'tunnel' && isAddress(sorryServer) && familyOf(sorryServer) !== familyOfVirtual(virtual))
      return [
        diagnose(
          'mixed-families',
          { where: `The sorry server of ${where}`, address: sorryServer },
          { path: [...path, 'sorryServer'] },
        ),
      ];
    if (method === 'nat' || sorryPort === null || sorryPort === virtual.port) return [];
    return [
      diagnose('sorry-port-differs', { where, port: sorryPort, method }, { path: [...path, 'sorryPort'] }),
    ];
  });

export const portZeroFits: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    virtual.port === 0 && virtual.firewallMark === 0 && virtual.persistenceSeconds <= 0
      ? [diagnose('port-zero', { where }, { path: [...path, 'port'] })]
      : [],
  );

/** Checks that reach a real server without a port. */
const portless: ReadonlySet<string | null> = new Set(['icmp', 'none', 'script']);

export const portZeroChecked: Rule = (config) =>
  faultsOfServers(config, (place) => {
    const { virtual, server } = place;
    const hasPort = (server.checkPort ?? virtual.checkPort ?? effectivePort(virtual, server)) !== 0;
    const needsNone = portless.has(virtual.checkKind) || virtual.sendProgram !== null;
    if (hasPort || needsNone) return null;
    return diagnose('port-zero-unchecked', { where: place.where }, { path: [...place.path, 'port'] });
  });

const hashFlags = [
  { word: 'hash_port', key: 'hashPort' },
  { word: 'hash_fallback', key: 'hashFallback' },
] as const;

export const hashFlagsAct: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const { scheduler } = virtual;
    if (hashingSchedulers.some((name) => name === scheduler)) return [];
    return hashFlags.flatMap(({ word, key }) =>
      virtual[key] ? [diagnose('hash-flag-idle', { word, where, scheduler }, { path: [...path, key] })] : [],
    );
  });

export const onePacketFits: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) =>
    virtual.onePacket && virtual.protocol !== 'udp' && virtual.firewallMark === 0
      ? [diagnose('one-packet-needs-udp', { where }, { path: [...path, 'onePacket'] })]
      : [],
  );

export const thresholdsOrdered: Rule = (config) =>
  faultsOfServers(config, (place) => {
    const { upperThreshold: upper, lowerThreshold: lower } = place.server;
    if (lower <= upper) return null;
    const { path, where } = place;
    return diagnose('thresholds-crossed', { where, upper, lower }, { path: [...path, 'lowerThreshold'] });
  });

export const tunnelsComplete: Rule = (config) =>
  faultsOfServers(config, (place) => {
    const method = effectiveForwarding(config.global, place.server);
    const { tunnelType, tunnelPort, tunnelChecksum } = place.server;
    if (tunnelType === 'ipip') return null;
    const { path, where } = place;
    if (method !== 'tunnel') {
      const facts = { where, word: 'tunnel_type', method };
      return diagnose('tunnel-option-idle', facts, { path: [...path, 'tunnelType'] });
    }
    if (tunnelType === 'gue' && tunnelPort === null)
      return diagnose('tunnel-port-missing', { where }, { path: [...path, 'tunnelPort'] });
    if (tunnelType === 'gre' && tunnelChecksum === 'remcsum')
      return diagnose('tunnel-checksum-unfit', { where }, { path: [...path, 'tunnelChecksum'] });
    return null;
  });

export const quorumReachable: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    const weights = virtual.servers
      .filter(({ enabled }) => enabled)
      .reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
    const { quorum } = virtual;
    if (quorum <= 1 || quorum <= weights) return [];
    return [diagnose('quorum-unreachable', { where, quorum, weights }, { path: [...path, 'quorum'] })];
  });

export const markPortsUsable: Rule = (config) =>
  activeVirtuals(config).flatMap(({ virtual, path, where }) => {
    if (virtual.markPorts === null) return [];
    const place = { path: [...path, 'markPorts'] };
    if (virtual.firewallMark === 0) return [diagnose('mark-ports-idle', { where, missing: 'mark' }, place)];
    if ((virtual.vip?.address ?? null) === null)
      return [diagnose('mark-ports-idle', { where, missing: 'address' }, place)];
    return virtual.markPorts.flatMap((item) =>
      readMarkPorts(item) === null ? [diagnose('mark-port-invalid', { where, item }, place)] : [],
    );
  });
