/** The routers are cut from each other while both reach the client: two owners, and one again when they are joined. */
import { costOfThreeStarts } from '#e2e/cluster/emulator.ts';
import { KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import { claimedAfter, storyOf, watchVip, wireNow } from '#e2e/cluster/witness.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from './fixtures.ts';

test('cut from each other but not from the client, then joined: one owner within a heartbeat, who announces again', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const before = await r1.agent.status();
  // To read two datagrams each, and to take an address off.
  const emulatorMs = 1000 + (await costOfThreeStarts(r2));
  const seen = await watchVip(lab);
  await lab.part(true);
  await until('r2 to be active', async () => (await r2.agent.status()).role === 'active', {
    timeoutMs: 60_000,
  });
  // Nothing that two routers can exchange prevents it: both own the VIP now, and each knows that it is alone.
  await until('both to claim the VIP on the wire', () => {
    const last = seen.claims().filter(({ at }) => wireNow() - at < 1);
    return new Set(last.map(({ mac }) => mac)).size === 2;
  });
  for (const router of lab.routers) {
    const isAlone = async () => (await router.agent.status()).peer.state === 'silent';
    await until(`${router.name} to know that it is alone`, isAlone);
  }

  const joinedAt = wireNow();
  await lab.part(false);
  await until('r2 to be standby', async () => (await r2.agent.status()).role === 'standby', {
    timeoutMs: 60_000,
  });
  await seen.ownedBy(r1);
  const { claims, starvedMs } = await seen.stop();
  const late = claimedAfter(claims, r2, joinedAt);
  const limit = KEEPALIVE_SECONDS * 1000 + emulatorMs + starvedMs;
  expect(late, storyOf(lab, claims, joinedAt)).toBeLessThanOrEqual(limit);
  const lastOfOther = claims.findLast(({ mac }) => mac === r2.mac('pub'))?.at ?? 0;
  expect(
    claims.some(({ at, announced, mac }) => announced && mac === r1.mac('pub') && at >= joinedAt),
    'the winner announces again though it never stopped',
  ).toBe(true);
  const announcedAt = claims.findLast(({ announced, mac }) => announced && mac === r1.mac('pub'))?.at ?? 0;
  expect(announcedAt, 'and nobody is left with the address of the other').toBeGreaterThan(lastOfOther);
  const after = await r1.agent.status();
  expect(after.roleSince, 'the winner never stopped').toBe(before.roleSince);
  expect(after.peer.state).toBe('alive');
  expect((await r2.addresses('eth0')).includes(vip)).toBe(false);
  await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1));
  await until('the split to be told', async () =>
    /both|partner active/i.test((await r1.agent.shoalctl(['events'])).stdout),
  );
  console.log(`after the routers were joined the loser claimed the VIP for ${late} ms`);
});
