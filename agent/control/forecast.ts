/** The weights that a configuration will have once it runs, before it runs: for the plan of a dry run. Pure. */
import type { ClusterConfig, RealServer, VirtualServer } from '#lib/lvs/model.ts';
import { effectivePort } from '#lib/lvs/model.ts';
import type { WeightOf } from '../nanny/contract.ts';
import type { ServerNames } from '../nanny/overrides.ts';

const serverKey = (virtual: VirtualServer, server: RealServer): string =>
  [
    virtual.firewallMark,
    virtual.vip?.address,
    virtual.protocol,
    virtual.port,
    server.address,
    effectivePort(virtual, server),
  ].join(' ');

interface Forecast {
  readonly config: ClusterConfig;
  readonly weightOf: WeightOf;
  /** An administrator fixed its weight, which a configuration does not change. */
  readonly isFixed: (names: ServerNames) => boolean;
}

/**
 * A real server that runs already keeps what its checks say: out stays out, 0 stays 0, and a changed weight counts
 * only for one that is up. A new one is shown at its full weight, which it gets with its first good check.
 */
export function forecastWeights(running: Forecast | null, next: ClusterConfig): WeightOf {
  const known = new Map<
    string,
    { readonly weight: number | null; readonly configured: number; readonly isFixed: boolean }
  >();
  running?.config.virtualServers.forEach((virtual, virtualIndex) => {
    if (!virtual.enabled) return;
    virtual.servers.forEach((server, serverIndex) => {
      if (!server.enabled) return;
      known.set(serverKey(virtual, server), {
        weight: running.weightOf(virtualIndex, serverIndex),
        configured: server.weight,
        isFixed: running.isFixed({ virtualServer: virtual.name, realServer: server.name }),
      });
    });
  });
  return (virtualIndex, serverIndex) => {
    const virtual = next.virtualServers[virtualIndex];
    const server = virtual?.servers[serverIndex];
    if (virtual === undefined || server === undefined || !virtual.enabled || !server.enabled) return null;
    const before = known.get(serverKey(virtual, server));
    if (before === undefined) return server.weight;
    if (before.isFixed || before.weight === null || (before.weight === 0 && before.configured !== 0))
      return before.weight;
    return before.configured === server.weight ? before.weight : server.weight;
  };
}
