import { describe, expect, it } from 'vitest';
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus, RouterStatus } from '#lib/protocol/messages.ts';
import { healthGroups, leadingRouter, needsAttention } from './health.ts';

const health = (realServer: string, state: HealthStatus['state']): HealthStatus => ({
  virtualServer: 'web',
  realServer,
  address: `10.11.12.${realServer.length}`,
  port: 80,
  state,
  weight: 1,
  since: null,
  evidence: '',
  checkedAt: null,
});

const status = (role: RouterStatus['role'], rows: HealthStatus[]): RouterStatus => ({
  at: '2026-01-01T00:00:00Z',
  runId: 'run',
  hostname: 'r',
  version: '0',
  uptimeSeconds: 1,
  memoryBytes: 1,
  configuredAs: 'primary',
  role,
  roleSince: '2026-01-01T00:00:00Z',
  roleReason: '',
  peer: {
    state: 'alive',
    role: null,
    lastHeardMsAgo: null,
    serial: null,
    configHash: null,
    channels: [],
    authenticated: true,
    rejected: {},
  },
  config: { serial: 1, hash: 'h', appliedAt: null, fileHash: 'h', confirmSecondsLeft: null },
  addresses: [],
  services: [
    {
      service: '-t 192.0.2.100:80',
      scheduler: 'wrr',
      persistence: null,
      netmask: null,
      owned: true,
      destinations: rows.map(({ address, port }) => ({
        address,
        port,
        forwarding: 'nat',
        weight: 1,
        activeConnections: 5,
        inactiveConnections: 7,
      })),
    },
  ],
  health: rows,
  problems: [],
});

const router = (id: string, given: RouterStatus | null): LiveRouter => ({
  id,
  role: 'primary',
  name: id,
  address: '192.0.2.1',
  link: given ? 'connected' : 'unreachable',
  linkMessage: null,
  linkSince: '2026-01-01T00:00:00Z',
  status: given,
  lastSeenAt: null,
});

const known = [{ id: 'v1', name: 'web', service: '-t 192.0.2.100:80', servers: ['a', 'bb'] }];

describe('health of the real servers', () => {
  it('puts what each router sees side by side and leads with the active one', () => {
    const routers = [
      router('r1', status('standby', [health('a', 'up'), health('bb', 'up')])),
      router('r2', status('active', [health('a', 'down'), health('bb', 'up')])),
    ];
    const [group] = healthGroups(routers, known);
    expect(leadingRouter(routers)?.id).toBe('r2');
    expect(group?.up).toBe(1);
    expect(group?.rows[0]?.seen.map((seen) => seen?.state)).toEqual(['up', 'down']);
    expect(group?.rows[0]?.leading?.state).toBe('down');
    expect(group?.rows[1]?.connections).toEqual({ active: 5, inactive: 7 });
    expect(group && needsAttention(group)).toBe(true);
  });

  it('does not invent a state for a router that does not answer', () => {
    const routers = [router('r1', null), router('r2', status('active', [health('a', 'up')]))];
    expect(healthGroups(routers, known)[0]?.rows[0]?.seen).toEqual([
      null,
      expect.objectContaining({ state: 'up' }),
    ]);
  });

  it('lists what the draft knows, all unknown, when no router answers', () => {
    const [group] = healthGroups([router('r1', null)], known);
    expect(group?.rows.map(({ realServer, leading }) => [realServer, leading])).toEqual([
      ['a', null],
      ['bb', null],
    ]);
    expect(group?.up).toBe(0);
  });
});
