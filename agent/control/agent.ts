/** One agent: its parts put together, its start and its ends. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createCompiler } from '#lib/ipvs/compile.ts';
import { isTakenOut } from '#lib/protocol/override.ts';
import { createAnnouncer } from '../dataplane/announcer.ts';
import { createTableComparison } from '../dataplane/drift.ts';
import { sayFirst } from '../dataplane/first-word.ts';
import { createKernelTicks } from '../dataplane/kernel-ticks.ts';
import { lendSettings } from '../dataplane/lent-settings.ts';
import { announcingNeighbours } from '../dataplane/neighbour-news.ts';
import { createReadyIp } from '../dataplane/ready-ip.ts';
import { keepingSecondaries } from '../dataplane/secondaries.ts';
import { createSelfRoutes } from '../dataplane/self-routes.ts';
import type { Nanny, NannyOptions } from '../nanny/contract.ts';
import type { AgentOptions } from '../options.ts';
import type { PulseEffects } from '../pulse/contract.ts';
import type { PulseDriver } from '../pulse/driver.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { removeHalfWritten } from '../runtime/files.ts';
import { createSerialQueue } from '../runtime/queue.ts';
import { openClusterKeys } from '../store/cluster-keys.ts';
import { openConfigFiles } from '../store/config-files.ts';
import { openStateFile } from '../store/state.ts';
import { atMostEvery } from './at-most-every.ts';
import { runCommand } from './commands.ts';
import { followHealth } from './converge.ts';
import { createFailoverServices } from './failover-services.ts';
import { removeMarks } from './marks.ts';
import { reload } from './reload.ts';
import { becomeStandby, convergeSyncDaemon, pulseEffects } from './roles.ts';
import { type Edges, type Router, setFindings } from './router.ts';
import { type ControlServer, listen } from './server.ts';
import { start } from './start.ts';
import { track } from './tracking.ts';
import { type Watch, watch } from './watch.ts';

/** A service may take its time to start or to stop. */
const SERVICE_COMMAND_LIMIT_MS = 60_000;
/** How long a hand-over may take before the agent ends without it. */
const HAND_OVER_LIMIT_MS = 15_000;

/** Of many changes of health the partner hears this often: all real servers are counted for it. */
const TELL_PAUSE_MS = 1000;

export interface AgentParts {
  createNanny(edges: Edges, options: NannyOptions): Nanny;
  createPulse(edges: Edges, effects: PulseEffects): PulseDriver;
}

export interface Agent {
  readonly router: Router;
  readonly watching: Watch;
  /** SIGHUP: takes the file on disk in. */
  reload(): Promise<void>;
  /** SIGTERM: hands over, takes the addresses off, ends. The routing table stays. */
  shutDown(): Promise<void>;
  /** SIGUSR2: ends and leaves everything in place. */
  leave(): Promise<void>;
}

/** Starts an agent. Rejects when it cannot even listen on its socket. */
export async function startAgent(
  edges: Edges,
  parts: AgentParts,
  options: AgentOptions & { readonly version: string },
): Promise<Agent> {
  const router = await createRouter(edges, parts, options);
  const server = await listen(router, options.runFolder);
  router.changed = server.changed;
  await start(router);
  const [watching, tracking] = [watch(router), track(router)];
  const end = (): void => {
    watching.end();
    tracking.end();
  };
  return agentOf(router, server, { ...watching, end });
}

