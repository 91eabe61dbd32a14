import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeRouter } from '../fake-router.ts';
import { readFacts } from '../live/facts.ts';
import { snapshotOf } from '../live/snapshot.ts';
import type { Ports } from '../routers/data.ts';
import { insertRouter, pinHostKey } from '../routers/mutations.ts';
import { alice, bob, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readRevision } from './data.ts';
import { fillDraft, insertRevision, insertSending } from './mutations.ts';
import { beginPush, endPush } from './progress.ts';
import { type PushDeps, pushAgain, pushDraft } from './push.ts';
import { acknowledge, keepTrial, rollBackTrial } from './trial.ts';
import { PushWatch } from './watch.ts';

const lvsCf = (port: number): string => `serial_no = 1
primary = 192.0.2.11
service = lvs
backup_active = 1
backup = 192.0.2.12
network = direct
virtual web {
  active = 1
  address = 192.0.2.100 eth0:1
  port = ${port}
  server rs1 {
    address = 10.11.12.21
    active = 1
  }
}
`;

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

let clusterId = '';
let r1: FakeRouter;
let r2: FakeRouter;
let deps: PushDeps;
let watch: PushWatch;
let now = 0;
let settled = 0;

async function enrol(role: 'primary' | 'backup', name: string): Promise<string> {
  const fingerprint = `SHA256:${'A'.repeat(43)}`;
  const router = { role, name, address: '192.0.2.11', port: 22, user: 'shoal' };
  const made = await insertRouter(shoal.db, alice, { clusterId, router }, async () => ({
    ok: true,
    fingerprint,
  }));
  if (!made.ok) throw new Error(made.message);
  await pinHostKey(shoal.db, alice, { routerId: made.routerId, fingerprint });
  return made.routerId;
}

beforeEach(async () => {
  clusterId = await newCluster(shoal.db);
  r1 = new FakeRouter('r1');
  r2 = new FakeRouter('r2');
  r1.role = 'active';
  const ids = { r1: await enrol('primary', 'r1'), r2: await enrol('backup', 'r2') };
  const ports: Ports = { port: (id) => (id === ids.r1 ? r1 : id === ids.r2 ? r2 : null) };
  deps = { db: shoal.db, ports };
  now = Date.now();
  settled = 0;
  watch = newWatch();
  await fillDraft(shoal.db, alice, clusterId, lvsCf(80));
  await pushDraft(deps, alice, { clusterId, message: 'first' });
  await fillDraft(shoal.db, alice, clusterId, lvsCf(81));
});

const newWatch = () =>
  new PushWatch({
    db: shoal.db,
    ports: deps.ports,
    onSettled: () => {
      settled += 1;
    },
    now: () => now,
  });
const pushOnTrial = () => pushDraft(deps, alice, { clusterId, message: 'try', trialSeconds: 60 });

async function snapshot() {
  const facts = await readFacts(shoal.db, clusterId);
  if (!facts) throw new Error('no cluster');
  const viewOf = (id: string) => deps.ports.port(id)?.view ?? null;
  return snapshotOf(facts, { viewOf, push: null, at: '' });
}

/** What the record says of each router. */
async function record(serial: number) {
  const revision = await readRevision(shoal.db, clusterId, serial);
  return Object.fromEntries(revision?.results.map(({ name, outcome }) => [name, outcome]) ?? []);
}

