import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeRouter } from '../fake-router.ts';
import { newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { clusterKeyOf } from './keys.ts';
import { rotateClusterKey } from './rotate-key.ts';

let shoal: TestConsole;
let clusterId: string;
let journal: string[];
let routers: readonly [FakeRouter, FakeRouter];
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());
beforeEach(async () => {
  clusterId = await newCluster(shoal.db);
  journal = [];
  routers = [new FakeRouter('r1', journal), new FakeRouter('r2', journal)];
});

const rotate = () =>
  rotateClusterKey(
    shoal.db,
    clusterId,
    routers.map((port) => ({ id: port.name, name: port.name, port })),
    async () => {},
  );
const keyId = async () => (await clusterKeyOf(shoal.db, clusterId))?.keyId;

describe('rotating the cluster key', () => {
  it('goes step by step on both routers, and the console keeps the new key', async () => {
    const before = await keyId();
    expect(await rotate()).toMatchObject({
      ok: true,
      message: expect.stringContaining('r1 and r2 sign with'),
    });
    expect(journal.map((line) => line.slice(3))).toEqual([
      ...['accepts the new key', 'accepts the new key'],
      ...['uses the new key', 'uses the new key'],
      ...['retires the old key', 'retires the old key'],
    ]);
    const after = await keyId();
    expect(after).not.toBe(before);
    expect(routers.map(({ clusterKeyId }) => clusterKeyId)).toEqual([after, after]);
  });

  it('waits until each router has heard the other with the new key', async () => {
    routers[0].hearsOldKey = 3;
    expect(await rotate()).toMatchObject({ ok: true });
    routers[0].hearsOldKey = 100;
    expect(await rotate()).toMatchObject({
      ok: false,
      message: expect.stringMatching(/old key still counts.*r1/),
    });
  });

  it('does not begin while a router does not answer', async () => {
    const before = await keyId();
    routers[1].link = 'unreachable';
    expect(await rotate()).toMatchObject({ ok: false, message: expect.stringContaining('r2') });
    expect(journal).toEqual([]);
    expect(await keyId()).toBe(before);
  });

  it('changes nothing when a router is lost before both accept the key', async () => {
    const before = await keyId();
    routers[1].request = async () => ({ ok: false, code: 'unknown-method', message: 'no such method' });
    expect(await rotate()).toMatchObject({
      ok: false,
      message: expect.stringMatching(/Nothing was changed.*r2: its agent is too old/),
    });
    expect(journal).toEqual(['r1 accepts the new key']);
    expect(await keyId()).toBe(before);
  });

  it('keeps the new key when a router is lost on the way, so that it gets it later', async () => {
    const before = await keyId();
    routers[1].afterRequest = () => {
      routers[1].link = 'unreachable';
    };
    expect(await rotate()).toMatchObject({ ok: false, message: expect.stringContaining('both keys count') });
    expect(await keyId()).not.toBe(before);
    expect(journal).not.toContain('r1 retires the old key');
  });
});
