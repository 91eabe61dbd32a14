/** Becoming active and standby: the effects that pulse asks for, and what pulse is told of the configuration. */

import { wantedAddresses } from '../dataplane/addresses.ts';
import { removeAddresses } from '../dataplane/interfaces.ts';
import { PROC_TABLE } from '../dataplane/proc-table.ts';
import { type SyncDaemon, setSyncDaemon } from '../dataplane/sync-daemon.ts';
import type { PulseEffects, PulseMemory } from '../pulse/contract.ts';
import { reasonOf } from '../runtime/attempt.ts';
import type { AgentState } from '../store/state.ts';
import { runCommand } from './commands.ts';
import { convergeAddresses } from './converge.ts';
import { failoverServicesOf } from './failover-services.ts';
import { planPulse } from './identity.ts';
import { endHolding, finishRequests } from './requests-in-flight.ts';
import { ownAddresses, type Router, setFindings } from './router.ts';

/** Between two attempts to take addresses off. */
const RELEASE_RETRY_MS = 500;

/** What pulse may do to the router. `router` is asked for late, because pulse is made before it. */
export const pulseEffects = (router: () => Router): PulseEffects => ({
  becomeActive: (isWanted) => becomeActive(router(), isWanted),
  becomeStandby: (isPlanned) => handOver(router(), isPlanned),
  getReady: () => getReady(router()),
  announce: () => announce(router()),
  remember: (memory) => remember(router(), memory),
});

async function becomeActive(router: Router, isWanted: () => boolean): Promise<boolean> {
  return router.queue.runAtOnce(async () => {
    // Its turn may come late, after a start: what would be put on and announced then is taken off next.
    if (router.running === null || router.ending || !isWanted()) return false;
    const isAdopted = router.holding;
    router.holding = true;
    const converging = convergeAddresses(router);
    // Now that `ip` has its lines: it goes before us, and has often done them already.
    router.announcer.expect(wantedAddresses(router.running.config));
    const outcome = await converging;
    if (!outcome.ok) {
      router.holding = false;
      router.log.event('error', 'activation-failed', `This router cannot become active: ${outcome.problem}`);
      return false;
    }
    announce(router);
    // What is active since before a restart of the agent has been told so once, unless that agent was killed before.
    const isTold = isAdopted && router.state.current.activeTold !== false;
    void tellActive(router, isTold ? null : commandsOf(router).active);
    router.changed();
    return true;
  });
}

/** What a takeover would ask and do first: it has no time for it. */
function getReady(router: Router): void {
  const { running } = router;
  if (running === null || router.holding || router.ending) return;
  const wanted = wantedAddresses(running.config);
  const standing = router.host.localAddresses();
  const isFree = wanted.every(({ address }) => standing.every((place) => place.address !== address));
  router.glanced = isFree ? { at: router.clock.now(), standing } : null;
  router.selfRoutes.layAhead(wanted, standing);
}

/** A planned one lets requests in flight end first. */
async function handOver(router: Router, isPlanned: boolean): Promise<void> {
  if (!isPlanned) return becomeStandby(router);
  await finishRequests(router);
  await becomeStandby(router);
  router.letThrough = endHolding(router);
}

/** Takes the addresses off, and at the same time stops the failover services: the partner starts them next. */
export async function becomeStandby(router: Router): Promise<void> {
  router.holding = false;
  // Not waited for: a disk that hangs must keep nobody active.
  keep(router, { activeTold: false });
  await Promise.all([takeOff(router), router.services.converge([])]);
  if (!router.ending) void followRole(router, commandsOf(router).inactive);
  router.changed();
}

/** Keeps trying until that worked or the router became active again. */
async function takeOff(router: Router): Promise<void> {
  let complained = false;
  for (;;) {
    const problem = await router.queue.run(async () => {
      if (router.holding) return null;
      router.announcer.cancel();
      const wanted = router.running === null ? [] : wantedAddresses(router.running.config);
      const ours = ownAddresses(router, wanted);
      const outcome = await removeAddresses(router.exec, ours, router.host.localAddresses);
      return outcome.ok ? null : outcome.problem;
    });
    if (problem === null) break;
    if (!complained)
      router.log.event('error', 'release-failed', `A VIP cannot be taken off, trying again: ${problem}`);
    complained = true;
    await new Promise<void>((resolve) => router.clock.after(RELEASE_RETRY_MS, resolve));
  }
}