describe('a push on trial', () => {
  it('is told as such, with the count-down of the routers', async () => {
    expect(await pushOnTrial()).toMatchObject({
      outcome: 'all',
      serial: 3,
      message: expect.stringMatching(/on trial: unless somebody keeps it within 1 minute, r2 and r1 return/),
    });
    expect(await record(3)).toEqual({ r1: 'trial', r2: 'trial' });
    expect((await snapshot()).trial).toMatchObject({
      serial: 3,
      by: 'alice',
      outcome: null,
      routers: [
        { name: 'r1', state: 'trial', secondsLeft: 30 },
        { name: 'r2', state: 'trial', secondsLeft: 30 },
      ],
    });
    await watch.check(clusterId);
    expect((await snapshot()).trial?.outcome).toBeNull();
  });

  it('lets nothing else be pushed over it', async () => {
    await pushOnTrial();
    await fillDraft(shoal.db, alice, clusterId, lvsCf(82));
    expect(await pushDraft(deps, bob, { clusterId, message: '' })).toMatchObject({
      outcome: 'nowhere',
      serial: null,
      message: expect.stringMatching(/on trial on r1 and r2. Keep it or roll it back first/),
    });
  });

  it('stays when somebody keeps it, and needs no reading', async () => {
    await pushOnTrial();
    expect(await keepTrial(deps, bob, clusterId)).toEqual({
      ok: true,
      message: 'Revision 3 stays on r1 and r2',
    });
    await watch.check(clusterId);
    expect(await record(3)).toEqual({ r1: 'applied', r2: 'applied' });
    const { trial, draftChanges, sync } = await snapshot();
    expect([trial, draftChanges, sync.state]).toEqual([null, 0, 'in-sync']);
    expect(await keepTrial(deps, bob, clusterId)).toMatchObject({ ok: false });
  });

  it.each([
    ['kept', keepTrial],
    ['rolled back', rollBackTrial],
  ] as const)('is not %s while it is on its way, and that is what is said', async (_, end) => {
    await pushOnTrial();
    beginPush(clusterId, 'alice');
    expect(await end(deps, bob, clusterId)).toMatchObject({
      ok: false,
      message: expect.stringContaining('still on its way to the routers'),
    });
    endPush(clusterId);
    expect(await end(deps, bob, clusterId)).toMatchObject({ ok: true });
  });

  it('that nobody kept is told until somebody has read it, and its change waits in the draft again', async () => {
    await pushOnTrial();
    r1.expire();
    r2.expire();
    await watch.check(clusterId);
    expect(settled).toBe(1);
    expect(await record(3)).toEqual({ r1: 'rolled-back', r2: 'rolled-back' });
    const { trial, draftChanges, sync } = await snapshot();
    expect(trial).toMatchObject({
      outcome: 'rolled-back',
      message:
        'Revision 3 was on trial for 1 minute and was not kept: r1 and r2 went back to what ran before. It stands in the history as rolled back',
    });
    expect(draftChanges).toBe(1);
    expect(sync).toEqual({ state: 'in-sync', message: 'All routers run revision 2' });
    await acknowledge(shoal.db, bob, { clusterId, trialId: trial?.id ?? '' });
    expect((await snapshot()).trial).toBeNull();
    // Its number is never used for another text.
    expect(await pushDraft(deps, alice, { clusterId, message: '' })).toMatchObject({
      outcome: 'all',
      serial: 4,
    });
  });

  it.each(['r1', 'r2'])('names its routers in one order, also when %s is heard of first', async (first) => {
    await pushOnTrial();
    const [sooner, later] = first === 'r1' ? [r1, r2] : [r2, r1];
    sooner.expire();
    await watch.check(clusterId);
    later.expire();
    watch.touched(clusterId);
    await watch.check(clusterId);
    expect((await snapshot()).trial?.message).toMatch(/: r1 and r2 went back/);
  });

  it('is told by a console that was started after the end of it', async () => {
    await pushOnTrial();
    r1.expire();
    r2.expire();
    await newWatch().check(clusterId);
    expect((await snapshot()).trial?.outcome).toBe('rolled-back');
  });

  it('is taken back at once when somebody says so; who said it has read it', async () => {
    await pushOnTrial();
    expect(await rollBackTrial(deps, bob, clusterId)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^r2 and r1 run again what ran before/),
    });
    await watch.check(clusterId);
    expect(await record(3)).toEqual({ r1: 'rolled-back', r2: 'rolled-back' });
    const { trial, draftChanges } = await snapshot();
    expect([trial, draftChanges]).toEqual([null, 1]);
  });

  it('that was taken back by a person has one closing sentence in the trail, with his name', async () => {
    await pushOnTrial();
    const trailBefore = await shoal.db.auditEntry.count({ where: { clusterId } });
    await rollBackTrial(deps, bob, clusterId);
    const trial = await shoal.db.trial.findFirstOrThrow({ where: { clusterId } });
    expect(trial).toMatchObject({ outcome: 'rolled-back', acknowledgedBy: 'bob' });
    expect(trial.endedAt).not.toBeNull();
    expect((await readRevision(shoal.db, clusterId, 3))?.rolledBackAt).not.toBeNull();
    await watch.check(clusterId);
    const trail = await shoal.db.auditEntry.findMany({ where: { clusterId } });
    expect(trail.slice(trailBefore)).toMatchObject([
      {
        by: 'bob',
        action: 'revisions.rollBackTrial',
        message:
          'r2 and r1 run again what ran before revision 3. Its trial is over; it stands in the history as rolled back',
      },
    ]);
  });

  it('that could be taken back on one router alone is ended by the watch, when its time is over', async () => {
    await pushOnTrial();
    r2.link = 'unreachable';
    expect(await rollBackTrial(deps, bob, clusterId)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^r1 runs again what ran before revision 3\. r2 .* by itself/),
    });
    expect((await shoal.db.trial.findFirstOrThrow({ where: { clusterId } })).outcome).toBeNull();
    now = Date.now() + 71_000;
    await watch.check(clusterId);
    const trail = await shoal.db.auditEntry.findMany({ where: { clusterId } });
    expect(trail.at(-1)).toMatchObject({
      by: expect.not.stringMatching('bob'),
      message: expect.stringMatching(/Revision 3 .* r1 went back to what ran before\. r2 cannot be asked/),
    });
  });

  it('stays open for the time of the router that got it last', async () => {
    await pushOnTrial();
    const later = { at: new Date(Date.now() + 30_000) };
    await shoal.db.pushResult.updateMany({ where: { name: 'r1', outcome: 'trial' }, data: later });
    r2.expire();
    now = Date.now() + 71_000;
    await watch.check(clusterId);
    expect((await snapshot()).trial?.outcome).toBeNull();
    r1.expire();
    watch.touched(clusterId);
    await watch.check(clusterId);
    expect((await snapshot()).trial?.message).toMatch(/: r1 and r2 went back/);
  });

  it('stays open while a router cannot be asked, and no longer than its time', async () => {
    await pushOnTrial();
    r1.expire();
    r2.link = 'unreachable';
    await watch.check(clusterId);
    expect((await snapshot()).trial?.outcome).toBeNull();
    now = Date.now() + 71_000;
    await watch.check(clusterId);
    expect((await snapshot()).trial).toMatchObject({
      outcome: 'rolled-back',
      message: expect.stringMatching(/r1 went back to what ran before. r2 cannot be asked/),
    });
    r2.expire();
    r2.link = 'connected';
    watch.touched(clusterId);
    await watch.check(clusterId);
    expect(await record(3)).toEqual({ r1: 'rolled-back', r2: 'rolled-back' });
  });

  it('says that a router was not told to keep it', async () => {
    await pushOnTrial();
    r2.link = 'unreachable';
    expect(await keepTrial(deps, bob, clusterId)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/stays on r1 alone. r2 cannot be reached.*Catch up/),
    });
    r2.expire();
    r2.link = 'connected';
    await watch.check(clusterId);
    const { trial, sync } = await snapshot();
    expect(trial).toMatchObject({
      outcome: 'mixed',
      message: expect.stringMatching(/kept on r1, but r2 went back/),
    });
    expect(sync.state).toBe('backup-behind');
  });

  it('is refused where a router has nothing to return to', async () => {
    r2.text = null;
    expect(await pushOnTrial()).toMatchObject({
      serial: null,
      message: expect.stringMatching(/r2 has no configuration yet/),
    });
  });
});

