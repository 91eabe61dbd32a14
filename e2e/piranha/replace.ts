/** An agent in the place of a Piranha: the same configuration, Piranha's timing. */
import { exampleConfig } from '#e2e/cluster/example.ts';
import { configFile } from '#e2e/lab/agent-host.ts';
import { vip } from '#e2e/lab/places.ts';
import type { Router } from '#e2e/lab/router.ts';
import { PIRANHA_DEADTIME_SECONDS, PIRANHA_KEEPALIVE_SECONDS } from './settings.ts';

const config = exampleConfig({ servers: { rs1: 1, rs2: 1 }, serial: 77 })
  .replace(/^keepalive = .*$/m, `keepalive = ${PIRANHA_KEEPALIVE_SECONDS}`)
  .replace(/^deadtime = .*$/m, `deadtime = ${PIRANHA_DEADTIME_SECONDS}`);

/** A takeover is to be under way within the dead time; the rest is what an emulated router needs for it. */
export const LONGEST_GAP_MS = (PIRANHA_DEADTIME_SECONDS + 3) * 1000;

/** What an administrator does on the router that is replaced: lvs.cf stays, the agent takes Piranha's place. */
export async function startAgent(router: Router): Promise<void> {
  await router.writeFile(configFile, config);
  await router.agent.install();
  await router.agent.start();
}

export const holdsVip = async (router: Router): Promise<boolean> =>
  (await router.addresses('eth0')).includes(vip);