const remember = (router: Router, pulse: PulseMemory): void => keep(router, { pulse });

function keep(router: Router, change: Partial<AgentState>): void {
  router.state.update(change).catch((error: unknown) => {
    const why = reasonOf(error);
    router.log.event('warning', 'state-not-saved', `Not saved: ${why}`);
  });
}

function announce(router: Router): void {
  if (!router.holding || router.running === null) return;
  const { config } = router.running;
  router.announcer.start(wantedAddresses(config), config.global.announceRefreshSeconds * 1000);
}

/** Piranha's fos runs neither: its services have commands of their own. */
function commandsOf({ running }: Router): Record<'active' | 'inactive', string | null> {
  const global = running?.config.global;
  if (global === undefined || global.serviceKind === 'fos') return { active: null, inactive: null };
  return { active: global.activeCommand, inactive: global.inactiveCommand };
}

async function tellActive(router: Router, command: string | null): Promise<void> {
  const { running } = router;
  const starting = running === null ? null : router.services.converge(failoverServicesOf(running.config));
  await Promise.all([followRole(router, command), starting]);
  if (router.holding) keep(router, { activeTold: true });
}

/** What follows a change of role and may take its time. */
async function followRole(router: Router, command: string | null): Promise<void> {
  await convergeSyncDaemon(router);
  await runCommand(router, command);
}

/** Runs the sync daemon that belongs to the role; none when the configuration wants none. */
export async function convergeSyncDaemon(router: Router): Promise<void> {
  const global = router.running?.config.global;
  if (global === undefined) return;
  const wanted: SyncDaemon | null =
    global.syncDaemon && global.serviceKind === 'lvs' && !router.ending
      ? {
          state: router.holding ? 'master' : 'backup',
          device: global.syncDaemonInterface,
          id: global.syncDaemonId,
        }
      : null;
  if (wanted === null && (router.syncDaemonIsOff || !(await router.host.hasFile(PROC_TABLE)))) return;
  const outcome = await router.queue.run(() => setSyncDaemon(router.exec, wanted));
  router.syncDaemonIsOff = wanted === null && outcome.ok;
  const problem = outcome.ok ? null : `Connections are not synchronised: ${outcome.problem}`;
  setFindings(router, 'sync-daemon', problem === null ? [] : [{ problem, serving: false }]);
}

/**
 * Once it is known which router this is: what runs here, and what must not. As Piranha, a router that starts as a
 * standby runs `stop_cmd` and `inactive_cmd`: nobody knows what a crash has left. On an active router the failover
 * services run already, unless the agent before this one was killed before it had started them all.
 */
export function beginServices(router: Router): void {
  if (router.running === null || router.configuredAs === null) return;
  const services = failoverServicesOf(router.running.config);
  if (router.holding) {
    if (router.state.current.activeTold !== false) router.services.adopt(services);
    return;
  }
  keep(router, { activeTold: false });
  void router.services.clear(services);
  void runCommand(router, commandsOf(router).inactive);
}

/** Tells pulse what the running configuration says of it; `adopted` on the first call only. */
export async function convergePulse(router: Router, adopted: boolean): Promise<void> {
  const { running, configuredAs } = router;
  if (running === null) return;
  const keys = router.keys.keys;
  const { config, hash } = running;
  if (router.holding) void router.services.converge(failoverServicesOf(config));
  const plan = planPulse({ config, configuredAs, hash, keys });
  if (plan.kind === 'run') {
    const wasParked = router.parked;
    router.idle = null;
    router.parked = false;
    router.pulse.configure(plan.config, plan.keys, adopted, router.state.current.pulse);
    if (wasParked) router.pulse.start();
    if (router.state.current.stopped) await router.pulse.stop();
  } else if (router.idle?.reason !== plan.reason) {
    const ran = router.idle === null && !router.parked;
    router.idle = { role: plan.role, reason: plan.reason, since: router.clock.wall() };
    if (ran) {
      router.parked = true;
      await router.pulse.stop();
    }
    await becomeStandby(router);
  }
  if (configuredAs !== null) setFindings(router, 'identity', []);
}
