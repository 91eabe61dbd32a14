/**
 * Pushing: the draft becomes a revision and goes to the routers; a router that was away catches up; the backup
 * gets what the active router runs. One at a time per cluster.
 */
import 'server-only';
import { formatConfig } from '#lib/lvs/format.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import type { Database } from '#lib/platform/database.ts';
import { singleton } from '#lib/platform/singleton.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { PushReport, RouterPlan, RouterPushResult } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { configOf } from '../draft/draft.ts';
import { handChangeOf, type KnownRevisions, listed } from '../live/sync-state.ts';
import { type ClusterMember, type Ports, readMembers } from '../routers/data.ts';
import { lastRevision, type Revision, revisionsByHash } from './data.ts';
import { insertResults, insertRevision } from './mutations.ts';
import { isUnchanged, nextSerial } from './review.ts';
import { type Asked, askStatus, planOn, resultOf, sendToAll } from './send.ts';

export interface PushDeps {
  readonly db: Database;
  readonly ports: Ports;
}

export interface PushOptions {
  /** Overwrites what was changed on a router by hand, too. */
  readonly overwrite?: boolean;
}

const running = (): Set<string> => singleton('pushes', () => new Set<string>());

/** One push per cluster at a time: two would interleave on the routers. */
export async function alone(clusterId: string, work: () => Promise<PushReport>): Promise<PushReport> {
  const begin = performance.now();
  if (running().has(clusterId))
    return stopped('Somebody else is pushing to this cluster right now. Try again in a moment');
  running().add(clusterId);
  try {
    return { ...(await work()), durationMs: Math.round(performance.now() - begin) };
  } finally {
    running().delete(clusterId);
  }
}

/** A report of a push that did not begin. */
export const stopped = (message: string): PushReport => ({
  outcome: 'nowhere',
  serial: null,
  message,
  routers: [],
  durationMs: 0,
});

/** Serial numbers that routers run. */
const runningSerials = (members: readonly ClusterMember[]): readonly number[] =>
  members.flatMap(({ port }) => port?.view.status?.config.serial ?? []);

/** The configurations that the console has seen: overwriting one of them loses nothing. */
async function readSeen(db: Database, clusterId: string) {
  const cluster = await db.cluster.findUnique({ where: { id: clusterId }, select: { takenInHash: true } });
  return { known: await revisionsByHash(db, clusterId), takenIn: cluster?.takenInHash ?? null };
}

/** What must be cleared up before anything is sent; null when nothing stands in the way. */
function obstacleOf(
  asked: readonly Asked[],
  seen: { readonly known: KnownRevisions; readonly takenIn: string | null },
  options: PushOptions,
): string | null {
  const keyChanged = asked.find(({ member }) => member.port?.view.link === 'key-changed');
  if (keyChanged) return `Nothing was sent. ${keyChanged.problem ?? ''}`.trim();
  if (options.overwrite) return null;
  const changes = asked.flatMap(
    ({ member, status }) => handChangeOf({ name: member.name, status }, seen.known, seen.takenIn) ?? [],
  );
  if (changes.length === 0) return null;
  return `Nothing was sent, because ${listed(changes)}. Take the change into the draft, overwrite it with Sync to backup, or push and overwrite it`;
}

const hasIt = ({ status }: Asked, revision: Revision): boolean =>
  status?.config.hash === revision.hash && status.config.fileHash === revision.hash;

function reportOf(revision: Revision, results: readonly RouterPushResult[]): PushReport {
  const applied = results.filter(({ outcome }) => outcome === 'applied');
  const missing = results.filter(({ outcome }) => outcome !== 'applied');
  const reasons = missing.map(({ name, message }) => `${name}: ${message}`).join('. ');
  const base = { serial: revision.serial, routers: results, durationMs: 0 };
  if (missing.length === 0) {
    return {
      ...base,
      outcome: 'all',
      message: `Revision ${revision.serial} is on ${listed(applied.map(({ name }) => name))}`,
    };
  }
  if (applied.length === 0) {
    return {
      ...base,
      outcome: 'nowhere',
      message: `Revision ${revision.serial} is kept, but no router has it. ${reasons}`,
    };
  }
  const away = missing.every(({ outcome }) => outcome === 'unreachable');
  const next = away ? '. When it answers again, Catch up sends it this revision' : '';
  return {
    ...base,
    outcome: 'some',
    message: `Revision ${revision.serial} is on ${listed(applied.map(({ name }) => name))}, not on ${listed(missing.map(({ name }) => name))}. ${reasons}${next}`,
  };
}

