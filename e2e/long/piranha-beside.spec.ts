/** An agent beside a Piranha that stays: what one gives up the other takes. */
import { untilRole, watchVip } from '#e2e/cluster/witness.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { PiranhaHost } from '#e2e/piranha/piranha-host.ts';
import { holdsVip, LONGEST_GAP_MS, startAgent } from '#e2e/piranha/replace.ts';
import { PIRANHA_KEEPALIVE_SECONDS } from '#e2e/piranha/settings.ts';
import { withoutAgents } from '#e2e/piranha/without-agents.ts';
import { expect, test } from '../fixtures.ts';

test.setTimeout(900_000);

test('the agent as the primary beside Piranha as the backup: handed over, taken back, both at a word', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const piranha = new PiranhaHost(r2);
  await withoutAgents(lab, async () => {
    await piranha.start();
    await until('Piranha on r2 to serve', () => holdsVip(r2), { timeoutMs: 30_000 });
    await startAgent(r1);
    await until('r1 to hear Piranha', async () => (await r1.agent.status()).peer.role === 'active', {
      timeoutMs: 60_000,
    });
    const seen = await watchVip(lab);

    // Lvsd dies on the active Piranha: the agent takes over on its next heartbeat, not after the dead time.
    await piranha.signal('USR2');
    await untilRole(r1, 'active');
    expect((await r1.agent.status()).roleReason).toContain('backup inactive');
    await seen.ownedBy(r1);

    // Handed over on purpose: Piranha heard "running" meanwhile, so it may serve again.
    const answer = await r1.agent.rpc.request('switchover', {});
    expect(answer).toMatchObject({ done: true });
    expect(await holdsVip(r2)).toBe(true);
    await seen.ownedBy(r2);

    // Piranha ends without a word.
    await piranha.stop();
    await untilRole(r1, 'active');
    await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1));
    const { report, overlap } = await seen.stop();
    expect(overlap?.ms ?? 0).toBeLessThanOrEqual(PIRANHA_KEEPALIVE_SECONDS * 1000);
    expect(report.longestGapMs).toBeLessThanOrEqual(LONGEST_GAP_MS);
    // Not "none refused": Piranha ends lvsd, and with it the table, before it takes its aliases down.
  });
});
