/** What each method does. One row a method; the compiler misses a row that is not there. */

import { hasErrors } from '#lib/lvs/diagnostics.ts';
import { checkText } from '#lib/lvs/report.ts';
import { type MethodName, type ParamsOf, PROTOCOL_VERSION, type ResultOf } from '#lib/protocol/messages.ts';
import { changeLevel } from '../runtime/log.ts';
import { apply } from './apply.ts';
import { identify } from './identity.ts';
import { liftOverride, placeOverride } from './overrides.ts';
import { Refusal } from './refusal.ts';
import { reload } from './reload.ts';
import { convergePulse } from './roles.ts';
import { problemsOf, type Router } from './router.ts';
import { statusOf } from './status.ts';
import { confirm, LONGEST_TRIAL_SECONDS, rollback } from './trial.ts';

/** What a connection lends to the methods that concern it. */
export interface Session {
  /** Sends `status` and `event` notifications from now on. */
  subscribe(intervalMs: number): void;
}

type Handlers = {
  readonly [Name in MethodName]: (
    router: Router,
    params: ParamsOf<Name>,
    session: Session,
  ) => Promise<ResultOf<Name>>;
};

const capabilities = [
  ...['dry-run', 'confirm', 'rollback', 'drain', 'switchover', 'subscribe'],
  ...['cluster-key', 'cluster-key-rotation', 'overrides'],
];
const RECENT_EVENTS = 200;

type Done = { readonly done: boolean; readonly message: string };

/** While pulse takes no part there is nothing to hand over, start or stop; the reason says why. */
const idleAnswer = (router: Router): Done | null =>
  router.idle === null ? null : { done: false, message: router.idle.reason };

/** After a change of the keys, or instead of one. */
async function keysChanged(router: Router, problem: string | null, message: string): Promise<Done> {
  if (problem !== null) return { done: false, message: problem };
  router.log.event('info', 'cluster-key-set', message);
  await convergePulse(router, router.holding);
  return { done: true, message };
}

async function setStopped(router: Router, stopped: boolean): Promise<Done> {
  const idle = idleAnswer(router);
  if (idle !== null) return idle;
  await router.state.update({ stopped });
  if (stopped) return router.pulse.stop();
  router.pulse.start();
  return { done: true, message: 'This router takes part again' };
}

export const handlers: Handlers = {
  async hello(router, { protocol }) {
    if (protocol !== PROTOCOL_VERSION)
      throw new Refusal(
        'protocol-version',
        `This agent (${router.version}) speaks protocol ${PROTOCOL_VERSION}, you speak ${protocol}: ` +
          `update the ${protocol < PROTOCOL_VERSION ? 'console' : 'agent'}`,
      );
    return {
      protocol: PROTOCOL_VERSION,
      version: router.version,
      hostname: router.host.hostname,
      capabilities,
      clusterKeyId: router.keys.keys[0]?.keyId ?? null,
      problems: problemsOf(router),
    };
  },
  status: (router) => statusOf(router),
  async subscribe(router, { intervalMs }, session) {
    session.subscribe(intervalMs);
    return { events: router.log.recent(RECENT_EVENTS) };
  },
  async 'config.get'(router) {
    const { running } = router;
    const onDisk = await router.files.read().catch(() => null);
    return {
      text: running?.text ?? null,
      serial: running?.serial ?? null,
      hash: running?.hash ?? null,
      fileText: onDisk === null || onDisk.hash === running?.hash ? null : onDisk.text,
    };
  },
  async 'config.check'(router, { text }) {
    const { config, diagnostics } = checkText(text);
    const addresses = new Set(router.host.localAddresses().map(({ address }) => address));
    const isForeign = !hasErrors(diagnostics) && identify(config, addresses) === null;
    return {
      diagnostics: [
        ...diagnostics.map(({ path, ...rest }) => (path === undefined ? rest : { ...rest, path: [...path] })),
        ...(isForeign
          ? [
              {
                code: 'not-this-router',
                severity: 'warning' as const,
                message: 'The configuration does not name this router',
              },
            ]
          : []),
      ],
    };
  },
  async 'config.apply'(router, { text, dryRun, confirmWithinSeconds, expectedHash }) {
    const seconds = confirmWithinSeconds ?? null;
    if (seconds !== null && !(seconds >= 1 && seconds <= LONGEST_TRIAL_SECONDS))
      throw new Refusal('bad-params', `confirmWithinSeconds is a number from 1 to ${LONGEST_TRIAL_SECONDS}`);
    return apply(router, {
      text,
      dryRun: dryRun ?? false,
      confirmWithinSeconds: seconds,
      expectedHash,
      origin: 'push',
    });
  },
  'config.confirm': (router) => confirm(router),
  'config.rollback': (router) => rollback(router),
  'config.reload': (router) => reload(router),
  async 'cluster.setKey'(router, { keyId, keyBase64 }) {
    const problem = await router.keys.add(keyId, keyBase64);
    return keysChanged(router, problem, `The cluster key ${keyId} is in use`);
  },
  async 'cluster.stageKey'(router, { keyId, keyBase64 }) {
    const problem = await router.keys.stage(keyId, keyBase64);
    return keysChanged(router, problem, `The cluster key ${keyId} is accepted beside the one in use`);
  },
  async 'cluster.useKey'(router, { keyId }) {
    return keysChanged(router, await router.keys.use(keyId), `The cluster key ${keyId} is in use`);
  },
  async 'cluster.retireKeys'(router, { keyId }) {
    const { peer, partnerKeyId } = router.pulse.status();
    if (router.idle === null && peer.state === 'alive' && partnerKeyId !== keyId)
      return { done: false, message: 'The partner does not sign with this key yet: those before stay valid' };
    const problem = await router.keys.retireOthers(keyId);
    return keysChanged(router, problem, `Only the cluster key ${keyId} counts from now on`);
  },
  'server.drain': (router, params) => placeOverride(router, params, { kind: 'drain', weight: null }),
  'server.undrain': (router, params) => liftOverride(router, params, 'drain'),
  'server.disable': (router, params) => placeOverride(router, params, { kind: 'disable', weight: null }),
  'server.enable': (router, params) => liftOverride(router, params, 'disable'),
  'server.setWeight': (router, { weight, ...params }) =>
    weight === null
      ? liftOverride(router, params, 'weight')
      : placeOverride(router, params, { kind: 'weight', weight }),
  switchover: async (router) => idleAnswer(router) ?? (await router.pulse.switchover()),
  'service.stop': (router) => setStopped(router, true),
  'service.start': (router) => setStopped(router, false),
  async logs(router, { limit }) {
    return { events: router.log.recent(limit) };
  },
  async 'log.level'(router, { level }) {
    if (level !== undefined) changeLevel(router.log, level);
    return { level: router.log.level() };
  },
};
