/**
 * A push on trial: the routers take it back by themselves unless somebody keeps it. Here stands that it runs, how it
 * ended, and who has read that; the count-down is the routers' own.
 */
import 'server-only';
import type { Database, Transaction } from '#lib/platform/database.ts';
import type { PushOutcome } from '#lib/protocol/live.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import { byName } from '../clusters/by-name.ts';
import type { ActionResult } from '../contract.ts';
import { listed } from '../live/sync-state.ts';
import { whyNotReachable } from '../routers/commands.ts';
import { type ClusterMember, readMembers } from '../routers/data.ts';
import { closeTrial } from './close-trial.ts';
import { outcomeOf } from './data.ts';
import { updateResult } from './mutations.ts';
import { pushOf } from './progress.ts';
import type { PushDeps } from './push.ts';
import { askStatus, standbyFirst } from './send.ts';
import { trialEnd } from './settle.ts';

export const insertTrial = (
  db: Transaction,
  made: {
    readonly clusterId: string;
    readonly revisionId: string;
    readonly seconds: number;
    readonly by: string;
  },
) => db.trial.create({ data: { ...made, startedAt: new Date() } });

/** A router's part in a trial. */
export interface Part {
  /** Of the record of its push. */
  readonly resultId: string;
  readonly routerId: string;
  readonly name: string;
  readonly outcome: PushOutcome;
  /** Of its last word; where it holds the push on trial, its time runs from there. */
  readonly at: Date;
}

export interface StoredTrial {
  readonly id: string;
  readonly revisionId: string;
  readonly serial: number;
  readonly hash: string;
  readonly by: string;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly outcome: string | null;
  readonly message: string | null;
  /** By name: a sentence about them does not hang on who answered first. */
  readonly parts: readonly Part[];
}

/** The newest trial that runs, or that ended other than by being kept and that nobody has read of. */
export async function readTrial(db: Transaction, clusterId: string): Promise<StoredTrial | null> {
  const trial = await db.trial.findFirst({
    where: {
      clusterId,
      OR: [{ outcome: null }, { outcome: { in: ['rolled-back', 'mixed'] }, acknowledgedBy: null }],
    },
    orderBy: { startedAt: 'desc' },
    include: { revision: { include: { results: { orderBy: { at: 'asc' } } } } },
  });
  if (!trial) return null;
  const { id, revision, by, startedAt, seconds, outcome, message } = trial;
  const newest = new Map(
    revision.results.filter(({ at }) => at >= startedAt).map((result) => [result.routerId, result]),
  );
  return {
    id,
    revisionId: revision.id,
    serial: revision.serial,
    hash: revision.hash,
    by,
    startedAt,
    seconds,
    outcome,
    message,
    parts: [...newest.values()].sort(byName).map((result) => ({
      resultId: result.id,
      routerId: result.routerId,
      name: result.name,
      outcome: outcomeOf(result.outcome),
      at: result.at,
    })),
  };
}

const gone: ActionResult = { ok: false, message: 'No push is on trial any more' };
const underWay: ActionResult = {
  ok: false,
  message: 'Nothing was done: the push is still on its way to the routers. Try again when it has ended',
};

interface OnTrial {
  readonly trial: StoredTrial;
  /** The routers that hold it on trial, with their parts. */
  readonly held: readonly { readonly part: Part; readonly member: ClusterMember }[];
}

async function readOnTrial(deps: PushDeps, clusterId: string): Promise<OnTrial | null> {
  const trial = await readTrial(deps.db, clusterId);
  if (trial === null || trial.outcome !== null) return null;
  const members = await readMembers(deps.db, deps.ports, clusterId);
  const held = trial.parts.flatMap((part) => {
    const member = members.find(({ id }) => id === part.routerId);
    return part.outcome === 'trial' && member ? [{ part, member }] : [];
  });
  return held.length === 0 ? null : { trial, held };
}

