/** The active router dies and returns, watched by a client, by ARP on the wire and in the browser. */
import { DEADTIME_SECONDS, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import { watchRouters } from '#e2e/cluster/witness.ts';
import { longestOverlap } from '#e2e/lab/arp.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from './fixtures.ts';

test('the standby serves within deadtime + 1 s after the death of the active router', async ({
  shoal,
  rested: lab,
}) => {
  await shoal.markPage();
  const starvedMs = watchRouters(lab);
  const probe = await lab.client.probe(vip);
  await lab.r1.kill();
  await shoal.expectRouter('r2', 'active');
  await shoal.expectRouter('r1', 'unreachable', 60_000);
  await expect(shoal.router('r1')).not.toContainText('standby');
  await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1));
  const report = await probe.stop();
  expect(report.longestGapMs).toBeLessThanOrEqual((DEADTIME_SECONDS + 1) * 1000 + starvedMs());
  // Without an outage there would be nothing to show.
  expect(report.longestGapMs).toBeGreaterThan(500);
  await shoal.expectNotReloaded();
  console.log(`client-visible gap: ${report.longestGapMs} ms`);
});

test('the primary takes the service back after its boot, and never do two own the VIP', async ({
  shoal,
  rested: lab,
}) => {
  await lab.r1.kill();
  await shoal.expectRouter('r2', 'active');
  const wire = await lab.watchArp();
  const asking = lab.client.askWhoHas(vip);
  // An answer that a booting machine beside it makes slow is one; what counts is how long there is none.
  const probe = await lab.client.probe(vip, 80, 1000);
  await lab.r1.boot();
  const starvedMs = watchRouters(lab);
  await shoal.expectRouter('r1', 'active', 120_000);
  await shoal.expectRouter('r2', 'standby');
  // Long enough for a second owner to answer once more.
  await until(
    'the new owner to be asked often enough',
    () => {
      const last = wire.claims().filter(({ ip }) => ip === vip);
      const since = last.findLastIndex(({ mac }) => mac !== lab.r1.mac('pub'));
      return last.length - since > 15;
    },
    { timeoutMs: 120_000 },
  );
  const report = await probe.stop();
  await asking.stop();
  const claims = await wire.stop();
  expect(new Set(claims.filter(({ ip }) => ip === vip).map(({ mac }) => mac))).toEqual(
    new Set([lab.r1.mac('pub'), lab.r2.mac('pub')]),
  );
  const overlap = longestOverlap(claims, vip);
  expect(overlap?.ms ?? 0).toBeLessThanOrEqual(KEEPALIVE_SECONDS * 1000);
  expect(await lab.r2.addresses('eth0')).not.toContain(vip);
  // A planned return costs no more than a failover, however slow the emulator is just now.
  expect(report.longestGapMs).toBeLessThanOrEqual((DEADTIME_SECONDS + 1) * 1000 + starvedMs());
  console.log(`two owners for ${overlap?.ms ?? 0} ms, gap for the client ${report.longestGapMs} ms`);
});
