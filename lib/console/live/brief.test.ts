import { describe, expect, it } from 'vitest';
import type { LiveRouter, LiveSnapshot } from '#lib/protocol/live.ts';
import type { HealthStatus, RouterStatus } from '#lib/protocol/messages.ts';
import { FakeRouter } from '../fake-router.ts';
import { briefOf, worstFirst } from './brief.ts';

const health = (virtualServer: string, state: HealthStatus['state']): HealthStatus => ({
  virtualServer,
  realServer: 'rs',
  address: '10.11.12.21',
  port: 80,
  state,
  weight: 1,
  since: null,
  evidence: '',
  checkedAt: null,
});

const router = (
  name: string,
  role: RouterStatus['role'] | null,
  change: Partial<RouterStatus> = {},
): LiveRouter => ({
  id: name,
  role: name === 'r1' ? 'primary' : 'backup',
  name,
  address: '192.0.2.11',
  link: role === null ? 'unreachable' : 'connected',
  linkMessage: null,
  linkSince: '',
  status: role === null ? null : { ...new FakeRouter(name).status, role, ...change },
  lastSeenAt: null,
});

const snapshot = (routers: readonly LiveRouter[], change: Partial<LiveSnapshot> = {}): LiveSnapshot => ({
  clusterId: 'c',
  at: '',
  routers,
  sync: { state: 'in-sync', message: '' },
  revision: { serial: 5, hash: '' },
  draftChanges: 0,
  debts: [],
  push: null,
  trial: null,
  events: [],
  ...change,
});

const brief = (routers: readonly LiveRouter[], change: Partial<LiveSnapshot> = {}) => {
  const { condition, findings } = briefOf('web', snapshot(routers, change));
  return [condition, ...findings];
};

const active = router('r1', 'active', { health: [health('web', 'up'), health('web', 'up')] });
const standby = router('r2', 'standby');

describe('a cluster in one line', () => {
  it('is well when one is active, one stands by and all real servers are up', () => {
    expect(brief([active, standby])).toEqual(['well']);
    expect(briefOf('web', snapshot([active, standby])).servers).toEqual({ up: 2, all: 2 });
  });

  it.each([
    ['no router is active', [router('r1', 'stopped'), standby]],
    ['r1 and r2 are both active', [active, router('r2', 'active')]],
    ['r1 and r2 cannot be asked: whether it serves is unknown', [router('r1', null), router('r2', null)]],
    ['no router is known to be active; r1 cannot be asked', [router('r1', null), standby]],
  ])('is broken: %s', (words, routers) => {
    expect(brief(routers)).toEqual(['broken', words]);
  });

  it('is broken when a virtual server has no real server up, ailing when one of several is down', () => {
    const dark = router('r1', 'active', { health: [health('web', 'down'), health('mail', 'up')] });
    expect(brief([dark, standby])).toEqual([
      'broken',
      'no real server of web is up',
      '1 real server is down',
    ]);
    const half = router('r1', 'active', { health: [health('web', 'down'), health('web', 'up')] });
    expect(brief([half, standby])).toEqual(['ailing', '1 real server is down']);
  });

  it('counts a real server that is switched off neither as up nor as down', () => {
    const off = router('r1', 'active', { health: [health('web', 'up'), health('web', 'disabled')] });
    expect(briefOf('web', snapshot([off, standby]))).toMatchObject({
      condition: 'well',
      servers: { up: 1, all: 1 },
    });
  });

  it('is ailing without its standby, with a fault, or when the routers differ', () => {
    expect(brief([active, router('r2', null)])).toEqual(['ailing', 'r2 cannot be asked']);
    expect(brief([active, router('r2', 'fault')])).toEqual(['ailing', 'r2 has a fault and cannot take over']);
    expect(brief([active, standby], { sync: { state: 'backup-behind', message: '' } })[0]).toBe('ailing');
  });

  it('is ailing while a router was not told a decision', () => {
    const debt = { id: 'd', router: 'r2', what: 'drain rs1 of web', by: 'alice', at: '', why: '' };
    expect(brief([active, standby], { debts: [{ ...debt, isContested: true }] })).toEqual([
      'ailing',
      '1 decision about real servers did not reach every router; 1 waits for a person',
    ]);
  });

  it('is idle before the first push and without a router', () => {
    expect(brief([])).toEqual(['idle', 'no router is enrolled yet']);
    const never = { sync: { state: 'never-pushed', message: '' } } as const;
    expect(brief([router('r1', 'stopped')], never)).toEqual(['idle', 'nothing was pushed yet']);
  });

  it('says nothing of servers when the active router is not known', () => {
    expect(briefOf('web', snapshot([router('r1', null), standby])).servers).toBeNull();
  });
});

describe('many clusters', () => {
  it('come with the worst first, then by name, numbers as numbers', () => {
    const of = (name: string, routers: readonly LiveRouter[]) => briefOf(name, snapshot(routers));
    const sorted = worstFirst([
      of('site 10', [active, standby]),
      of('site 2', [active, standby]),
      of('mail', [active, router('r2', null)]),
      of('dns', [router('r1', 'stopped'), standby]),
      of('new', []),
    ]);
    expect(sorted.map(({ name }) => name)).toEqual(['dns', 'mail', 'new', 'site 2', 'site 10']);
  });
});
