import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HealthStatus, Override, RouterStatus } from '#lib/protocol/messages.ts';
import { FakeRouter } from '../fake-router.ts';
import { insertRouter, pinHostKey } from '../routers/mutations.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readOwed } from './debts.ts';
import { type Owed, stepFor } from './owed.ts';
import { DebtWatch } from './watch.ts';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

const names = { virtualServer: 'web', realServer: 'rs1' };

const given = (kind: Override['kind'], by = 'alice', at = new Date(0).toISOString()): Override => ({
  kind,
  weight: kind === 'weight' ? 5 : null,
  by,
  at,
});

const health = (...overrides: Override[]): HealthStatus => ({
  ...names,
  address: '10.11.12.21',
  port: 80,
  state: 'up',
  weight: 1,
  since: null,
  evidence: '',
  checkedAt: null,
  overrides,
});

/** A router that knows one real server and keeps what was decided about it. */
class ServingRouter extends FakeRouter {
  server: HealthStatus | null = health();
  readonly told: string[] = [];
  isFull = false;

  override get status(): RouterStatus {
    return { ...super.status, health: this.server === null ? [] : [this.server] };
  }

  override request: FakeRouter['request'] = async (method, params) => {
    if (this.link !== 'connected') return super.request(method, params);
    const { weight, by } = { weight: null, by: '', ...params } as { weight: number | null; by: string };
    this.told.push(weight === null ? method : `${method} ${weight}`);
    if (this.isFull) return { ok: true, result: { done: false, message: 'the disk is full' } as never };
    const kept = (this.server?.overrides ?? []).filter(
      ({ kind }) => (kind === 'weight') !== (method === 'server.setWeight'),
    );
    const kind = { 'server.drain': 'drain', 'server.disable': 'disable' }[method as string] as
      | 'drain'
      | undefined;
    const fixed = method === 'server.setWeight' && weight !== null;
    const placed = kind ? [given(kind, by)] : fixed ? [{ ...given('weight', by), weight }] : [];
    this.server = health(...kept, ...placed);
    return { ok: true, result: { done: true, message: `${method} done` } as never };
  };
}

let clusterId = '';
let r1: ServingRouter;
let r2: ServingRouter;
let watch: DebtWatch;
let clock = 0;
let newWatch: () => DebtWatch;

async function enrol(role: 'primary' | 'backup', name: string): Promise<string> {
  const fingerprint = `SHA256:${'A'.repeat(43)}`;
  const router = { role, name, address: '192.0.2.11', port: 22, user: 'shoal' };
  const answers = async () => ({ ok: true as const, fingerprint });
  const made = await insertRouter(shoal.db, alice, { clusterId, router }, answers);
  if (!made.ok) throw new Error(made.message);
  await pinHostKey(shoal.db, alice, { routerId: made.routerId, fingerprint });
  return made.routerId;
}

beforeEach(async () => {
  clusterId = await newCluster(shoal.db);
  r1 = new ServingRouter('r1');
  r2 = new ServingRouter('r2');
  const ports = new Map([
    [await enrol('primary', 'r1'), r1],
    [await enrol('backup', 'r2'), r2],
  ]);
  newWatch = () =>
    new DebtWatch({
      db: shoal.db,
      ports: { port: (id) => ports.get(id) ?? null },
      onChange: () => {},
      now: () => clock,
    });
  watch = newWatch();
});

const decide = (method: Parameters<DebtWatch['decide']>[0]['method'], weight: number | null = null) =>
  watch.decide({ ...names, clusterId, method, weight, by: 'alice' });
const owed = () => readOwed(shoal.db, clusterId);
const idOwed = async () => (await owed())[0]?.id ?? '';

