import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDraft } from '../draft/data.ts';
import { configOf } from '../draft/draft.ts';
import { faultsOf } from '../draft/faults.ts';
import { createRow } from '../draft/mutations.ts';
import { FakeRouter } from '../fake-router.ts';
import { readFacts } from '../live/facts.ts';
import { snapshotOf } from '../live/snapshot.ts';
import type { Ports } from '../routers/data.ts';
import { insertRouter, pinHostKey } from '../routers/mutations.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readRevision, readRevisions } from './data.ts';
import { bringBack, dropDraft, fillDraft, takeFrom } from './mutations.ts';
import { catchUpRouters, type PushDeps, planDraft, pushDraft } from './push.ts';
import { syncToBackup } from './sync.ts';

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
let journal: string[] = [];
let r1: FakeRouter;
let r2: FakeRouter;
let ids: { r1: string; r2: string };
let deps: PushDeps;

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
  journal = [];
  r1 = new FakeRouter('r1', journal);
  r2 = new FakeRouter('r2', journal);
  r1.role = 'active';
  ids = { r1: await enrol('primary', 'r1'), r2: await enrol('backup', 'r2') };
  const ports: Ports = { port: (id) => (id === ids.r1 ? r1 : id === ids.r2 ? r2 : null) };
  deps = { db: shoal.db, ports };
  await fillDraft(shoal.db, alice, clusterId, lvsCf(80));
});

const push = (overwrite = false) => pushDraft(deps, alice, { clusterId, message: 'why', overwrite });
const setPort = (port: number) => fillDraft(shoal.db, alice, clusterId, lvsCf(port));
const outcomes = (report: { routers: readonly { name: string; outcome: string }[] }) =>
  Object.fromEntries(report.routers.map(({ name, outcome }) => [name, outcome]));

async function sync() {
  const facts = await readFacts(shoal.db, clusterId);
  if (!facts) throw new Error('no cluster');
  const viewOf = (id: string) => deps.ports.port(id)?.view ?? null;
  return snapshotOf(facts, { viewOf, push: null, at: '' }).sync;
}

const draftPort = async () => {
  const draft = await readDraft(shoal.db, clusterId);
  return draft && configOf(draft).virtualServers[0]?.port;
};

