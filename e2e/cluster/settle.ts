/** Brings the cluster to rest: what a test before may have left behind must not reach the next one. */
import type { Lab } from '#e2e/lab/lab.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';

/** What keeps the cluster from being at rest; null when it is. */
async function unrest(lab: Lab): Promise<string | null> {
  const [r1, r2] = await Promise.all([lab.r1.agent.status(), lab.r2.agent.status()]);
  if (r1.role !== 'active') return `r1 is ${r1.role}: ${r1.roleReason}`;
  if (r2.role !== 'standby') return `r2 is ${r2.role}: ${r2.roleReason}`;
  for (const status of [r1, r2]) {
    if (status.peer.state !== 'alive') return `the partner of ${status.hostname} is ${status.peer.state}`;
    const ill = status.health.find(({ state }) => state !== 'up' && state !== 'disabled');
    if (ill) return `${ill.realServer} is ${ill.state} on ${status.hostname}: ${ill.evidence}`;
    const out = status.health.find(({ state, weight }) => state === 'up' && weight === null);
    if (out) return `${out.realServer} is not in the table of ${status.hostname} yet`;
  }
  return (await lab.client.curl(`http://${vip}/`, 1)) === null ? 'the VIP does not answer' : null;
}

/** What routers do not end by themselves, or only much later: a switchover to r2, a push on trial. */
async function takeBack(lab: Lab): Promise<void> {
  const { role, roleReason } = await lab.r2.agent.status();
  if (role === 'active' && roleReason.includes('by a switchover'))
    await lab.r2.agent.rpc.request('switchover', {});
  for (const { agent } of lab.routers) {
    const { config } = await agent.status();
    if (config.confirmSecondsLeft !== null) await agent.rpc.request('config.confirm', {});
  }
}

/** Everything runs, r1 is active, r2 is standby, all real servers are up and the VIP answers. */
export async function settle(lab: Lab): Promise<void> {
  for (const server of lab.realServers) if (!server.isServing()) await server.startHttp();
  for (const router of lab.routers) {
    if (!router.isRunning()) await router.boot();
    await router.resume();
    await router.agent.signal('CONT').catch(() => {});
    for (const side of ['pub', 'prv'] as const) {
      await router.linkUp(side);
      await router.joinAgain(side);
    }
    await router.agent.waitUntilAnswers();
  }
  await lab.part(false);
  const atRest = async (): Promise<boolean> => {
    await takeBack(lab);
    const reason = await unrest(lab);
    if (reason !== null) throw new Error(reason);
    return true;
  };
  await until('the cluster to come to rest', atRest, { timeoutMs: 120_000, everyMs: 300 });
}
