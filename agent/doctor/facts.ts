/** What is known of this machine: what the agent itself can see at any time, without starting a program. Pure. */
import {
  type ClusterConfig,
  effectiveForwarding,
  familyOfVirtual,
  type VirtualServer,
} from '#lib/lvs/model.ts';
import { wantedAddresses } from '../dataplane/addresses.ts';
import type { PackageManager, Program } from './packages.ts';

/** loaded: in the kernel now. available: can be loaded. missing: this kernel has none. unknown: nobody can tell. */
export type ModuleState = 'loaded' | 'available' | 'missing' | 'unknown';

export interface SelfFacts {
  readonly packages: PackageManager;
  readonly programs: ReadonlySet<Program>;
  /** `uname -r`. */
  readonly kernelRelease: string;
  readonly hasIpvsTable: boolean;
  /** By name, those of `neededModules` and ip_vs itself. */
  readonly modules: ReadonlyMap<string, ModuleState>;
  /** Kernel settings by their dotted name, those of `neededSettings`; one that the kernel has not is missing. */
  readonly settings: ReadonlyMap<string, string>;
  /** Interfaces of `neededDevices` that exist. */
  readonly devices: ReadonlySet<string>;
  /** What the agent runs, or would run. */
  readonly config: ClusterConfig | null;
}

/** Failover services alone need no IPVS and forward nothing. */
export const balances = ({ config }: Pick<SelfFacts, 'config'>): boolean =>
  config?.global.serviceKind !== 'fos';

/** Virtual servers that the router serves. */
export const servedBy = (config: ClusterConfig): readonly VirtualServer[] =>
  config.global.serviceKind === 'lvs' ? config.virtualServers.filter(({ enabled }) => enabled) : [];

export type ForwardingMethod = 'nat' | 'direct' | 'tunnel';

/** Forwarding methods in use, with those of single real servers. */
export function methodsOf(config: ClusterConfig): ReadonlySet<ForwardingMethod> {
  const methods = new Set<ForwardingMethod>([config.global.forwarding]);
  for (const { servers } of servedBy(config))
    for (const server of servers) if (server.enabled) methods.add(effectiveForwarding(config.global, server));
  return methods;
}

/** Address families of the virtual servers that have a real server with this method. */
export const familiesOf = (config: ClusterConfig, method: ForwardingMethod): ReadonlySet<4 | 6> =>
  new Set(
    servedBy(config)
      .filter(({ servers }) =>
        servers.some((server) => server.enabled && effectiveForwarding(config.global, server) === method),
      )
      .map(familyOfVirtual),
  );

export const schedulerModule = (scheduler: string): string => `ip_vs_${scheduler}`;

/** FTP over NAT needs the kernel's help: addresses stand in what is said. */
export const FTP_MODULE = 'ip_vs_ftp';
const FTP_PORT = 21;

export const servesFtpByNat = (config: ClusterConfig): boolean =>
  methodsOf(config).has('nat') &&
  servedBy(config).some(({ port, protocol }) => port === FTP_PORT && protocol === 'tcp');

/** Modules of the kernel that the configuration uses, besides ip_vs itself. */
export const neededModules = (config: ClusterConfig): string[] => [
  ...new Set(servedBy(config).map(({ scheduler }) => schedulerModule(scheduler))),
  ...(servesFtpByNat(config) ? [FTP_MODULE] : []),
];

/** Kernel settings are named with slashes here, as below /proc/sys: an interface may have a dot in its name. */
export const FORWARDING_SETTING = { 4: 'net/ipv4/ip_forward', 6: 'net/ipv6/conf/all/forwarding' } as const;

export const deviceSetting = (device: string, name: 'rp_filter' | 'arp_ignore' | 'send_redirects'): string =>
  `net/ipv4/conf/${device}/${name}`;

/** Kernel settings that the rows look at. */
export const neededSettings = (config: ClusterConfig): string[] => [
  ...Object.values(FORWARDING_SETTING),
  'net/ipv4/vs/expire_nodest_conn',
  'net/ipv4/vs/expire_quiescent_template',
  ...['all', ...neededDevices(config)].flatMap((device) => [
    deviceSetting(device, 'rp_filter'),
    deviceSetting(device, 'arp_ignore'),
    deviceSetting(device, 'send_redirects'),
  ]),
];

/** Interfaces that hold an address while this router is active. */
export const neededDevices = (config: ClusterConfig): string[] => [
  ...new Set(wantedAddresses(config).map(({ device }) => device)),
];

/** As people know it: `net.ipv4.ip_forward`; sysctl takes the form with slashes too. */
export const settingName = (setting: string): string =>
  setting.includes('.') ? setting : setting.replaceAll('/', '.');

/** Commands that set it, now and at the next boot. */
export const settingCommands = (setting: string, value: string): readonly [string, string] => [
  `sysctl -w ${settingName(setting)}=${value}`,
  `echo '${settingName(setting)} = ${value}' >> /etc/sysctl.d/90-shoal.conf`,
];
