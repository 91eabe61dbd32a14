/** What browsers see of a cluster, put together from the links and the database. Pure. */
import type { LinkView } from '#lib/platform/router-port.ts';
import type { LiveRouter, LiveSnapshot, RouterRole } from '#lib/protocol/live.ts';
import { type KnownRevisions, type LastRevision, syncOf } from './sync-state.ts';

export interface KnownRouter {
  readonly id: string;
  readonly role: RouterRole;
  readonly name: string;
  readonly address: string;
  readonly fingerprint: string | null;
  readonly createdAt: string;
}

/** What the database knows of a cluster; read again after each change. */
export interface ClusterFacts {
  readonly clusterId: string;
  readonly routers: readonly KnownRouter[];
  readonly last: LastRevision | null;
  readonly revisions: KnownRevisions;
  readonly draftChanges: number;
}

const MOST_EVENTS = 50;

const notEnrolled = (router: KnownRouter): LinkView => ({
  link: 'not-enrolled',
  message: `The host key of ${router.name} was not accepted yet: compare its fingerprint and accept it`,
  since: router.createdAt,
  status: null,
  lastSeenAt: null,
  events: [],
});

export function snapshotOf(
  facts: ClusterFacts,
  viewOf: (routerId: string) => LinkView | null,
  at: string,
): LiveSnapshot {
  const views = facts.routers.map((router) => ({ router, view: viewOf(router.id) ?? notEnrolled(router) }));
  const routers: readonly LiveRouter[] = views.map(({ router, view }) => ({
    id: router.id,
    role: router.role,
    name: router.name,
    address: router.address,
    link: view.link,
    linkMessage: view.message,
    linkSince: view.since,
    status: view.link === 'connected' ? view.status : null,
    lastSeenAt: view.lastSeenAt,
  }));
  const events = views
    .flatMap(({ router, view }) => view.events.map((event) => ({ ...event, router: router.name })))
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, MOST_EVENTS);
  return {
    clusterId: facts.clusterId,
    at,
    routers,
    sync: syncOf(routers, facts.last, facts.revisions),
    revision: facts.last,
    draftChanges: facts.draftChanges,
    events,
  };
}
