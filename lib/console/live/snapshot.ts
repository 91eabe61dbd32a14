/** What browsers see of a cluster, put together from the links and the database. Pure. */
import type { LinkView } from '#lib/platform/router-port.ts';
import type {
  LiveDebt,
  LivePush,
  LiveRouter,
  LiveSnapshot,
  LiveTrial,
  RouterRole,
} from '#lib/protocol/live.ts';
import { type Owed, stepFor, wantedText } from '../overrides/owed.ts';
import type { StoredTrial } from '../revisions/trial.ts';
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
  readonly owed: readonly Owed[];
  readonly trial: StoredTrial | null;
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

/** What memory adds to the facts. */
interface Present {
  readonly viewOf: (routerId: string) => LinkView | null;
  readonly push: LivePush | null;
  readonly at: string;
}

export function snapshotOf(facts: ClusterFacts, { viewOf, push, at }: Present): LiveSnapshot {
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
    debts: facts.owed.flatMap((owed) => liveDebt(owed, routers)),
    push,
    trial:
      facts.trial &&
      liveTrial(
        facts.trial,
        (id) => routers.find((router) => router.id === id)?.status?.config.confirmSecondsLeft ?? null,
      ),
    events,
  };
}

/** What is owed to a router as browsers see it; nothing of one that has it by now. */
function liveDebt(owed: Owed, routers: readonly LiveRouter[]): readonly LiveDebt[] {
  const router = routers.find(({ id }) => id === owed.routerId);
  if (router === undefined) return [];
  const step = stepFor(owed, router.name, router.status?.health ?? null);
  if (step.kind === 'done') return [];
  return [
    {
      id: owed.id,
      router: router.name,
      what: wantedText(owed.wanted, owed),
      by: owed.by,
      at: owed.at.toISOString(),
      why: step.kind === 'wait' ? step.why : `${router.name} is told now`,
      isContested: step.kind === 'wait' && step.isContested,
    },
  ];
}

/** The trial as browsers see it; `secondsLeft` asks what a router said last. */
const liveTrial = (trial: StoredTrial, secondsLeft: (routerId: string) => number | null): LiveTrial => ({
  id: trial.id,
  serial: trial.serial,
  by: trial.by,
  startedAt: trial.startedAt.toISOString(),
  seconds: trial.seconds,
  outcome: trial.outcome === 'rolled-back' || trial.outcome === 'mixed' ? trial.outcome : null,
  message: trial.message,
  routers: trial.parts.map(({ routerId, name, outcome }) => ({
    name,
    state: outcome,
    secondsLeft: outcome === 'trial' ? secondsLeft(routerId) : null,
  })),
});
