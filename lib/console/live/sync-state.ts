/** Whether all routers run what the console pushed last, in one word and one sentence. Pure. */
import type { LiveRouter, LiveSnapshot, SyncState } from '#lib/protocol/live.ts';

/** Revisions of the cluster by hash. */
export type KnownRevisions = ReadonlyMap<string, number>;

export interface LastRevision {
  readonly serial: number;
  readonly hash: string;
}

type Sync = LiveSnapshot['sync'];

const sync = (state: SyncState, message: string): Sync => ({ state, message });

/** "a", "a and b", "a, b and c". */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/**
 * Why a router's configuration is not the console's, or null when it is of some revision (or there is none).
 * `takenIn`: hash of a file that the draft holds already, which counts as the console's.
 */
export function handChangeOf(
  router: Pick<LiveRouter, 'name' | 'status'>,
  known: KnownRevisions,
  takenIn: string | null = null,
): string | null {
  const config = router.status?.config;
  if (!config) return null;
  const { hash, fileHash } = config;
  if (hash !== null && hash !== takenIn && !known.has(hash)) {
    return `${router.name} runs a configuration that is of no revision`;
  }
  if (fileHash !== null && fileHash !== hash && fileHash !== takenIn) {
    return `the file lvs.cf on ${router.name} was changed by hand and is not what the router runs`;
  }
  return null;
}

/** What a router runs, in words. */
function runs(router: LiveRouter, known: KnownRevisions): string {
  const hash = router.status?.config.hash ?? null;
  if (router.status === null) return `what ${router.name} runs is unknown`;
  if (hash === null) return `${router.name} has no configuration yet`;
  const serial = known.get(hash);
  return serial === undefined
    ? `${router.name} runs what is of no revision`
    : `${router.name} runs revision ${serial}`;
}

export function syncOf(
  routers: readonly LiveRouter[],
  last: LastRevision | null,
  known: KnownRevisions,
): Sync {
  if (routers.length === 0) {
    return sync(last === null ? 'never-pushed' : 'pending', 'This cluster has no router yet');
  }
  const silent = routers.filter((router) => router.status === null);
  const changes = routers.flatMap((router) => handChangeOf(router, known) ?? []);
  const away = silent.length === 0 ? '' : `; ${listed(silent.map(({ name }) => name))} cannot be asked`;
  if (changes.length > 0) {
    return sync(
      'changed-on-router',
      `${capital(listed(changes))}${away}. Take it into the draft, or overwrite it with Sync to backup or a push`,
    );
  }
  if (silent.length > 0) {
    const others = routers.filter((router) => router.status !== null).map((router) => runs(router, known));
    return sync(
      'unreachable',
      `${listed(silent.map(({ name }) => name))} cannot be asked${others.length > 0 ? `; ${listed(others)}` : ''}`,
    );
  }
  if (last === null) return sync('never-pushed', 'Nothing was pushed yet');
  return compare(routers, last, known);
}

/** All routers answer, and each runs a known revision or nothing. */
function compare(routers: readonly LiveRouter[], last: LastRevision, known: KnownRevisions): Sync {
  const hashes = new Set(routers.map((router) => router.status?.config.hash ?? null));
  const inWords = listed(routers.map((router) => runs(router, known)));
  if (hashes.size > 1) {
    return sync('backup-behind', `The routers differ: ${inWords}. The last revision is ${last.serial}`);
  }
  if (!hashes.has(last.hash)) {
    return sync('pending', `Revision ${last.serial} is on no router yet: ${inWords}`);
  }
  return routers.length === 1
    ? sync('single', `${routers[0]?.name} runs revision ${last.serial}; there is no backup router`)
    : sync('in-sync', `All routers run revision ${last.serial}`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
