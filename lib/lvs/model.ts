/** The cluster model: what an lvs.cf means. Types follow from the table of directives. */
import { familyOf } from './address.ts';
import {
  directivesOf,
  type GlobalSettings,
  type Scope,
  type ServerSettings,
  type VirtualSettings,
} from './directives.ts';

/** What a block of the file carries besides its directives; written back, never interpreted. */
export interface Remarks {
  /** Comment lines at the head of the file or of the block, without their leading blanks, `#` included. */
  readonly comments: readonly string[];
  /** Unknown `#@` directives, as their text behind `#@ `. */
  readonly unknown: readonly string[];
}

export interface RealServer extends ServerSettings, Remarks {
  readonly name: string;
}

export interface VirtualServer extends VirtualSettings, Remarks {
  readonly name: string;
  readonly servers: readonly RealServer[];
}

/** A `failover` block: the same directives as a virtual server (Piranha reference 1.5). */
export type FailoverService = VirtualServer;

export interface ClusterConfig extends Remarks {
  readonly global: GlobalSettings;
  readonly virtualServers: readonly VirtualServer[];
  readonly failoverServices: readonly FailoverService[];
}

const noRemarks: Remarks = { comments: [], unknown: [] };

/**
 * An object that V8 keeps in one piece and copies in one step, as it does with what it reads from JSON: a large file has
 * tens of thousands of blocks, which are copies of these.
 */
const inOnePiece = <Model extends object>(model: Model): Model =>
  Object.assign(JSON.parse(JSON.stringify(model)) as Model, model);

const defaultsOf = (scope: Scope): Readonly<Record<string, unknown>> =>
  Object.fromEntries(directivesOf[scope].map((directive) => [directive.key, directive.default]));

const defaults = {
  global: inOnePiece(defaultsOf('global') as unknown as GlobalSettings),
  virtual: inOnePiece({
    ...(defaultsOf('virtual') as unknown as VirtualSettings),
    ...noRemarks,
    name: '',
    servers: [],
  }),
  server: inOnePiece({ ...(defaultsOf('server') as unknown as ServerSettings), ...noRemarks, name: '' }),
};

/** Settings of the top level with every directive absent. */
export const defaultGlobal = (): GlobalSettings => ({ ...defaults.global });

/** A virtual server with every directive absent. */
export const defaultVirtual = (name: string): VirtualServer => ({ ...defaults.virtual, name, servers: [] });

/** A real server with every directive absent. */
export const defaultServer = (name: string): RealServer => ({ ...defaults.server, name });

export const emptyConfig = (): ClusterConfig => ({
  ...noRemarks,
  global: defaultGlobal(),
  virtualServers: [],
  failoverServices: [],
});

/** The port that a real server is checked and served on. */
export const effectivePort = (virtual: VirtualServer, server: RealServer): number =>
  server.port ?? virtual.port;

/** How packets reach a real server: its own method, else that of the whole cluster. */
export const effectiveForwarding = (
  global: GlobalSettings,
  server: RealServer,
): GlobalSettings['forwarding'] => server.forwarding ?? global.forwarding;

/** Whether any real server has a limit of connections, which the kernel tells only when asked for it by itself. */
export const usesThresholds = ({ virtualServers }: Pick<ClusterConfig, 'virtualServers'>): boolean =>
  virtualServers.some(({ servers }) =>
    servers.some(({ upperThreshold, lowerThreshold }) => upperThreshold !== 0 || lowerThreshold !== 0),
  );

/** The address family that a virtual server serves: that of its VIP; of a mark without one as `family` says. */
export function familyOfVirtual({ vip, addressFamily }: VirtualServer): 4 | 6 {
  const address = vip?.address ?? null;
  return address === null ? (addressFamily === 'ipv6' ? 6 : 4) : familyOf(address);
}

/**
 * The private addresses that count (Piranha reference 1.2): without `primary_private` both are the public ones,
 * even when `backup_private` is given. A second channel exists when the primary's two addresses differ.
 */
export const privateAddresses = (
  global: GlobalSettings,
): { readonly primary: string | null; readonly backup: string | null } =>
  global.primaryPrivateAddress === null && global.primaryAddress !== null
    ? { primary: global.primaryAddress, backup: global.backupAddress }
    : { primary: global.primaryPrivateAddress, backup: global.backupPrivateAddress };

/** Heartbeat interval in ms: `#@ keepalive_ms` if given, else `keepalive`. */
export const keepaliveMs = (global: GlobalSettings): number =>
  global.keepaliveMilliseconds ?? global.keepaliveSeconds * 1000;

/** Dead time in ms: `#@ deadtime_ms` if given, else `deadtime`. */
export const deadtimeMs = (global: GlobalSettings): number =>
  global.deadtimeMilliseconds ?? global.deadtimeSeconds * 1000;