describe('pushing the draft', () => {
  it('makes a revision and sends it to the standby first, then to the active router', async () => {
    const report = await push();
    expect(report).toMatchObject({ outcome: 'all', serial: 2 });
    expect(journal).toEqual(['r2 applied 2', 'r1 applied 2']);
    expect(r1.text).toBe(r2.text);
    const revision = await readRevision(shoal.db, clusterId, 2);
    expect(revision).toMatchObject({ author: 'alice', message: 'why', text: r1.text });
    expect(revision?.results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    expect((await sync()).state).toBe('in-sync');
  });

  it('makes no revision when nothing changed and every router holds the last one', async () => {
    await push();
    expect(await push()).toMatchObject({ outcome: 'nothing', serial: 2 });
    expect(await readRevisions(shoal.db, clusterId)).toHaveLength(1);
  });

  it('numbers the next revision above the last one and above what a router runs', async () => {
    await push();
    r1.text = r2.text = r1.text?.replace('serial_no = 2', 'serial_no = 41') ?? null;
    await setPort(81);
    expect(await push(true)).toMatchObject({ outcome: 'all', serial: 42 });
  });

  it('refuses a draft with errors and sends nothing', async () => {
    await fillDraft(shoal.db, alice, clusterId, lvsCf(80).replace('primary = 192.0.2.11\n', ''));
    const report = await push();
    expect(report).toMatchObject({
      outcome: 'nowhere',
      serial: null,
      message: expect.stringMatching(/has an error/),
    });
    expect(journal).toEqual([]);
  });

  it('reports a router that is away and lets it catch up with the same revision when it returns', async () => {
    await push();
    await setPort(81);
    r2.link = 'unreachable';
    const report = await push();
    expect(report).toMatchObject({
      outcome: 'some',
      serial: 3,
      message: expect.stringMatching(/on r1, not on r2/),
    });
    expect(outcomes(report)).toEqual({ r1: 'applied', r2: 'unreachable' });
    expect(await sync()).toMatchObject({
      state: 'unreachable',
      message: expect.stringMatching(/r2.*r1 runs revision 3/),
    });
    r2.link = 'connected';
    expect(await sync()).toMatchObject({
      state: 'backup-behind',
      message: expect.stringMatching(/r2 runs revision 2/),
    });
    expect(await catchUpRouters(deps, alice, { clusterId })).toMatchObject({ outcome: 'all', serial: 3 });
    expect(r2.text).toBe(r1.text);
    expect(journal.slice(2)).toEqual(['r1 applied 3', 'r2 applied 3']);
    const revision = await readRevision(shoal.db, clusterId, 3);
    expect(revision?.results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
  });

  it('keeps a revision that reached no router, and sends the same one later', async () => {
    r1.link = r2.link = 'unreachable';
    expect(await push()).toMatchObject({
      outcome: 'nowhere',
      serial: 2,
      message: expect.stringMatching(/kept/),
    });
    r1.link = r2.link = 'connected';
    expect((await sync()).state).toBe('pending');
    expect(await push()).toMatchObject({ outcome: 'all', serial: 2 });
  });

  it('does not send to the active router what the standby refused', async () => {
    r2.refuses = 'eth0 does not exist here';
    const report = await push();
    expect(report).toMatchObject({
      outcome: 'nowhere',
      serial: 2,
      message: expect.stringMatching(/eth0 does not exist/),
    });
    expect(outcomes(report)).toEqual({ r1: 'skipped', r2: 'refused' });
    expect(r1.text).toBeNull();
  });

  it('says which step failed on a router', async () => {
    r2.fails = 'ipvsadm -R: Memory allocation problem';
    expect(outcomes(await push())).toEqual({ r1: 'skipped', r2: 'failed' });
  });

  it('stops before anything is sent when a host key has changed', async () => {
    r2.link = 'key-changed';
    r2.message = 'The host key of r2 has changed: accepted was SHA256:old, now it shows SHA256:new';
    const report = await push();
    expect(report).toMatchObject({ outcome: 'nowhere', serial: null });
    expect(report.message).toMatch(/Nothing was sent.*SHA256:old.*SHA256:new/);
    expect(journal).toEqual([]);
    expect(await readRevisions(shoal.db, clusterId)).toEqual([]);
  });

  it('lets one push run at a time', async () => {
    const [first, second] = await Promise.all([push(), push()]);
    expect([first?.outcome, second?.outcome].sort()).toEqual(['all', 'nowhere']);
    expect(await readRevisions(shoal.db, clusterId)).toHaveLength(1);
  });

  it('refuses when a router runs something else since it was asked', async () => {
    await push();
    await setPort(81);
    r2.afterRequest = (method) => {
      if (method === 'status') r2.text = lvsCf(9999);
    };
    expect(outcomes(await push())).toEqual({ r1: 'skipped', r2: 'refused' });
  });
});

describe('the plan', () => {
  it('comes from a dry run on each router and changes nothing', async () => {
    r2.link = 'unreachable';
    const plans = await planDraft(deps, clusterId);
    expect(plans).toMatchObject([
      { name: 'r1', reachable: true, message: null, commands: ['-A -t 192.0.2.100:80 -s wlc'] },
      { name: 'r2', reachable: false, message: 'r2 cannot be reached', commands: [] },
    ]);
    expect(r1.text).toBeNull();
  });

  it('carries what a router alone says of the configuration, an error that stops it first', async () => {
    const unfit = { code: 'router-unfit', severity: 'warning' as const, message: 'r1 does not forward IPv4' };
    const hint = { code: 'x', severity: 'hint' as const, message: 'this could be shorter' };
    r1.remarks = [hint, unfit, unfit];
    r2.remarks = [unfit];
    r2.refuses = 'the scheduler mh is unknown here';
    expect(await planDraft(deps, clusterId)).toMatchObject([
      { name: 'r1', message: null, remarks: [unfit] },
      { name: 'r2', message: 'the scheduler mh is unknown here', remarks: [unfit] },
    ]);
  });

  it('does not say again what the check of the draft says on the same page', async () => {
    const withoutServers = 'virtual empty {\n  active = 1\n  address = 192.0.2.101 eth0:2\n}\n';
    await fillDraft(shoal.db, alice, clusterId, `${lvsCf(80)}${withoutServers}`);
    const draft = await readDraft(shoal.db, clusterId);
    const known = draft && faultsOf(draft).find(({ severity }) => severity === 'warning');
    if (!known) throw new Error('This draft has no warning');
    r1.remarks = [{ code: known.code, severity: 'warning', message: known.message }];
    expect((await planDraft(deps, clusterId))[0]).toMatchObject({ name: 'r1', remarks: [] });
  });
});

describe('what was changed on a router by hand', () => {
  beforeEach(async () => {
    await push();
    r2.fileText = lvsCf(8888);
  });

  it('is shown, and is not overwritten by a push in silence', async () => {
    expect(await sync()).toMatchObject({
      state: 'changed-on-router',
      message: expect.stringMatching(/lvs\.cf on r2/),
    });
    await setPort(81);
    const report = await push();
    expect(report).toMatchObject({
      outcome: 'nowhere',
      serial: null,
      message: expect.stringMatching(/lvs\.cf on r2/),
    });
    expect(r2.fileText).not.toBeNull();
    expect(await push(true)).toMatchObject({ outcome: 'all' });
  });

  it('is overwritten by Sync to backup, which compares the hashes', async () => {
    const report = await syncToBackup(deps, alice, clusterId);
    expect(report).toMatchObject({
      outcome: 'all',
      serial: 2,
      message: expect.stringMatching(/exactly what r1 runs/),
    });
    expect(r2.status.config.fileHash).toBe(r1.status.config.hash);
    expect((await sync()).state).toBe('in-sync');
    expect(await syncToBackup(deps, alice, clusterId)).toMatchObject({ outcome: 'nothing' });
  });

  it('can be taken into the draft, and a push of it is not refused', async () => {
    expect(await takeFrom(shoal.db, deps.ports, alice, { clusterId, routerId: ids.r2 })).toMatchObject({
      ok: true,
    });
    expect(await draftPort()).toBe(8888);
    expect(await push()).toMatchObject({ outcome: 'all', serial: 3 });
    expect(r2.fileText).toBeNull();
    expect((await sync()).state).toBe('in-sync');
  });

  it('says what is wrong with it and keeps the draft when it cannot be taken in', async () => {
    r2.fileText = 'virtual web {\n  prot = 80\n}\n';
    const result = await takeFrom(shoal.db, deps.ports, alice, { clusterId, routerId: ids.r2 });
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/line 2.*prot/) });
    expect(await draftPort()).toBe(80);
  });
});

