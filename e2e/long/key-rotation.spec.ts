/** Another cluster key while requests run: old and new count for a while, nobody takes over, then the old one is refused. */
import { DEADTIME_SECONDS } from '#e2e/cluster/example.ts';
import {
  clusterIdIn,
  clusterIdOf,
  HEARTBEAT_PORT,
  recordHeartbeats,
  senderOf,
} from '#e2e/cluster/heartbeats.ts';
import { watchVip } from '#e2e/cluster/witness.ts';
import { impersonate } from '#e2e/lab/impostor.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { watchHeartbeats } from '#e2e/lab/wire.ts';
import type { ConsolePage } from '../console-page.ts';
import { expect, test } from '../fixtures.ts';

const KEY_FILE = '/var/lib/shoal/cluster-key.json';

const bothOf = <T>(lab: Lab, ask: (router: Router) => Promise<T>): Promise<T[]> =>
  Promise.all(lab.routers.map(ask));
const keyOf = async (router: Router): Promise<string> =>
  (await router.agent.rpc.request('hello', { protocol: 1, client: 'lab' })).clusterKeyId ?? '';
const rejectedBy = async (router: Router): Promise<Readonly<Record<string, number>>> =>
  (await router.agent.status()).peer.rejected;

/** What a takeover, or a heartbeat that was not taken, would have changed. */
const peace = async (router: Router) => {
  const { role, roleSince, peer, runId } = await router.agent.status();
  return { role, roleSince, runId, state: peer.state, rejected: peer.rejected };
};

/** Ids of the keys that a router accepts, the one in use first. */
async function keysOn(router: Router): Promise<string[]> {
  const kept: { keys: { keyId: string }[] } = JSON.parse(await router.readFile(KEY_FILE));
  return kept.keys.map(({ keyId }) => keyId);
}

async function rotateInConsole(shoal: ConsolePage): Promise<void> {
  const { page } = shoal;
  await shoal.open('routers');
  await page.getByRole('button', { name: 'Rotate cluster key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate the cluster key?' });
  await dialog.getByRole('button', { name: 'Rotate cluster key' }).click();
  await expect(page.getByText(/r1 and r2 sign with the new cluster key \w+; the old one/)).toBeVisible({
    timeout: 60_000,
  });
}

test('the console gives both routers another cluster key while requests run: none fails, nobody takes over, and the old key is refused from then on', async ({
  rested: lab,
  shoal,
}) => {
  const { r1, r2 } = lab;
  const [old = ''] = await bothOf(lab, keyOf);
  const recorded = await recordHeartbeats(lab, 'pub');
  expect(recorded.ofR2.map(clusterIdIn)).toContain(clusterIdOf(old));
  const asR2 = await impersonate(r2, r1, { side: 'pub', port: HEARTBEAT_PORT });
  // While the key counts, one of its heartbeats that comes again is a replay; later it is a stranger's.
  const sendAgain = async (fault: 'replay' | 'foreign-cluster', other: 'replay' | 'foreign-cluster') => {
    const before = await rejectedBy(r1);
    await until(`r1 to refuse it as ${fault}`, async () => {
      asR2.send(recorded.ofR2);
      return ((await rejectedBy(r1))[fault] ?? 0) > (before[fault] ?? 0);
    });
    expect((await rejectedBy(r1))[other] ?? 0).toBe(before[other] ?? 0);
  };
  await sendAgain('replay', 'foreign-cluster');

  const before = await bothOf(lab, peace);
  const wire = await watchHeartbeats('br-pub', HEARTBEAT_PORT);
  const seen = await watchVip(lab, DEADTIME_SECONDS * 1000);
  await rotateInConsole(shoal);
  const [now = '', ofR2] = await bothOf(lab, keyOf);
  expect(ofR2).toBe(now);
  expect(now).not.toBe(old);
  expect(await bothOf(lab, keysOn)).toEqual([[now], [now]]);
  await seen.ownedBy(r1);
  const { claims, report } = await seen.stop();
  const heartbeats = await wire.stop();

  // Not one heartbeat was refused on the way from key to key, so both counted meanwhile.
  expect(await bothOf(lab, peace)).toEqual(before);
  for (const router of lab.routers) {
    const ids = heartbeats
      .filter(({ from }) => from === senderOf(router, 'pub'))
      .map(({ payload }) => clusterIdIn(payload));
    const [first, last] = [clusterIdOf(old), clusterIdOf(now)];
    const change = ids.indexOf(last);
    expect(ids.slice(0, change), `${router.name} signs with the old key first`).toContain(first);
    expect(new Set(ids.slice(change)), `${router.name} signs with the new key then`).toEqual(new Set([last]));
  }
  expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
  expect({ refused: report.refused, late: report.late }).toEqual({ refused: 0, late: 0 });
  expect(report.answered).toBeGreaterThan(100);

  await sendAgain('foreign-cluster', 'replay');
  expect((await r1.agent.status()).peer.state).toBe('alive');
  await asR2.leave();
});

test('a rotation that breaks off half-way: the routers hear each other with two keys, and after a restart too; the old one cannot be retired; the next rotation ends it', async ({
  rested: lab,
  shoal,
}) => {
  const { r1, r2 } = lab;
  const [old = ''] = await bothOf(lab, keyOf);
  const since = await bothOf(lab, async (router) => (await router.agent.status()).roleSince);
  const half = { keyId: 'half-way', keyBase64: Buffer.alloc(32, 7).toString('base64') };
  await bothOf(lab, (router) => router.agent.rpc.request('cluster.stageKey', half));
  expect(await bothOf(lab, keyOf), 'staged is not yet used').toEqual([old, old]);
  await r1.agent.rpc.request('cluster.useKey', half);
  expect(await bothOf(lab, keyOf)).toEqual(['half-way', old]);

  const wire = await watchHeartbeats('br-prv', HEARTBEAT_PORT);
  const sent = (router: Router, keyId: string): number =>
    wire
      .seen()
      .filter(
        ({ from, payload }) =>
          from === senderOf(router, 'prv') && clusterIdIn(payload) === clusterIdOf(keyId),
      ).length;
  // As many as make more than a dead time: a router that did not take them would have acted.
  const enough = DEADTIME_SECONDS + 2;
  await until('heartbeats with both keys', () => sent(r1, 'half-way') > enough && sent(r2, old) > enough);
  await wire.stop();
  expect(await bothOf(lab, async (router) => (await router.agent.status()).roleSince)).toEqual(since);
  expect(await r1.agent.rpc.request('cluster.retireKeys', half)).toMatchObject({
    done: false,
    message: expect.stringContaining('partner does not sign'),
  });
  expect(await bothOf(lab, keysOn)).toEqual([
    ['half-way', old],
    [old, 'half-way'],
  ]);

  // The standby starts again: it has both keys from the disk, and hears r1, which signs with the new one.
  const { runId } = await r2.agent.status();
  await r2.agent.kill();
  await until('another agent on r2 that hears r1', async () => {
    const { peer, ...status } = await r2.agent.status();
    return status.runId !== runId && status.role === 'standby' && peer.state === 'alive';
  });
  expect((await r1.agent.status()).roleSince).toBe(since[0]);

  await shoal.expectRouter('r2', 'standby');
  await rotateInConsole(shoal);
  const [now = ''] = await bothOf(lab, keyOf);
  expect([old, 'half-way']).not.toContain(now);
  expect(await bothOf(lab, keysOn)).toEqual([[now], [now]]);
  expect((await r1.agent.status()).roleSince).toBe(since[0]);
});
