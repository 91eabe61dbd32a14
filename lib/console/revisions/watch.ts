/**
 * Ends what pushes left in the open: a trial that nobody has kept, a push that broke off. The routers' own word
 * counts, asked anew each time; nothing here needs a browser, or the console that began it.
 */
import 'server-only';
import { type Database, database } from '#lib/platform/database.ts';
import { log } from '#lib/platform/log.ts';
import { singleton } from '#lib/platform/singleton.ts';
import { durationInWords } from '#lib/protocol/duration-words.ts';
import { consoleActor } from '../actor.ts';
import { liveHub } from '../live/hub.ts';
import { listed } from '../live/sync-state.ts';
import { type ClusterMember, type Ports, readMembers } from '../routers/data.ts';
import { closeTrial } from './close-trial.ts';
import { outcomeOf } from './data.ts';
import { updateResult } from './mutations.ts';
import { pushOf } from './progress.ts';
import { openOutcomes, settle, type TrialEnd, trialEnd } from './settle.ts';
import { readTrial, type StoredTrial } from './trial.ts';

interface OpenResult {
  readonly id: string;
  readonly routerId: string;
  readonly outcome: string;
  readonly hash: string;
}

/** What of a cluster waits for the routers' word. */
interface Open {
  readonly results: readonly OpenResult[];
  readonly trial: StoredTrial | null;
}

/** A router's own timer may be late by its work; after this its silence decides nothing any more. */
const GRACE_MS = 10_000;

const removed = {
  outcome: 'failed',
  message: 'the router was removed from this console before it said what it runs',
} as const;

export interface WatchDeps {
  readonly db: Database;
  readonly ports: Ports;
  /** The record of a cluster has changed. */
  readonly onSettled: (clusterId: string) => void;
  /** Time of the day, ms. */
  readonly now: () => number;
}

export class PushWatch {
  readonly #deps: WatchDeps;
  readonly #open = new Map<string, Promise<Open>>();
  readonly #busy = new Set<string>();

  constructor(deps: WatchDeps) {
    this.#deps = deps;
  }

  /** What the database says of a cluster has changed. */
  touched(clusterId: string): void {
    this.#open.delete(clusterId);
  }

  /** Something came from a router of the cluster. Never rejects. */
  noticed(clusterId: string): void {
    if (this.#busy.has(clusterId)) return;
    this.#busy.add(clusterId);
    this.check(clusterId)
      .catch((error: unknown) => {
        this.#open.delete(clusterId);
        log.error('What became of a push could not be recorded', error);
      })
      .finally(() => this.#busy.delete(clusterId));
  }

  /** Asks the routers and records what they say; does nothing while a push runs. */
  async check(clusterId: string): Promise<void> {
    const { db, ports, onSettled } = this.#deps;
    if (pushOf(clusterId) !== null) return;
    const open = await this.#openOf(clusterId);
    if (open.results.length === 0 && open.trial === null) return;
    const members = await readMembers(db, ports, clusterId);
    let changed = false;
    for (const result of open.results) {
      const member = members.find(({ id }) => id === result.routerId);
      if (member === undefined) {
        await updateResult(db, result.id, removed);
        changed = true;
      } else if (await this.#settleResult(result, member)) changed = true;
    }
    if (open.trial !== null && (await this.#endTrial(clusterId))) changed = true;
    if (!changed) return;
    this.#open.delete(clusterId);
    onSettled(clusterId);
  }

  #openOf(clusterId: string): Promise<Open> {
    const known = this.#open.get(clusterId);
    if (known) return known;
    const read = readOpen(this.#deps.db, clusterId);
    this.#open.set(clusterId, read);
    return read;
  }

  async #settleResult(result: OpenResult, member: ClusterMember): Promise<boolean> {
    const { db } = this.#deps;
    const outcome = outcomeOf(result.outcome);
    // The last status may be older than the push: it only says when asking is worth while.
    if (settle(outcome, result.hash, member.port?.view.status ?? null) === null) return false;
    const answer = await member.port?.request('status', {});
    const settled = answer?.ok ? settle(outcome, result.hash, answer.result) : null;
    if (settled === null) return false;
    // Who kept it or rolled it back may have written that meanwhile.
    const { outcome: now } = await db.pushResult.findUniqueOrThrow({ where: { id: result.id } });
    if (now !== result.outcome) return true;
    await updateResult(db, result.id, settled);
    return true;
  }

  async #endTrial(clusterId: string): Promise<boolean> {
    const { db, now } = this.#deps;
    const trial = await readTrial(db, clusterId);
    if (trial === null || trial.outcome !== null) return false;
    const isOver = now() > lastBegin(trial) + trial.seconds * 1000 + GRACE_MS;
    const outcome = trialEnd(trial.parts, isOver);
    if (outcome === null) return false;
    await closeTrial(
      db,
      { ...trial, clusterId },
      {
        outcome,
        at: new Date(now()),
        by: consoleActor,
        action: 'console',
        message: endInWords(trial, outcome),
        acknowledgedBy: null,
      },
    );
    return true;
  }
}

/** When the time of the last router that holds it began: it got the push after the others. */
const lastBegin = ({ startedAt, parts }: StoredTrial): number =>
  Math.max(
    startedAt.getTime(),
    ...parts.filter(({ outcome }) => outcome === 'trial').map(({ at }) => at.getTime()),
  );

async function readOpen(db: Database, clusterId: string): Promise<Open> {
  const rows = await db.pushResult.findMany({
    where: { outcome: { in: [...openOutcomes] }, revision: { clusterId } },
    select: { id: true, routerId: true, outcome: true, revision: { select: { hash: true } } },
  });
  const trial = await readTrial(db, clusterId);
  return {
    results: rows.map(({ revision, ...row }) => ({ ...row, hash: revision.hash })),
    trial: trial?.outcome === null ? trial : null,
  };
}

function endInWords({ serial, seconds, parts }: StoredTrial, outcome: TrialEnd): string {
  const named = (wanted: string) =>
    listed(parts.filter((part) => part.outcome === wanted).map(({ name }) => name));
  const back = named('rolled-back');
  const silent = listed(
    parts.filter((part) => openOutcomes.some((open) => open === part.outcome)).map(({ name }) => name),
  );
  const unknown =
    silent === '' ? '' : `. ${silent} cannot be asked; it was to return to what ran before by itself, too`;
  if (outcome === 'kept') return `Revision ${serial} was kept on ${named('applied')}`;
  if (outcome === 'nowhere') return `The trial of revision ${serial} reached no router`;
  if (outcome === 'mixed')
    return `Revision ${serial} was kept on ${named('applied')}, but ${back} went back to what ran before: the routers differ. Catch up sends it revision ${serial}`;
  return `Revision ${serial} was on trial for ${durationInWords(seconds)} and was not kept: ${back} went back to what ran before${unknown}. It stands in the history as rolled back`;
}

/** The watch of this console. */
export const pushWatch = (): PushWatch =>
  singleton(
    'push-watch',
    () =>
      new PushWatch({
        db: database(),
        ports: liveHub(),
        onSettled: (clusterId) => liveHub().touch(clusterId),
        now: Date.now,
      }),
  );