async function createRouter(
  edges: Edges,
  parts: AgentParts,
  options: AgentOptions & { readonly version: string },
): Promise<Router> {
  const { stateFolder, runFolder } = options;
  const complain = (problem: string): void => edges.log.event('warning', 'state-damaged', problem);
  const files = openConfigFiles(options.configPath, stateFolder);
  await Promise.all([files.tidy(), removeHalfWritten(stateFolder)]);
  const state = await openStateFile(join(stateFolder, 'state.json'), complain);
  const keys = await openClusterKeys(join(stateFolder, 'cluster-key.json'), complain);
  let converging = false;
  const tell = atMostEvery(edges.clock, TELL_PAUSE_MS, () => tellHealth(router));
  const onHealth = (): void => {
    router.changed();
    tell();
    if (converging) return;
    converging = true;
    void router.queue
      .run(() => {
        converging = false;
        return followHealth(router);
      })
      .catch((error: unknown) => edges.log.event('error', 'converge-failed', String(error)));
  };
  const ticks = createKernelTicks();
  const readyIp = createReadyIp(edges.exec, edges.prepare);
  const sysctl = lendSettings(
    { read: edges.host.readTextNow, write: edges.host.writeTextNow },
    join(runFolder, 'settings'),
  );
  for (const path of sysctl.putBack())
    edges.log.event('info', 'setting-put-back', `${path} is as before the agent before this one was killed`);
  const selfRoutes = createSelfRoutes(
    keepingSecondaries(announcingNeighbours(readyIp.exec, sysctl), sysctl),
    { ...edges, ready: readyIp },
  );
  const router: Router = {
    ...edges,
    exec: selfRoutes.exec,
    readyIp,
    selfRoutes,
    version: options.version,
    runId: randomBytes(8).toString('hex'),
    startedAt: edges.clock.now(),
    files,
    state,
    keys,
    nanny: parts.createNanny(edges, { onChange: onHealth, overrides: state.current.overrides }),
    pulse: parts.createPulse(
      edges,
      pulseEffects(() => router),
    ),
    services: createFailoverServices({
      run: (line) => runCommand(router, line, SERVICE_COMMAND_LIMIT_MS),
      onFindings: (found) => setFindings(router, 'failover-services', found),
    }),
    announcer: createAnnouncer({
      ...edges,
      sayFirst: (places) => sayFirst(edges.host, places, selfRoutes.wordFrom),
      isGratuitous: (address) => selfRoutes.wordFrom(address) !== undefined,
    }),
    compile: createCompiler(),
    ticks,
    compare: createTableComparison(ticks),
    queue: createSerialQueue(),
    running: null,
    configuredAs: null,
    idle: { role: 'listening', reason: 'The agent starts', since: edges.clock.wall() },
    parked: false,
    holding: false,
    syncDaemonIsOff: false,
    left: null,
    leftMarks: null,
    seen: null,
    glanced: null,
    reportedForeign: [],
    retryAt: 0,
    reportedFileHash: null,
    findings: new Map(),
    letThrough: Promise.resolve(),
    ending: false,
    changed: () => {},
  };
  return router;
}

/** The partner hears in each heartbeat how many real servers answer. */
function tellHealth(router: Router): void {
  const checked = router.nanny.status().filter((server) => server.state !== 'disabled' || isTakenOut(server));
  router.pulse.setHealth(checked.filter(({ state }) => state === 'up').length, checked.length);
}

function agentOf(router: Router, server: ControlServer, watching: Watch): Agent {
  const end = async (): Promise<void> => {
    watching.end();
    router.nanny.stop();
    router.pulse.close();
    router.announcer.cancel();
    router.readyIp.keep(false);
    await router.selfRoutes.clear();
    await server.close();
  };
  return {
    router,
    watching,
    async reload() {
      await reload(router).catch((error: unknown) =>
        router.log.event('error', 'config-refused', reasonOf(error)),
      );
    },
    async shutDown() {
      watching.end();
      router.log.event('info', 'agent-stopping', 'The agent hands over and ends');
      if (router.idle === null) await Promise.race([router.pulse.stop(), limit(router, HAND_OVER_LIMIT_MS)]);
      await Promise.race([router.letThrough, limit(router, HAND_OVER_LIMIT_MS)]);
      router.ending = true;
      await Promise.race([becomeStandby(router), limit(router, HAND_OVER_LIMIT_MS)]);
      await convergeSyncDaemon(router);
      await router.queue.run(() => removeMarks(router));
      await end();
    },
    async leave() {
      router.ending = true;
      router.log.event('info', 'agent-stopping', 'The agent ends and leaves everything in place');
      // What is under way in the kernel is finished first; the next agent adopts the outcome.
      await router.queue.run(async () => {});
      await end();
    },
  };
}

const limit = (router: Router, ms: number): Promise<void> =>
  new Promise((resolve) => router.clock.after(ms, resolve));
