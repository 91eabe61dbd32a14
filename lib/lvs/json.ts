/** A configuration in Piranha's own field names, defaults filled in, as `shoalctl check --json` prints it. */
import type { Directive } from './directive.ts';
import { directivesOf, type Scope } from './directives.ts';
import { type ClusterConfig, effectivePort, privateAddresses, type VirtualServer } from './model.ts';
import { isSame } from './same.ts';

/** A row that Piranha parses and then forgets, or that names a program of its own, is no part of the reading. */
const isReported = (directive: Directive): boolean =>
  directive.status === 'used' || reportedThough.has(directive.name);

/** Without effect in Shoal, yet a part of Piranha's reading. */
const reportedThough: ReadonlySet<string> = new Set(['heartbeat', 'debug_level', 'hard_shutdown']);

function settingsJson(scope: Scope, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const directive of directivesOf[scope]) {
    const value = settings[directive.key];
    const isSilent = directive.dialect === 'shoal' && isSame(value, directive.default);
    if (isReported(directive) && !isSilent) Object.assign(json, directive.kind.toJson(directive.name, value));
  }
  return json;
}

function virtualJson(scope: 'virtual' | 'failover', virtual: VirtualServer): Record<string, unknown> {
  return {
    name: virtual.name,
    ...settingsJson(scope, { ...virtual }),
    servers: virtual.servers.map((server) => ({
      name: server.name,
      ...settingsJson('server', { ...server, port: effectivePort(virtual, server) }),
    })),
  };
}

/**
 * The rule of the private addresses and the inherited ports are applied here. Shoal's own directives appear
 * only where they are set.
 */
export function toPiranhaJson(config: ClusterConfig): Record<string, unknown> {
  const { primary, backup } = privateAddresses(config.global);
  return {
    ...settingsJson('global', {
      ...config.global,
      primaryPrivateAddress: primary,
      backupPrivateAddress: backup,
    }),
    virtual: config.virtualServers.map((virtual) => virtualJson('virtual', virtual)),
    failover: config.failoverServices.map((service) => virtualJson('failover', service)),
  };
}
