/** A Piranha pair is replaced router by router while it serves. */
import { shareClusterKey } from '#e2e/cluster/by-hand.ts';
import { untilRole, watchVip } from '#e2e/cluster/witness.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { PiranhaHost } from '#e2e/piranha/piranha-host.ts';
import { holdsVip, LONGEST_GAP_MS, startAgent } from '#e2e/piranha/replace.ts';
import { PIRANHA_KEEPALIVE_SECONDS } from '#e2e/piranha/settings.ts';
import { withoutAgents } from '#e2e/piranha/without-agents.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(900_000);

test('a Piranha pair becomes a Shoal pair: one owner all the time, one failover, signed in the end', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const [first, second] = [new PiranhaHost(r1), new PiranhaHost(r2)];
  await withoutAgents(lab, async () => {
    await first.start();
    await until('Piranha on r1 to serve', () => holdsVip(r1), { timeoutMs: 30_000 });
    await second.start();
    const seen = await watchVip(lab);

    // The router that does not serve is replaced first. No key: the agent speaks Piranha's heartbeat.
    await second.stop();
    await startAgent(r2);
    await until(
      'r2 to hear Piranha',
      async () => {
        const { role, peer } = await r2.agent.status();
        return role === 'standby' && peer.state === 'alive' && peer.role === 'active';
      },
      { timeoutMs: 60_000 },
    );
    const beside = await r2.agent.status();
    expect(beside.peer).toMatchObject({ authenticated: false, serial: null });
    expect(beside.problems.join()).toContain('unsigned heartbeat');
    expect(await holdsVip(r2)).toBe(false);

    // Piranha's machine dies.
    await r1.kill();
    await untilRole(r2, 'active');
    await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1));

    // It comes back as a Shoal router, still without a key, and does not take the service.
    await r1.boot();
    await startAgent(r1);
    await until(
      'r1 to hear r2, and to stand by',
      async () => {
        const { role, peer } = await r1.agent.status();
        return role === 'standby' && peer.role === 'active';
      },
      { timeoutMs: 60_000 },
    );

    // The key comes to one after the other; then the pair is a signed one, and the primary takes the service back.
    await shareClusterKey(lab);
    for (const router of lab.routers) {
      await until(
        `${router.name} to hear a signed partner`,
        async () => {
          const { peer, problems } = await router.agent.status();
          return (
            peer.authenticated &&
            peer.channels.every(({ twoWay }) => twoWay) &&
            !/unsigned/.test(problems.join())
          );
        },
        { timeoutMs: 60_000 },
      );
    }
    await untilRole(r1, 'active');
    await untilRole(r2, 'standby');
    const { report, overlap, starvedMs } = await seen.stop();
    expect(overlap?.ms ?? 0).toBeLessThanOrEqual(PIRANHA_KEEPALIVE_SECONDS * 1000);
    expect(report.longestGapMs).toBeLessThanOrEqual(LONGEST_GAP_MS + starvedMs);
    expect(report.refused).toBe(0);
    console.log(
      `two owners for ${overlap?.ms ?? 0} ms, longest gap for the client ${report.longestGapMs} ms`,
    );
  });
});
