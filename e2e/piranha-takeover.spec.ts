/** A Piranha pair is replaced router by router while it serves, and an agent stands beside a Piranha in either role. */
import { shareClusterKey } from '#e2e/cluster/by-hand.ts';
import { exampleConfig } from '#e2e/cluster/example.ts';
import { watchVip } from '#e2e/cluster/witness.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { PiranhaHost } from '#e2e/piranha/piranha-host.ts';
import { PIRANHA_DEADTIME_SECONDS, PIRANHA_KEEPALIVE_SECONDS } from '#e2e/piranha/settings.ts';
import { withoutAgents } from '#e2e/piranha/without-agents.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(900_000);

const config = exampleConfig({ servers: { rs1: 1, rs2: 1 }, serial: 77 })
  .replace(/^keepalive = .*$/m, `keepalive = ${PIRANHA_KEEPALIVE_SECONDS}`)
  .replace(/^deadtime = .*$/m, `deadtime = ${PIRANHA_DEADTIME_SECONDS}`);

/** A takeover is to be under way within the dead time; the rest is what an emulated router needs for it. */
const LONGEST_GAP_MS = (PIRANHA_DEADTIME_SECONDS + 3) * 1000;

/** What an administrator does on the router that is replaced: lvs.cf stays, the agent takes Piranha's place. */
async function startAgent(router: Router): Promise<void> {
  await router.writeFile(configFile, config);
  await router.agent.install();
  await router.agent.start();
}

const untilRole = (router: Router, role: string) =>
  until(`${router.name} to be ${role}`, async () => (await router.agent.status()).role === role, {
    timeoutMs: 60_000,
  });
const holdsVip = async (router: Router) => (await router.addresses('eth0')).includes(vip);

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
    await until('r1 to hear r2', async () => (await r1.agent.status()).peer.role === 'active', {
      timeoutMs: 60_000,
    });
    expect((await r1.agent.status()).role).toBe('standby');

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
    const { report, overlap } = await seen.stop();
    expect(overlap?.ms ?? 0).toBeLessThanOrEqual(PIRANHA_KEEPALIVE_SECONDS * 1000);
    expect(report.longestGapMs).toBeLessThanOrEqual(LONGEST_GAP_MS);
    expect(report.refused).toBe(0);
    console.log(
      `two owners for ${overlap?.ms ?? 0} ms, longest gap for the client ${report.longestGapMs} ms`,
    );
  });
});

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
