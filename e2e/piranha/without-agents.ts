/** Takes the agents off both routers for a while, with all they know, and puts them back as they were. */
import type { Lab } from '#e2e/lab/lab.ts';
import type { Router } from '#e2e/lab/router.ts';

const kept = '/var/lib/kept-by-the-lab';
const folders = '/etc/sysconfig/ha /var/lib/shoal';

/** Ends the agent; nothing of it is left running, in the kernel or at the next boot. */
async function takeAway(router: Router): Promise<void> {
  router.agent.rpc.close();
  await router.agent.stop();
  const script =
    `rm -rf ${kept} && mkdir -p ${kept} && for f in ${folders}; do [ -e "$f" ] && mkdir -p "${kept}$f" && ` +
    `cp -a "$f/." "${kept}$f/" && rm -rf "$f"; done; rm -f /etc/shoal-lab/agent; ipvsadm -C; sync`;
  await router.on(['sh', '-c', script]);
}

async function putBack(router: Router): Promise<void> {
  if (!router.isRunning()) await router.boot();
  router.agent.rpc.close();
  await router.agent.stop();
  const script =
    'kill "$(cat /run/piranha-pulse.pid 2>/dev/null)" 2>/dev/null; sleep 1; ipvsadm -C; ' +
    `for f in ${folders}; do rm -rf "$f"; mkdir -p "$f"; cp -a "${kept}$f/." "$f/"; done`;
  await router.on(['sh', '-c', script]);
  await router.agent.start();
}

/**
 * Runs `act` on two routers without agents. The console sleeps meanwhile: it would give the cluster key to whatever
 * answers.
 */
export async function withoutAgents(lab: Lab, act: () => Promise<void>): Promise<void> {
  const console = Number(/session-(\d+)\.json$/.exec(process.env.SHOAL_TEST_SESSION ?? '')?.[1]);
  process.kill(console, 'SIGSTOP');
  let failure: unknown = null;
  try {
    for (const router of [lab.r2, lab.r1]) await takeAway(router);
    await act();
  } catch (error) {
    failure = error;
  }
  try {
    for (const router of [lab.r1, lab.r2]) await putBack(router);
  } catch (error) {
    // What went wrong first is what matters.
    failure ??= error;
  } finally {
    process.kill(console, 'SIGCONT');
  }
  if (failure !== null) throw failure;
}