/** Ends the trial: what runs stays. */
export async function keepTrial(deps: PushDeps, actor: Actor, clusterId: string): Promise<ActionResult> {
  if (pushOf(clusterId) !== null) return underWay;
  const found = await readOnTrial(deps, clusterId);
  if (found === null) return gone;
  const { trial, held } = found;
  const kept: string[] = [];
  const problems: string[] = [];
  for (const { part, member } of held) {
    const answer = await member.port?.request('config.confirm', {});
    if (answer?.ok && answer.result.done) {
      await updateResult(deps.db, part.resultId, { outcome: 'applied', message: `kept by ${actor.name}` });
      kept.push(member.name);
    } else if (answer === undefined) problems.push(whyNotReachable(member));
    else if (!answer.ok && answer.code === 'unreachable') problems.push(answer.message);
    else problems.push(`${member.name}: ${answer.ok ? answer.result.message : answer.message}`);
  }
  const later =
    '. A router that was not told returns to what ran before when its time is over; Catch up sends it the revision again';
  const message =
    problems.length === 0
      ? `Revision ${trial.serial} stays on ${listed(kept)}`
      : `${kept.length === 0 ? 'Not kept' : `Revision ${trial.serial} stays on ${listed(kept)} alone`}. ${problems.join('. ')}${later}`;
  await audit(deps.db, actor, { action: 'revisions.keepTrial', clusterId, message });
  return { ok: kept.length > 0, message };
}

/** The routers return to what ran before, now; the standby first. */
export async function rollBackTrial(deps: PushDeps, actor: Actor, clusterId: string): Promise<ActionResult> {
  if (pushOf(clusterId) !== null) return underWay;
  const found = await readOnTrial(deps, clusterId);
  if (found === null) return gone;
  const { trial, held } = found;
  const back: string[] = [];
  const problems: string[] = [];
  for (const { member, status, problem } of standbyFirst(await askStatus(held.map((each) => each.member)))) {
    const part = held.find((each) => each.member === member)?.part;
    if (part === undefined) continue;
    if (status === null) {
      problems.push(`${problem ?? whyNotReachable(member)}. It returns by itself when its time is over`);
      continue;
    }
    // Something else by now: a roll-back would take back that.
    if (status.config.hash !== trial.hash || status.config.confirmSecondsLeft === null) continue;
    const answer = await member.port?.request('config.rollback', {}, 30_000);
    if (answer?.ok && answer.result.applied) {
      await updateResult(deps.db, part.resultId, {
        outcome: 'rolled-back',
        message: `rolled back by ${actor.name}`,
      });
      back.push(member.name);
    } else {
      const why = answer?.ok ? answer.result.failure : answer?.message;
      problems.push(`${member.name}: ${why ?? 'it did not roll back'}`);
    }
  }
  const end = trialEnd(
    trial.parts.map((part) => (back.includes(part.name) ? { ...part, outcome: 'rolled-back' } : part)),
    false,
  );
  const message = [
    back.length > 0
      ? `${listed(back)} ${back.length === 1 ? 'runs' : 'run'} again what ran before revision ${trial.serial}`
      : 'Nothing was rolled back',
    ...problems,
    ...(end === 'rolled-back' ? ['Its trial is over; it stands in the history as rolled back'] : []),
  ].join('. ');
  const done = { action: 'revisions.rollBackTrial', message } as const;
  const isClosed =
    end === 'rolled-back' &&
    (await closeTrial(
      deps.db,
      { ...trial, clusterId },
      { outcome: end, at: new Date(), by: actor, ...done, acknowledgedBy: actor.name },
    ));
  if (isClosed) return { ok: true, message };
  // Something is open still, or the watch was quicker: who did it stands in the trail all the same.
  if (back.length > 0 && problems.length === 0)
    await deps.db.trial.update({ where: { id: trial.id }, data: { acknowledgedBy: actor.name } });
  await audit(deps.db, actor, { ...done, clusterId });
  return { ok: back.length > 0, message };
}

/** Somebody has read how a trial ended. */
export async function acknowledge(
  db: Database,
  actor: Actor,
  given: { readonly clusterId: string; readonly trialId: string },
): Promise<ActionResult> {
  const { clusterId, trialId } = given;
  const { count } = await db.trial.updateMany({
    where: { id: trialId, clusterId, outcome: { not: null }, acknowledgedBy: null },
    data: { acknowledgedBy: actor.name },
  });
  if (count === 0) return { ok: true, message: 'Somebody has read it already' };
  await audit(db, actor, {
    action: 'revisions.acknowledgeTrial',
    clusterId,
    message: 'Read how the trial ended',
  });
  return { ok: true, message: 'Read' };
}