describe('a decision that one router could not be told', () => {
  it('is sent when the router answers again, also by a console that started since', async () => {
    r2.link = 'unreachable';
    expect(await decide('server.drain')).toEqual({
      ok: true,
      message: 'On r1: server.drain done. r2 cannot be reached. r2 is told when it answers',
      untold: ['r2'],
    });
    await watch.check(clusterId);
    expect(await owed()).toHaveLength(1);
    r2.link = 'connected';
    await newWatch().check(clusterId);
    expect(r2.told).toEqual(['server.drain']);
    expect(r2.server?.overrides).toMatchObject([{ kind: 'drain', by: 'alice' }]);
    expect(await owed()).toEqual([]);
    const [entry] = await shoal.db.auditEntry.findMany({ where: { clusterId, action: 'console' } });
    expect(entry?.message).toMatch(/^Sent late: On r2/);
  });

  it('gives way to the next one: what holds in the end is what was decided last', async () => {
    r2.server = health(given('drain'));
    r2.link = 'unreachable';
    await decide('server.disable');
    await decide('server.setWeight', 5);
    await decide('server.enable');
    expect((await owed()).map(({ wanted }) => wanted)).toEqual([
      { kind: 'weight', weight: 5 },
      { kind: 'service', state: null },
    ]);
    r2.link = 'connected';
    await watch.check(clusterId);
    // It was drained before it went away: enabling it means to end that, too.
    expect(r2.told).toEqual(['server.setWeight 5', 'server.undrain']);
    expect(await owed()).toEqual([]);
  });

  it('is owed to nobody when no router took it, and none is sent that holds already', async () => {
    r1.link = 'unreachable';
    r2.link = 'unreachable';
    expect(await decide('server.drain')).toMatchObject({ ok: false });
    expect(await owed()).toEqual([]);
    r1.link = 'connected';
    await decide('server.drain');
    r2.server = health(given('drain', 'root'));
    r2.link = 'connected';
    await watch.check(clusterId);
    expect([r2.told, await owed()]).toEqual([[], []]);
  });

  it('waits while the router runs a configuration without that real server', async () => {
    r2.link = 'unreachable';
    await decide('server.drain');
    r2.link = 'connected';
    r2.server = null;
    await watch.check(clusterId);
    expect(await watch.send(clusterId, await idOwed())).toMatchObject({ ok: false });
    expect([r2.told, (await owed()).length]).toEqual([[], 1]);
    r2.server = health();
    await watch.check(clusterId);
    expect(r2.told).toEqual(['server.drain']);
  });

  it('that somebody on the router decided otherwise since waits for a person', async () => {
    r2.server = health(given('drain'));
    r2.link = 'unreachable';
    await decide('server.undrain');
    r2.link = 'connected';
    r2.server = health(given('disable', 'root', new Date(Date.now() + 60_000).toISOString()));
    await watch.check(clusterId);
    expect(r2.told).toEqual([]);
    const [debt] = (await owed()) as [Owed];
    expect(stepFor(debt, 'r2', r2.status.health)).toMatchObject({
      kind: 'wait',
      isContested: true,
      why: 'it was decided otherwise on r2 since: disabled by root',
    });
    expect(await watch.send(clusterId, debt.id)).toMatchObject({ ok: true });
    expect(r2.told).toEqual(['server.enable']);
    expect(await watch.send(clusterId, debt.id)).toMatchObject({ ok: false });
  });

  it('need not be sent if a person says so', async () => {
    r2.link = 'unreachable';
    await decide('server.drain');
    expect(await watch.send(clusterId, await idOwed())).toMatchObject({
      ok: false,
      message: 'r2 cannot be reached. It stays owed',
    });
    expect(await watch.forget(clusterId, await idOwed())).toEqual({
      ok: true,
      message: 'Not sent any more: drain rs1 of web',
    });
    r2.link = 'connected';
    await watch.check(clusterId);
    expect(r2.told).toEqual([]);
  });

  it('is tried again after a while where the router refused it', async () => {
    r2.link = 'unreachable';
    await decide('server.drain');
    r2.link = 'connected';
    r2.isFull = true;
    await watch.check(clusterId);
    await watch.check(clusterId);
    expect([r2.told, (await owed()).length]).toEqual([['server.drain'], 1]);
    r2.isFull = false;
    clock += 15_000;
    await watch.check(clusterId);
    expect([r2.server?.overrides?.[0]?.kind, await owed()]).toEqual(['drain', []]);
  });
});