describe('Sync to backup', () => {
  it('copies what the active router runs, whoever is primary, and says when no revision holds it', async () => {
    await push();
    r1.role = 'standby';
    r2.role = 'active';
    r2.text = lvsCf(7777);
    const report = await syncToBackup(deps, alice, clusterId);
    expect(report).toMatchObject({
      outcome: 'all',
      serial: null,
      message: expect.stringMatching(/r2 runs is of no revision/),
    });
    expect(r1.text).toBe(r2.text);
  });

  it('copies nothing when no router is active', async () => {
    r1.role = 'standby';
    expect(await syncToBackup(deps, alice, clusterId)).toMatchObject({ outcome: 'nowhere', serial: null });
  });
});

describe('the ways back', () => {
  it('discards the draft and restores an older revision', async () => {
    await push();
    await setPort(81);
    await push();
    await createRow(shoal.db, alice, { clusterId, name: 'more', values: {}, place: { kind: 'virtual' } });
    expect(await dropDraft(shoal.db, alice, clusterId)).toMatchObject({ ok: true });
    const facts = await readFacts(shoal.db, clusterId);
    expect(facts?.draftChanges).toBe(0);
    expect(await bringBack(shoal.db, alice, clusterId, 2)).toMatchObject({ ok: true });
    expect(await draftPort()).toBe(80);
    expect(await push()).toMatchObject({ outcome: 'all', serial: 4 });
    expect(await bringBack(shoal.db, alice, clusterId, 99)).toMatchObject({ ok: false });
    // Revision 4 was made of revision 2.
    expect(await bringBack(shoal.db, alice, clusterId, 2)).toEqual({
      ok: true,
      message: 'The draft is revision 2 now. It equals revision 4, the last one: there is nothing to push',
    });
    expect(await bringBack(shoal.db, alice, clusterId, 3)).toMatchObject({
      message: 'The draft is revision 3 now. Review and push it',
    });
  });
});
