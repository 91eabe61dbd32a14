import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeCluster } from '../clusters/mutations.ts';
import { FakeRouter } from '../fake-router.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { type Member, overrideServer, setService, switchOver } from './commands.ts';
import { clusterKeyOf, privateKeyOf, publicKeyOf } from './keys.ts';
import { deleteRouter, insertRouter, type NewRouter, pinHostKey } from './mutations.ts';

const decided = async (...asked: Parameters<typeof overrideServer>) =>
  (await overrideServer(...asked)).result;

const fingerprint = `SHA256:${'A'.repeat(43)}`;
const answers = async () => ({ ok: true as const, fingerprint });
const good: NewRouter = { role: 'primary', name: 'r1', address: '192.0.2.11', port: 22, user: 'shoal' };

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

describe('adding a router', () => {
  it('shows the fingerprint and the key to enrol, and pins nothing before a person accepts', async () => {
    const clusterId = await newCluster(shoal.db);
    const made = await insertRouter(shoal.db, alice, { clusterId, router: good }, answers);
    expect(made).toMatchObject({ ok: true, fingerprint, publicKey: await publicKeyOf(shoal.db, clusterId) });
    if (!made.ok) return;
    const stored = () => shoal.db.router.findUniqueOrThrow({ where: { id: made.routerId } });
    expect((await stored()).fingerprint).toBeNull();
    expect(await pinHostKey(shoal.db, alice, { routerId: made.routerId, fingerprint })).toMatchObject({
      ok: true,
    });
    expect((await stored()).fingerprint).toBe(fingerprint);
  });

  it('stores nothing when the address does not answer', async () => {
    const clusterId = await newCluster(shoal.db);
    const silent = async () => ({ ok: false as const, message: '192.0.2.11 port 22 does not answer' });
    expect(await insertRouter(shoal.db, alice, { clusterId, router: good }, silent)).toMatchObject({
      ok: false,
      fields: { address: { message: expect.stringMatching(/does not answer/) } },
    });
    expect(await shoal.db.router.count({ where: { clusterId } })).toBe(0);
  });

  const cases: readonly [string, Partial<NewRouter>][] = [
    ['name', { name: '' }],
    ['address', { address: '192.0.2.300' }],
    ['address', { address: '-oProxyCommand=x' }],
    ['port', { port: 70_000 }],
    ['user', { user: 'root; reboot' }],
  ];
  it.each(cases)('refuses a wrong %s before anything is asked: %o', async (field, change) => {
    const clusterId = await newCluster(shoal.db);
    const asked = async () => {
      throw new Error('something was asked');
    };
    const result = await insertRouter(shoal.db, alice, { clusterId, router: { ...good, ...change } }, asked);
    expect(result).toMatchObject({ ok: false, fields: { [field]: expect.anything() } });
  });

  it('refuses a second router of the same role and one of the same name', async () => {
    const clusterId = await newCluster(shoal.db);
    await insertRouter(shoal.db, alice, { clusterId, router: good }, answers);
    const add = (change: Partial<NewRouter>) =>
      insertRouter(shoal.db, alice, { clusterId, router: { ...good, ...change } }, answers);
    expect(await add({ name: 'r2' })).toMatchObject({ ok: false, fields: { role: expect.anything() } });
    expect(await add({ role: 'backup' })).toMatchObject({ ok: false, fields: { name: expect.anything() } });
    expect(await add({ role: 'backup', name: 'r2' })).toMatchObject({ ok: true });
  });

  it('refuses a text that is no fingerprint', async () => {
    expect(await pinHostKey(shoal.db, alice, { routerId: 'x', fingerprint: 'MD5:aa:bb' })).toMatchObject({
      ok: false,
    });
    expect(await deleteRouter(shoal.db, alice, 'nobody')).toMatchObject({ ok: false });
  });
});

describe('the keys of a cluster', () => {
  it('differ from those of another cluster, are sealed in the database and go with the cluster', async () => {
    const [first, second] = [await newCluster(shoal.db), await newCluster(shoal.db)];
    expect(await publicKeyOf(shoal.db, first)).not.toBe(await publicKeyOf(shoal.db, second));
    const secrets = await shoal.db.secret.findMany({ where: { clusterId: first } });
    const key = await clusterKeyOf(shoal.db, first);
    expect(Buffer.from(key?.keyBase64 ?? '', 'base64')).toHaveLength(32);
    expect(await privateKeyOf(shoal.db, first)).toContain('OPENSSH PRIVATE KEY');
    expect(JSON.stringify(secrets)).not.toContain('PRIVATE KEY');
    expect(JSON.stringify(secrets)).not.toContain(key?.keyBase64);
    await removeCluster(shoal.db, alice, first);
    expect(await shoal.db.secret.count({ where: { clusterId: first } })).toBe(0);
    expect(await publicKeyOf(shoal.db, second)).not.toBeNull();
  });
});

describe('what an administrator does to running routers', () => {
  const pair = () => {
    const [r1, r2] = [new FakeRouter('r1'), new FakeRouter('r2')];
    r1.role = 'active';
    const members: Member[] = [
      { id: '1', name: 'r1', port: r1 },
      { id: '2', name: 'r2', port: r2 },
    ];
    return { r1, r2, members };
  };
  const target = { virtualServer: 'web', realServer: 'rs1' };

  it('drains on both routers, so that it holds after a failover', async () => {
    const { r1, r2, members } = pair();
    expect(await decided(members, 'server.drain', target)).toEqual({
      ok: true,
      message: 'On r1 and r2: drained',
    });
    expect([r1.asked, r2.asked]).toEqual([['server.drain'], ['server.drain']]);
  });

  it('fixes a weight on both, and fails when no router did it, with the reason of each', async () => {
    const { members } = pair();
    expect(await decided(members, 'server.setWeight', { ...target, weight: 5 })).toEqual({
      ok: true,
      message: 'On r1 and r2: weight 5',
    });
    expect(await decided(members, 'server.setWeight', { ...target, weight: 9 })).toEqual({
      ok: false,
      message: 'r1: weight 9. r2: weight 9',
    });
  });

  it('tells what to do with a router that does not know the method yet', async () => {
    const { members } = pair();
    expect(await decided(members, 'server.disable', target)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/r1: its agent is too old for this/),
    });
  });

  it('names the router on which a drain did not work', async () => {
    const { r2, members } = pair();
    r2.link = 'unreachable';
    expect(await decided(members, 'server.drain', target)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/On r1: drained\. .*r2 cannot be reached/),
    });
  });

  it('asks the active router to hand over, and nobody when none is known to be active', async () => {
    const { r1, r2, members } = pair();
    expect(await switchOver(members)).toEqual({ ok: true, message: 'r1 hands over' });
    expect(r2.asked).toEqual([]);
    r1.link = 'unreachable';
    expect(await switchOver(members)).toMatchObject({ ok: false });
  });

  it('says that a router that was never accepted cannot be asked', async () => {
    expect(await setService({ id: '3', name: 'r3', port: null }, false)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/host key of r3 was not accepted/),
    });
  });
});
