/** The methods of the protocol, answered by a router in memory. */
import { hasErrors } from '#lib/lvs/diagnostics.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import type { Request } from '#lib/protocol/codec.ts';
import {
  type AgentMessage,
  type MethodName,
  type ParamsOf,
  PROTOCOL_VERSION,
  type ResultOf,
} from '#lib/protocol/messages.ts';
import type { FakeRouter } from './router.ts';

type Handlers = {
  readonly [Name in MethodName]: (router: FakeRouter, params: ParamsOf<Name>) => ResultOf<Name>;
};

const done = (message: string) => ({ done: true, message });

const handlers: Handlers = {
  hello: (router) => ({
    protocol: PROTOCOL_VERSION,
    version: '0.1.0',
    hostname: router.options.name,
    capabilities: [],
    clusterKeyId: null,
    problems: [],
  }),
  status: (router) => router.status(),
  subscribe: (router) => ({ events: router.events.slice(0, 50) }),
  'config.get': (router) => {
    const { config } = router.status();
    return {
      text: router.text,
      serial: config.serial,
      hash: config.hash,
      fileText: router.fileText === router.text ? null : router.fileText,
    };
  },
  'config.check': (_router, { text }) => {
    const { config, diagnostics } = parseConfig(text);
    const all = hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...validateConfig(config)];
    return {
      diagnostics: all.map(({ path, ...rest }) => ({ ...rest, ...(path ? { path: [...path] } : {}) })),
    };
  },
  'config.apply': (router, { text, dryRun, confirmWithinSeconds }) =>
    router.apply(text, dryRun ?? false, confirmWithinSeconds ?? null),
  'config.confirm': (router) =>
    router.confirm() ? done('It stays') : { done: false, message: 'Nothing was on trial' },
  'config.rollback': (router) => router.rollBack(),
  'config.reload': (router) => router.apply(router.fileText ?? '', false),
  'cluster.setKey': () => done('The key is in use'),
  'cluster.stageKey': () => done('The key is accepted'),
  'cluster.useKey': () => done('The key is in use'),
  'cluster.retireKeys': () => done('Only this key counts'),
  'server.drain': (router, params) => {
    router.override(params, 'drain', null);
    return done(`${params.realServer} gets no new connections`);
  },
  'server.undrain': (router, { virtualServer, realServer }) => {
    router.lift({ virtualServer, realServer }, 'drain');
    return done(`${realServer} gets its share again`);
  },
  'server.disable': (router, params) => {
    router.override(params, 'disable', null);
    return done(`${params.realServer} is out of the routing table`);
  },
  'server.enable': (router, params) => {
    router.lift(params, 'disable');
    return done(`${params.realServer} may serve again`);
  },
  'server.setWeight': (router, { weight, ...params }) => {
    if (weight === null) router.lift(params, 'weight');
    else router.override(params, 'weight', weight);
    return done(`${params.realServer} has the weight ${weight ?? 'of the configuration'}`);
  },
  switchover: (router) => {
    const { partner } = router;
    if (!partner) return { done: false, message: 'There is no partner' };
    router.become('standby', 'an administrator switched over');
    partner.become('active', 'an administrator switched over');
    return done(`${partner.options.name} is active now`);
  },
  'service.stop': (router) => {
    router.partner?.become('active', 'the partner was stopped');
    router.become('stopped', 'an administrator stopped the service');
    return done('The service is stopped');
  },
  'service.start': (router) => {
    router.become('standby', 'the partner is active');
    return done('The service takes part again');
  },
  logs: (router, { limit }) => ({ events: router.events.slice(0, limit) }),
  'log.level': (_router, { level }) => ({ level: level ?? 'info' }),
};

/** The answer to one request, as a message of the protocol. */
export const answer = (router: FakeRouter, request: Request): AgentMessage => ({
  id: request.id,
  result: call(router, request),
});

/** Each method's handler takes its own parameters: the variants of a request and the rows here have one key. */
function call<Name extends MethodName>(
  router: FakeRouter,
  request: { method: Name; params: ParamsOf<Name> },
) {
  return handlers[request.method](router, request.params);
}
