/**
 * A standby goes through a takeover now and then (watch.ts), from its partner's silence to the announcement: the same
 * code, on a stage, where programs, sockets, files, log and clock are pretended. What has never run has to be compiled first, and
 * that takes longer than all the rest of a takeover.
 */
import { wantedAddresses } from '../dataplane/addresses.ts';
import { createAnnouncer } from '../dataplane/announcer.ts';
import { type FirstWord, sayFirst } from '../dataplane/first-word.ts';
import { announcingNeighbours } from '../dataplane/neighbour-news.ts';
import { keepingSecondaries } from '../dataplane/secondaries.ts';
import { createSelfRoutes } from '../dataplane/self-routes.ts';
import { createPulse, type PulseDriver } from '../pulse/driver.ts';
import { createSerialQueue } from '../runtime/queue.ts';
import type { Clock, Exec } from '../runtime/types.ts';
import type { OpenUdpSocket } from '../runtime/udp.ts';
import { createFailoverServices } from './failover-services.ts';
import { planPulse } from './identity.ts';
import { pulseEffects } from './roles.ts';
import type { Router } from './router.ts';

/** To the router itself: what sends it is compiled, and nobody hears of it. */
const silentWord: FirstWord = { from: '127.0.0.1', to: '127.0.0.1', device: 'lo' };
/** So many steps after which a partner that says nothing must have been taken for dead. */
const STEPS_MOST = 12;

/** Gives no command, says nothing and changes nothing. */
export async function rehearseTakeover(router: Router): Promise<void> {
  const { running, configuredAs, keys } = router;
  if (running === null || router.holding) return;
  const plan = planPulse({ config: running.config, configuredAs, hash: running.hash, keys: keys.keys });
  if (plan.kind !== 'run' || !plan.config.hasBackup) return;
  const clock = createStageClock(router.clock);
  const stage = stageOf(router, clock, running.config);
  const { keepaliveMs } = plan.config;
  pulseEffects(() => stage).getReady();
  // The shortest silence will do.
  stage.pulse.configure({ ...plan.config, deadtimeMs: keepaliveMs }, plan.keys, false);
  for (let taken = 0; taken < STEPS_MOST && !stage.holding; taken += 1) clock.pass(keepaliveMs / 2);
  await nextTurn();
  clock.pass(0);
  stage.announcer.cancel();
  stage.pulse.close();
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function stageOf(router: Router, clock: Clock, config: Parameters<typeof wantedAddresses>[0]): Router {
  const wanted = wantedAddresses(config);
  let isOn = false;
  const exec: Exec = async () => {
    isOn = true;
    return { code: 0, stdout: '', stderr: '', timedOut: false };
  };
  const host = {
    ...router.host,
    localAddresses: () => [...router.host.localAddresses(), ...(isOn ? wanted : [])],
    sendFirstWord: () => isOn && router.host.sendFirstWord(silentWord),
  };
  const sysctl = { read: host.readTextNow, write: () => false };
  const selfRoutes = createSelfRoutes(keepingSecondaries(announcingNeighbours(exec, sysctl), sysctl), {
    exec,
    clock,
    host,
    ready: { feed: () => true, isWaiting: () => true },
  });
  const log = { ...router.log, event() {}, debug() {} };
  const pulse: PulseDriver = createPulse(
    { clock, log, openSocket: openNoSocket },
    pulseEffects(() => stage),
  );
  const stage: Router = {
    ...router,
    clock,
    log,
    exec: selfRoutes.exec,
    host,
    pulse,
    selfRoutes,
    state: { ...router.state, update: async () => {} },
    announcer: createAnnouncer({
      clock,
      exec,
      sayFirst: (places) => sayFirst(host, places, selfRoutes.wordFrom),
      isGratuitous: () => false,
    }),
    services: createFailoverServices({ run: async () => null, onFindings() {} }),
    queue: createSerialQueue(),
    findings: new Map(),
    changed() {},
  };
  return stage;
}

const openNoSocket: OpenUdpSocket = ({ onBound }) => {
  onBound();
  return { send() {}, close() {} };
};

/** Its time passes at a word. */
function createStageClock(real: Clock): Clock & { pass(ms: number): void } {
  let now = real.now();
  const timers = new Map<symbol, { readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    wall: real.wall,
    after(delayMs, callback) {
      const id = Symbol();
      timers.set(id, { at: now + delayMs, callback });
      return () => timers.delete(id);
    },
    pass(ms) {
      now += ms;
      for (const [id, { at, callback }] of timers) {
        // One that another one of them has cancelled is gone from here.
        if (at <= now && timers.delete(id)) callback();
      }
    },
  };
}
