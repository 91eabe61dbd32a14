/** A link of the active router goes down: with monitor_links it gives the service to the router that can serve. */
import { withConfig, withLines } from '#e2e/cluster/by-hand.ts';
import { DEADTIME_SECONDS, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import { untilRole, watchVip } from '#e2e/cluster/witness.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(600_000);

test('the public, then the private link of the active router down: the other serves, and gives back once', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const giveBack = await withConfig(lab, withLines('monitor_links = 1'));
  try {
    await untilRole(r1, 'active');
    for (const [side, device] of [
      ['pub', 'eth0'],
      ['prv', 'eth1'],
    ] as const) {
      const seen = await watchVip(lab);
      await r1.linkDown(side);
      await untilRole(r2, 'active');
      await seen.ownedBy(r2);
      if (side === 'prv') {
        await untilRole(r1, 'fault');
        expect((await r1.agent.status()).roleReason).toContain(device);
      }
      await r1.linkUp(side);
      await untilRole(r1, 'active');
      await seen.ownedBy(r1);
      const { claims, overlap, report, starvedMs } = await seen.stop();
      const owners = claims.map(({ mac }) => mac).filter((mac, n, all) => mac !== all[n - 1]);
      expect(overlap?.ms ?? 0).toBeLessThanOrEqual(KEEPALIVE_SECONDS * 1000);
      expect(owners.filter((mac) => mac === r2.mac('pub')).length, 'at least one change').toBeGreaterThan(0);
      expect(report.longestGapMs).toBeLessThanOrEqual((DEADTIME_SECONDS + 1) * 1000 + starvedMs);
      const told = (await r1.agent.shoalctl(['events'])).stdout;
      expect(told).toMatch(new RegExp(`${device}.*down`));
      console.log(
        `${device} down: client without answer for ${report.longestGapMs} ms, two owners ${overlap?.ms ?? 0} ms`,
      );
    }
  } finally {
    for (const side of ['pub', 'prv'] as const) await r1.linkUp(side);
    await giveBack();
  }
});