describe('a push that broke off', () => {
  it('leaves a record before anything is sent, and the router says what became of it', async () => {
    const revision = await insertRevision(shoal.db, {
      clusterId,
      serial: 9,
      text: lvsCf(99),
      author: 'alice',
      message: '',
    });
    const router = await shoal.db.router.findFirstOrThrow({ where: { clusterId, name: 'r2' } });
    const member = { id: router.id, name: 'r2', role: 'backup' as const, port: r2 };
    await insertSending(shoal.db, revision.id, member);
    expect(await record(9)).toEqual({ r2: 'sending' });
    r2.link = 'unreachable';
    await watch.check(clusterId);
    expect(await record(9)).toEqual({ r2: 'sending' });
    r2.link = 'connected';
    r2.text = lvsCf(99);
    await watch.check(clusterId);
    expect(await record(9)).toEqual({ r2: 'applied' });
  });
});

describe('what is pushed', () => {
  it('is the draft that was shown, not a later one', async () => {
    expect(await pushDraft(deps, alice, { clusterId, message: '', reviewed: 'another' })).toMatchObject({
      outcome: 'nowhere',
      serial: null,
      message: expect.stringMatching(/changed since it was shown/),
    });
  });

  it('can be an older revision again, under a new number; the draft stays', async () => {
    await pushDraft(deps, alice, { clusterId, message: 'second' });
    const report = await pushAgain(deps, bob, { clusterId, serial: 2 });
    expect(report).toMatchObject({ outcome: 'all', serial: 4 });
    expect(r1.text).toMatch(/port = 80\n/);
    const revision = await readRevision(shoal.db, clusterId, 4);
    expect(revision).toMatchObject({ author: 'bob', message: 'Revision 2 again' });
    expect((await snapshot()).draftChanges).toBe(1);
  });
});
