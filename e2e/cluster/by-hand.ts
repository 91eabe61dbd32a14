/** The example cluster without a console: agents installed, a cluster key set, lvs.cf applied by shoalctl. */
import { randomBytes } from 'node:crypto';
import type { Lab } from '#e2e/lab/lab.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';

/** Gives both routers one key, so that their heartbeats are signed. */
export async function shareClusterKey(lab: Lab): Promise<void> {
  const key = { keyId: 'lab', keyBase64: randomBytes(32).toString('base64') };
  for (const router of lab.routers) await router.agent.rpc.request('cluster.setKey', key);
}

/** Where a configuration lies on the router for shoalctl. */
export const APPLIED_FILE = '/run/lab-lvs.cf';

/** Applies a configuration on a running router by shoalctl. */
export async function applyConfig(router: Router, config: string): Promise<void> {
  await router.writeFile(APPLIED_FILE, config);
  const { code, stdout, stderr } = await router.agent.shoalctl(['apply', APPLIED_FILE]);
  if (code !== 0) throw new Error(`shoalctl apply on ${router.name} ended with ${code}: ${stdout}${stderr}`);
}

/** Applies a configuration on both routers, the backup first, and waits until the VIP answers. */
export async function applyEverywhere(lab: Lab, config: string): Promise<void> {
  await applyConfig(lab.r2, config);
  await applyConfig(lab.r1, config);
  const answers = (): Promise<string | null> => lab.client.curl(`http://${vip}/`, 1);
  await until('the VIP to answer', answers, { timeoutMs: 30_000, everyMs: 200 });
}

/** The emulator may take many seconds to start Node.js on a busy machine; a router takes a few hundred milliseconds. */
const PATIENT_DEADTIME_SECONDS = 30;

/** Applies what `change` makes of each router's lvs.cf, the backup's first; returns the way back. */
export async function withConfig(lab: Lab, change: (text: string) => string): Promise<() => Promise<void>> {
  const before = new Map<Router, string>();
  for (const router of [lab.r2, lab.r1]) {
    const { text } = await router.agent.rpc.request('config.get', {});
    before.set(router, text ?? '');
    const changed = change(text ?? '');
    if (changed === text)
      throw new Error(`${router.name} runs a configuration without a place for the change`);
    await applyConfig(router, changed);
  }
  return async () => {
    for (const [router, text] of before) await applyConfig(router, text);
  };
}

/** Lines for the top level of lvs.cf besides; the text has none of them yet. */
export const withLines =
  (...lines: readonly string[]) =>
  (text: string): string =>
    text.replace(/^heartbeat = .*$/m, (line) => [line, ...lines].join('\n'));

/** Gives both routers a deadtime in which an agent can be killed and start again; returns the way back. */
export const withPatience = (lab: Lab): Promise<() => Promise<void>> =>
  withConfig(lab, (text) => text.replace(/^deadtime = .*$/m, `deadtime = ${PATIENT_DEADTIME_SECONDS}`));

/** As `withPatience`; a primary that returns takes the service back when it has listened for that deadtime, not later. */
export const withQuickReturn = (lab: Lab): Promise<() => Promise<void>> =>
  withConfig(lab, (text) =>
    text.replace(/^deadtime = .*$/m, `deadtime = ${PATIENT_DEADTIME_SECONDS}\n#@ hold_down = 0`),
  );
