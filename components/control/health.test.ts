import { describe, expect, it } from 'vitest';
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus, RouterStatus } from '#lib/protocol/messages.ts';
import { healthGroups, leadingRouter, MANY_ROWS, needsAttention, rowsInOrder } from './health.ts';

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

  it('keeps a short list in its order, and begins a long one with what a person should look at', () => {
    const groupOf = (count: number) => {
      const list = Array.from({ length: count }, (_, at) => health(`rs${at}`, at === 5 ? 'down' : 'up'));
      const [group] = healthGroups([router('r1', status('active', list))], []);
      return rowsInOrder(group ?? { virtualServer: '', known: null, rows: [], up: 0 }).map(
        ({ realServer }) => realServer,
      );
    };
    expect(groupOf(MANY_ROWS).slice(0, 2)).toEqual(['rs0', 'rs1']);
    expect(groupOf(MANY_ROWS + 1).slice(0, 3)).toEqual(['rs5', 'rs0', 'rs1']);
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
