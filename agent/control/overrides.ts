/** Overrides of administrators: on the disk first, then in the kernel; a disk that does not take them changes nothing. */

import type { Override, RouterStatus } from '#lib/protocol/messages.ts';
import { overrideOf, overrideText } from '#lib/protocol/override.ts';
import {
  findOverride,
  type ServerNames,
  type ServerOverride,
  withOverride,
  withoutOverride,
} from '../nanny/overrides.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { followHealth } from './converge.ts';
import type { Router } from './router.ts';

type Done = { readonly done: boolean; readonly message: string };
type Health = RouterStatus['health'][number];

/** Who is asked to do it, as it came over the wire. */
type Asked = ServerNames & { readonly by?: string | undefined };

interface KindWords {
  readonly event: string;
  readonly liftedEvent: string;
  /** What holds from now on; ends a sentence that begins with the real server. */
  readonly placed: (override: Pick<Override, 'weight'>) => string;
  readonly lifted: string;
  /** "is not drained". */
  readonly missing: string;
}

const words: Readonly<Record<Override['kind'], KindWords>> = {
  drain: {
    event: 'server-drained',
    liftedEvent: 'server-undrained',
    placed: () => 'gets no new connections',
    lifted: 'gets new connections again',
    missing: 'is not drained',
  },
  disable: {
    event: 'server-disabled',
    liftedEvent: 'server-enabled',
    placed: () => 'is out of the routing table; its checks go on',
    lifted: 'may serve again',
    missing: 'is not disabled',
  },
  weight: {
    event: 'server-weight-fixed',
    liftedEvent: 'server-weight-freed',
    placed: ({ weight }) =>
      `has the fixed weight ${weight}${weight === 0 ? ' and gets no new connections' : ''}`,
    lifted: 'has the weight of the configuration again',
    missing: 'has no fixed weight',
  },
};

const nameOf = ({ virtualServer, realServer }: ServerNames): string => `${realServer} of ${virtualServer}`;

const isOf =
  ({ virtualServer, realServer }: ServerNames) =>
  (health: Health): boolean =>
    health.virtualServer === virtualServer && health.realServer === realServer;

/** Places an override; one in the same place goes. */
export const placeOverride = (
  router: Router,
  { virtualServer, realServer, by }: Asked,
  { kind, weight }: Pick<Override, 'kind' | 'weight'>,
): Promise<Done> =>
  router.queue.run(async () => {
    const names = { virtualServer, realServer };
    if (!router.nanny.knows(names))
      return {
        done: false,
        message: `There is no real server "${realServer}" in a virtual server "${virtualServer}"`,
      };
    const before = router.nanny.overrides();
    const known = findOverride(before, names, kind);
    const message = `${nameOf(names)} ${words[kind].placed({ weight })}`;
    if (known?.weight === weight) return { done: true, message: `${message}${remarks(router, names)}` };
    const override = { ...names, kind, weight, by: by ?? null, at: router.clock.wall() };
    const event = `${message}${by === undefined ? '' : `, by ${by}`}`;
    const list = withOverride(before, override);
    return take(router, names, { list, message, event, eventKind: words[kind].event });
  });

/** Takes an override away; also one of a server that is not in the configuration now. */
export const liftOverride = (
  router: Router,
  { virtualServer, realServer, by }: Asked,
  kind: Override['kind'],
): Promise<Done> =>
  router.queue.run(async () => {
    const names = { virtualServer, realServer };
    const before = router.nanny.overrides();
    if (findOverride(before, names, kind) === undefined)
      return {
        done: false,
        message: `"${realServer}" of "${virtualServer}" ${words[kind].missing}${otherwise(router, names)}`,
      };
    const message = `${nameOf(names)} ${words[kind].lifted}`;
    const event = `${message}${by === undefined ? '' : `, by ${by}`}`;
    const list = withoutOverride(before, names, kind);
    return take(router, names, { list, message, event, eventKind: words[kind].liftedEvent });
  });

interface Taking {
  readonly list: readonly ServerOverride[];
  readonly message: string;
  readonly event: string;
  readonly eventKind: string;
}

async function take(
  router: Router,
  names: ServerNames,
  { list, message, event, eventKind }: Taking,
): Promise<Done> {
  try {
    await router.state.update({ overrides: [...list] });
  } catch (error) {
    const why = reasonOf(error);
    return { done: false, message: `This router's disk did not take it, so nothing was changed: ${why}` };
  }
  router.nanny.override(list);
  router.log.event('info', eventKind, event);
  await followHealth(router);
  router.changed();
  const [fault] = router.findings.get('table') ?? [];
  const trouble =
    fault === undefined ? '' : `; the kernel does not take it now and is asked again: ${fault.problem}`;
  return { done: true, message: `${message}${trouble}${remarks(router, names)}` };
}

/** What else holds for a server that has no such override. */
function otherwise(router: Router, names: ServerNames): string {
  const found = router.nanny.status().find(isOf(names));
  const others = found?.overrides?.map(overrideText) ?? [];
  return others.length === 0 ? '' : ` but ${others.join(' and ')}`;
}

/** What a person may not expect: the server is down all the same, or nobody of the service is left. */
function remarks(router: Router, { virtualServer, realServer }: ServerNames): string {
  const health = router.nanny.status().filter((each) => each.virtualServer === virtualServer);
  const server = health.find(isOf({ virtualServer, realServer }));
  const virtual = router.running?.config.virtualServers.find(({ name }) => name === virtualServer);
  const parts: string[] = [];
  if (server !== undefined && overrideOf('disable', server) === null) {
    if (server.state === 'disabled') parts.push('it is not active in the configuration');
    if (server.state === 'down' || server.state === 'rising' || server.state === 'unknown')
      parts.push(`it is ${server.state} now: ${server.evidence}`);
  }
  if (virtual?.enabled === true && !health.some(({ weight }) => (weight ?? 0) > 0))
    parts.push(
      `no real server of ${virtualServer} takes new connections now` +
        (virtual.sorryServer === null ? '' : `, its sorry server ${virtual.sorryServer} does`),
    );
  return parts.map((part) => `; ${part}`).join('');
}

/** Overrides of real servers that the configuration still holds. */
export const remainingOverrides = (router: Router): readonly ServerOverride[] =>
  router.nanny.overrides().filter((override) => router.nanny.knows(override));

/** A configuration is there to stay: what no server of it is left for ends. The disk knows already. */
export function endOverrides(router: Router): void {
  const remaining = remainingOverrides(router);
  const ended = router.nanny.overrides().filter((override) => !remaining.includes(override));
  if (ended.length === 0) return;
  router.nanny.override(remaining);
  for (const override of ended)
    router.log.event(
      'info',
      'override-ended',
      `${nameOf(override)} left the configuration: it is no longer ${overrideText(override)}`,
    );
}