/** Sends a revision to the routers that do not hold it, stores and reports what each one answered. */
async function deliver(
  deps: PushDeps,
  actor: Actor,
  delivery: {
    readonly clusterId: string;
    readonly revision: Revision;
    readonly asked: readonly Asked[];
    readonly options: PushOptions;
  },
): Promise<PushReport> {
  const { clusterId, revision, asked, options } = delivery;
  const wanting = asked.filter((router) => !hasIt(router, revision));
  const results = await sendToAll(wanting, revision.text, options.overwrite ?? false);
  await insertResults(deps.db, revision.id, results);
  const holders = asked
    .filter((router) => hasIt(router, revision))
    .map(({ member }) => resultOf(member, 'applied', `holds revision ${revision.serial} already`));
  const report = reportOf(revision, [...results, ...holders]);
  await audit(deps.db, actor, { action: 'revisions.push', clusterId, message: report.message });
  return report;
}

/** The draft becomes the next revision and goes to every router, the standby first. */
export function pushDraft(
  deps: PushDeps,
  actor: Actor,
  push: { readonly clusterId: string; readonly message: string } & PushOptions,
): Promise<PushReport> {
  const { clusterId } = push;
  return alone(clusterId, async () => {
    const draft = await readDraft(deps.db, clusterId);
    if (!draft) return stopped('This cluster does not exist any more');
    const faults = validateConfig(configOf(draft)).filter(({ severity }) => severity === 'error');
    if (faults[0])
      return stopped(
        `Nothing was sent: the draft has ${faults.length === 1 ? 'an error' : `${faults.length} errors`}. ${faults[0].message}`,
      );
    const members = await readMembers(deps.db, deps.ports, clusterId);
    if (members.length === 0)
      return stopped('Nothing was sent: this cluster has no router yet. Enrol one first');
    const asked = await askStatus(members);
    const obstacle = obstacleOf(asked, await readSeen(deps.db, clusterId), push);
    if (obstacle !== null) return stopped(obstacle);
    const last = await lastRevision(deps.db, clusterId);
    const isSame = last !== null && isUnchanged(draft, last);
    if (isSame && asked.every((router) => hasIt(router, last))) return nothing(last);
    const serial = nextSerial(
      draft,
      last,
      asked.flatMap(({ status }) => status?.config.serial ?? []),
    );
    const revision = isSame
      ? last
      : await insertRevision(deps.db, {
          clusterId,
          serial,
          text: formatConfig(configOf(draft, serial)),
          author: actor.name,
          message: push.message,
        });
    return deliver(deps, actor, { clusterId, revision, asked, options: push });
  });
}

const nothing = (last: Revision): PushReport => ({
  outcome: 'nothing',
  serial: last.serial,
  message: `Nothing to do: every router holds revision ${last.serial}`,
  routers: [],
  durationMs: 0,
});

/** Sends the last revision to the routers that do not hold it. */
export function catchUpRouters(
  deps: PushDeps,
  actor: Actor,
  given: { readonly clusterId: string } & PushOptions,
): Promise<PushReport> {
  const { clusterId } = given;
  return alone(clusterId, async () => {
    const last = await lastRevision(deps.db, clusterId);
    if (!last) return stopped('Nothing was pushed yet: review and push the draft');
    const asked = await askStatus(await readMembers(deps.db, deps.ports, clusterId));
    const obstacle = obstacleOf(asked, await readSeen(deps.db, clusterId), given);
    if (obstacle !== null) return stopped(obstacle);
    if (asked.every((router) => hasIt(router, last))) return nothing(last);
    return deliver(deps, actor, { clusterId, revision: last, asked, options: given });
  });
}

/** What each router would do with the draft. */
export async function planDraft(deps: PushDeps, clusterId: string): Promise<readonly RouterPlan[]> {
  const draft = await readDraft(deps.db, clusterId);
  if (!draft) return [];
  const members = await readMembers(deps.db, deps.ports, clusterId);
  const last = await lastRevision(deps.db, clusterId);
  const serial =
    last !== null && isUnchanged(draft, last)
      ? last.serial
      : nextSerial(draft, last, runningSerials(members));
  const text = formatConfig(configOf(draft, serial));
  return Promise.all(members.map((member) => planOn(member, text)));
}
