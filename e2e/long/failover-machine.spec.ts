/** What a machine does to its agent: it is paused, its clock jumps, its processor and its disk are busy. */
import { DEADTIME_SECONDS, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import { claimedAfter, untilRole, watchVip, wireNow } from '#e2e/cluster/witness.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from '../fixtures.ts';

test.setTimeout(600_000);

const DEADTIME_MS = DEADTIME_SECONDS * 1000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const deadtimes of [1.1, 3]) {
  test(`the machine of the active router paused for ${deadtimes} dead times: one owner soon after it goes on`, async ({
    rested: lab,
  }) => {
    const { r1, r2 } = lab;
    const seen = await watchVip(lab);
    await r1.pause();
    await sleep(deadtimes * DEADTIME_MS);
    await r1.resume();
    const at = wireNow();
    await untilRole(r1, 'active');
    await untilRole(r2, 'standby');
    await seen.ownedBy(r1);
    const { claims, report } = await seen.stop();
    const late = claimedAfter(claims, r2, at);
    expect(late).toBeLessThanOrEqual(DEADTIME_MS + 2 * KEEPALIVE_SECONDS * 1000);
    if (deadtimes > 2) {
      expect(
        claims.some(({ mac }) => mac === r2.mac('pub')),
        'the partner took over',
      ).toBe(true);
      expect(report.longestGapMs).toBeLessThanOrEqual((DEADTIME_SECONDS + 2) * 1000);
    }
    expect(await r2.addresses('eth0')).not.toContain(vip);
    console.log(`paused for ${deadtimes} dead times: the loser claimed the VIP ${late} ms longer`);
  });
}

test('the clock of either router stepped by a day, forth and back: nobody notices', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const before = [await r1.agent.status(), await r2.agent.status()];
  const seen = await watchVip(lab);
  for (const router of [r1, r2]) {
    for (const days of [1, -2, 1]) {
      const moved = await router.on(['sh', '-c', `date -s "@$(($(date +%s) + ${days} * 86400))" +%s`]);
      expect(Number(moved)).toBeGreaterThan(0);
      await sleep(DEADTIME_MS + 2000);
      expect((await router.agent.status()).peer.state).toBe('alive');
    }
  }
  await seen.ownedBy(r1);
  const { claims, report } = await seen.stop();
  expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
  expect(report.refused).toBe(0);
  expect(report.longestGapMs).toBeLessThan(DEADTIME_MS);
  const after = [await r1.agent.status(), await r2.agent.status()];
  expect(after.map(({ roleSince }) => roleSince)).toEqual(before.map(({ roleSince }) => roleSince));
});

test('processor and disk of the active router busy for half a minute, heartbeats each second: no failover', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const before = [await r1.agent.status(), await r2.agent.status()];
  // As its systemd unit has it.
  const nice = await r1.on(['sh', '-c', 'renice -n -10 -p "$(cat /run/shoal-agent.pid)"']);
  expect(nice).toContain('-10');
  const seen = await watchVip(lab);
  const burn =
    'for n in 1 2 3 4; do setsid timeout 30 sh -c "while :; do :; done" & done; ' +
    'setsid timeout 30 sh -c "while :; do dd if=/dev/zero of=/var/lib/lab-stress bs=64k count=200 conv=fsync; done" ' +
    '>/dev/null 2>&1 & echo started';
  expect(await r1.on(['sh', '-c', `(${burn}) </dev/null 2>/dev/null`])).toContain('started');
  const end = performance.now() + 32_000;
  let worstLoad = 0;
  while (performance.now() < end) {
    worstLoad = Math.max(worstLoad, Number((await r1.readFile('/proc/loadavg')).split(' ')[0]));
    expect((await r2.agent.status()).role).toBe('standby');
    await sleep(1000);
  }
  await r1.on(['rm', '-f', '/var/lib/lab-stress']);
  await until('the load to end', async () => (await r1.sh('pgrep -x dd')).code !== 0);
  await seen.ownedBy(r1);
  const { claims, report } = await seen.stop();
  expect(worstLoad, 'the router was busy').toBeGreaterThan(1.5);
  expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
  const after = [await r1.agent.status(), await r2.agent.status()];
  expect(after.map(({ roleSince }) => roleSince)).toEqual(before.map(({ roleSince }) => roleSince));
  expect(report.refused).toBe(0);
  console.log(`load ${worstLoad}, longest gap for the client ${report.longestGapMs} ms`);
});
