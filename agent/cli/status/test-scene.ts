/** A router's status as an agent would tell it, for tests of the picture: from a configuration, with faults put in. */
import { serviceName } from '#lib/ipvs/command.ts';
import { compileTable } from '#lib/ipvs/compile.ts';
import { effectivePort } from '#lib/lvs/model.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import type { AgentEvent, HealthStatus, Override, RouterStatus } from '#lib/protocol/messages.ts';
import type { Seen } from './picture.ts';

export const AT = '2024-01-01T12:00:00.000Z';

/** A configuration with so many virtual servers of so many real servers each. */
export function clusterText(virtuals: number, servers: number): string {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  return [
    'serial_no = 42',
    'primary = 192.0.2.11',
    'service = lvs',
    'backup_active = 1',
    'backup = 192.0.2.12',
    'network = direct',
    ...numbers(virtuals).flatMap((virtual) => [
      `virtual web${virtual} {`,
      '  active = 1',
      `  address = 192.0.2.${100 + (virtual % 100)} eth0:1`,
      `  port = ${8000 + virtual}`,
      '  scheduler = wlc',
      '  sorry_server = 192.0.2.250',
      ...numbers(servers).flatMap((server) => [
        `  server rs${server} {`,
        `    address = 198.51.100.${server}`,
        '    active = 1',
        '    weight = 1',
        '  }',
      ]),
      '}',
    ]),
    '',
  ].join('\n');
}

const endedBy: Readonly<Record<string, string>> = {
  down: 'connection refused',
  unknown: 'not checked yet',
};

export interface Scene {
  /** State of a real server by `virtual/server`; the others are up. */
  readonly states?: Readonly<Record<string, HealthStatus['state']>>;
  /** What administrators decided, by `virtual/server`. */
  readonly overrides?: Readonly<Record<string, readonly Override[]>>;
  readonly status?: Partial<RouterStatus>;
  readonly events?: readonly AgentEvent[];
}

export function sceneOf(
  text: string,
  { states = {}, overrides = {}, status = {}, events = [] }: Scene = {},
): Seen {
  const { config } = parseConfig(text);
  const stateOf = (virtual: string, server: string) => states[`${virtual}/${server}`] ?? 'up';
  const weights = { up: 1, drained: 0, down: null, rising: null, unknown: null, disabled: null } as const;
  const table = compileTable(config, (virtualIndex, serverIndex) => {
    const virtual = config.virtualServers[virtualIndex];
    const state = stateOf(virtual?.name ?? '', virtual?.servers[serverIndex]?.name ?? '');
    return weights[state];
  });
  const health = config.virtualServers.flatMap((virtual) =>
    virtual.servers.map((server): HealthStatus => {
      const state = virtual.enabled && server.enabled ? stateOf(virtual.name, server.name) : 'disabled';
      return {
        virtualServer: virtual.name,
        realServer: server.name,
        address: server.address ?? '',
        port: effectivePort(virtual, server),
        state,
        weight: weights[state],
        since: '2024-01-01T11:57:00.000Z',
        evidence: endedBy[state] ?? 'answered in 3 ms',
        checkedAt: AT,
        overrides: [...(overrides[`${virtual.name}/${server.name}`] ?? [])],
      };
    }),
  );
  return {
    config,
    events,
    status: {
      at: AT,
      runId: 'run',
      hostname: 'r1',
      version: '1.2.3',
      uptimeSeconds: 300_000,
      memoryBytes: 60_000_000,
      configuredAs: 'primary',
      role: 'active',
      roleSince: '2024-01-01T09:00:00.000Z',
      roleReason: 'The primary takes the service back',
      peer: {
        state: 'alive',
        role: 'standby',
        lastHeardMsAgo: 120,
        serial: 42,
        configHash: 'abcdef0123456789',
        channels: [{ name: 'public', twoWay: true }],
        authenticated: true,
        rejected: {},
      },
      config: {
        serial: 42,
        hash: 'abcdef0123456789',
        appliedAt: '2024-01-01T10:00:00.000Z',
        fileHash: 'abcdef0123456789',
        confirmSecondsLeft: null,
      },
      addresses: ['192.0.2.101/32 eth0'],
      services: table.services.map((service) => ({
        service: serviceName(service.key),
        scheduler: service.scheduler,
        persistence: service.persistence,
        netmask: service.netmask,
        owned: true,
        destinations: service.destinations.map(({ address, port, forwarding, weight }) => ({
          address,
          port,
          forwarding,
          weight,
          activeConnections: weight * 12,
          inactiveConnections: weight * 30,
        })),
      })),
      health,
      problems: [],
      ...status,
    },
  };
}

export const eventsOf = (count: number): AgentEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    sequence: index + 1,
    at: `2024-01-01T11:${String(index % 60).padStart(2, '0')}:00.000Z`,
    severity: index % 3 === 0 ? 'warning' : 'info',
    kind: index % 3 === 0 ? 'server-down' : 'table-changed',
    message: `Event ${index + 1}: rs2 of web1 (198.51.100.2:8001) is down: connection refused`,
  }));
