/** Health of the real servers as the routers see it, side by side. Pure. */
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus, RouterStatus } from '#lib/protocol/messages.ts';

/** A virtual server as the console's draft has it: for its place, its service and when no router can be asked. */
export interface KnownVirtual {
  readonly id: string;
  readonly name: string;
  /** As ipvsadm names it; null when it has no address yet. */
  readonly service: string | null;
  readonly servers: readonly string[];
}

export interface HealthRow {
  readonly realServer: string;
  /** null while no router that can be asked knows it. */
  readonly endpoint: string | null;
  /** In the order of the routers; null = that router does not say. */
  readonly seen: readonly (HealthStatus | null)[];
  /** What the router that matters says: the active one, else the first that can be asked. */
  readonly leading: HealthStatus | null;
  readonly connections: { readonly active: number; readonly inactive: number } | null;
}

export interface HealthGroup {
  readonly virtualServer: string;
  readonly known: KnownVirtual | null;
  readonly rows: readonly HealthRow[];
  readonly up: number;
}

/** The router whose view is shown where there is room for one. */
export function leadingRouter(routers: readonly LiveRouter[]): LiveRouter | null {
  const asked = routers.filter((router) => router.status !== null);
  return asked.find((router) => router.status?.role === 'active') ?? asked[0] ?? null;
}

/** One group for each virtual server that a router or the draft knows, in the order of the draft. */
export function healthGroups(
  routers: readonly LiveRouter[],
  known: readonly KnownVirtual[],
): readonly HealthGroup[] {
  const leading = leadingRouter(routers);
  const reported = routers.flatMap(({ status }) => status?.health ?? []);
  const reportedOf = new Map<string, Set<string>>();
  for (const { virtualServer, realServer } of reported) {
    const servers = reportedOf.get(virtualServer) ?? new Set();
    reportedOf.set(virtualServer, servers.add(realServer));
  }
  const order = new Map(known.map(({ name }, index) => [name, index] as const).reverse());
  const names = [...(leading ? reportedOf.keys() : known.map(({ name }) => name))].sort(
    (a, b) => (order.get(a) ?? known.length) - (order.get(b) ?? known.length),
  );
  const views = routers.map(({ status }) => viewOf(status));
  const leadingView = viewOf(leading?.status ?? null);
  const places = placesOf(leading?.status ?? null);
  return names.map((virtualServer) => {
    const ofDraft = known[order.get(virtualServer) ?? -1] ?? null;
    const servers = reportedOf.get(virtualServer) ?? ofDraft?.servers ?? [];
    const rows = [...servers].map((realServer): HealthRow => {
      const key = keyOf(virtualServer, realServer);
      const seen = views.map((view) => view.get(key) ?? null);
      const first = leadingView.get(key) ?? seen.find((status) => status !== null) ?? null;
      return {
        realServer,
        endpoint: first ? `${first.address}:${first.port}` : null,
        seen,
        leading: first,
        connections: first ? connectionsOf(places, first, ofDraft?.service ?? null) : null,
      };
    });
    return {
      virtualServer,
      known: ofDraft,
      rows,
      up: rows.filter(({ leading: status }) => status?.state === 'up').length,
    };
  });
}

const keyOf = (virtualServer: string, realServer: string): string => `${virtualServer}\n${realServer}`;

const viewOf = (status: RouterStatus | null): ReadonlyMap<string, HealthStatus> =>
  new Map((status?.health ?? []).map((row) => [keyOf(row.virtualServer, row.realServer), row]));

interface Place {
  readonly service: string;
  readonly destination: RouterStatus['services'][number]['destinations'][number];
}

/** Where each endpoint stands in the kernel's table. */
function placesOf(status: RouterStatus | null): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const { service, destinations } of status?.services ?? []) {
    for (const destination of destinations) {
      const key = `${destination.address} ${destination.port}`;
      const there = places.get(key);
      if (there) there.push({ service, destination });
      else places.set(key, [{ service, destination }]);
    }
  }
  return places;
}

/** The kernel counts by service; a status does not say which service a health row belongs to, the draft does. */
function connectionsOf(
  all: ReadonlyMap<string, readonly Place[]>,
  health: HealthStatus,
  service: string | null,
): HealthRow['connections'] {
  const places = all.get(`${health.address} ${health.port}`) ?? [];
  const place = places.length === 1 ? places[0] : places.find((each) => each.service === service);
  if (!place) return null;
  return { active: place.destination.activeConnections, inactive: place.destination.inactiveConnections };
}

const isIll = ({ leading }: HealthRow): boolean =>
  leading === null || leading.state === 'down' || leading.state === 'rising';

/** Whether a person should look at this virtual server first. */
export const needsAttention = ({ rows, up }: HealthGroup): boolean =>
  rows.some(isIll) || (rows.length > 0 && up === 0);

/** More rows than this in one list are too many to find the one that is down. */
export const MANY_ROWS = 40;

/** In the order of the configuration; of many, those that a person should look at come first. */
export const rowsInOrder = ({ rows }: HealthGroup): readonly HealthRow[] =>
  rows.length <= MANY_ROWS ? rows : [...rows.filter(isIll), ...rows.filter((row) => !isIll(row))];
