/**
 * Pushing: the draft becomes a revision and goes to the routers; a router that was away catches up; the backup
 * gets what the active router runs. One at a time per cluster.
 */
import 'server-only';
import { tableNames } from '#lib/ipvs/words.ts';
import { formatConfig } from '#lib/lvs/format.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import type { Database } from '#lib/platform/database.ts';
import { durationInWords } from '#lib/protocol/duration-words.ts';
import type { PushOutcome } from '#lib/protocol/live.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { PushReport, RouterPlan, RouterPushResult } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { configOf, type Draft } from '../draft/draft.ts';
import { faultsOf } from '../draft/faults.ts';
import { handChangeOf, type KnownRevisions, listed } from '../live/sync-state.ts';
import { type ClusterMember, type Ports, readMembers } from '../routers/data.ts';
import { lastRevision, lastSerial, type Revision, revisionBySerial, revisionsByHash } from './data.ts';
import { insertResults, insertRevision, insertSending, updateResult } from './mutations.ts';
import { advancePush, beginPush, endPush, pushOf, withStep } from './progress.ts';
import { configOfRevision, draftHash, isUnchanged, nextSerial } from './review.ts';
import { type Asked, askStatus, planOn, type Recorder, resultOf, sendToAll, standbyFirst } from './send.ts';
import { insertTrial } from './trial.ts';

export interface PushDeps {
  readonly db: Database;
  readonly ports: Ports;
  /** What browsers see of a running push has changed. */
  readonly onProgress?: (clusterId: string) => void;
}

export interface PushOptions {
  /** Overwrites what was changed on a router by hand, too. */
  readonly overwrite?: boolean | undefined;
  /** Seconds after which the routers take it back by themselves unless somebody keeps it; undefined: for good. */
  readonly trialSeconds?: number | undefined;
  /** Hash of the draft that was shown; another one is not sent. */
  readonly reviewed?: string | undefined;
}

/** One push per cluster at a time: two would interleave on the routers. */
export async function alone(
  clusterId: string,
  by: string,
  work: () => Promise<PushReport>,
): Promise<PushReport> {
  const begin = performance.now();
  if (!beginPush(clusterId, by))
    return stopped(
      `${pushOf(clusterId)?.by ?? 'Somebody else'} is pushing to this cluster right now. Try again in a moment`,
    );
  try {
    return { ...(await work()), durationMs: Math.round(performance.now() - begin) };
  } finally {
    endPush(clusterId);
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
  const onTrial = asked.filter(({ status }) => isOnTrial(status)).map(({ member }) => member.name);
  if (onTrial.length > 0)
    return `Nothing was sent: a push is on trial on ${listed(onTrial)}. Keep it or roll it back first`;
  const bare = asked.find(({ status }) => status !== null && status.config.hash === null);
  if (bare && options.trialSeconds !== undefined)
    return `Nothing was sent: ${bare.member.name} has no configuration yet that a trial could return to. Push without a trial`;
  if (options.overwrite) return null;
  const changes = asked.flatMap(
    ({ member, status }) => handChangeOf({ name: member.name, status }, seen.known, seen.takenIn) ?? [],
  );
  if (changes.length === 0) return null;
  return `Nothing was sent, because ${listed(changes)}. Take the change into the draft, overwrite it with Sync to backup, or push and overwrite it`;
}

const isOnTrial = (status: Asked['status']): boolean => (status?.config.confirmSecondsLeft ?? null) !== null;

const hasIt = ({ status }: Asked, revision: Revision): boolean =>
  status?.config.hash === revision.hash && status.config.fileHash === revision.hash;

function reportOf(
  revision: Revision,
  results: readonly RouterPushResult[],
  { trialSeconds }: PushOptions,
): PushReport {
  const tookIt = results.filter(({ outcome }) => outcome === 'applied' || outcome === 'trial');
  const missing = results.filter((result) => !tookIt.includes(result));
  const reasons = missing
    .map(({ name, message }) => (message.startsWith(`${name} `) ? message : `${name}: ${message}`))
    .join('. ');
  const on = listed(tookIt.map(({ name }) => name));
  const base = { serial: revision.serial, routers: results, durationMs: 0 };
  const unlessKept =
    trialSeconds === undefined
      ? ''
      : `. It is on trial: unless somebody keeps it within ${durationInWords(trialSeconds)}, ${on} ${tookIt.length === 1 ? 'returns' : 'return'} to what ran before`;
  if (missing.length === 0) {
    return { ...base, outcome: 'all', message: `Revision ${revision.serial} is on ${on}${unlessKept}` };
  }
  if (tookIt.length === 0) {
    return {
      ...base,
      outcome: 'nowhere',
      message: `Revision ${revision.serial} is kept, but no router has it. ${reasons}. ${nextStep(missing)}`,
    };
  }
  return {
    ...base,
    outcome: 'some',
    message: `Revision ${revision.serial} is on ${on}, not on ${listed(missing.map(({ name }) => name))}. ${reasons}${unlessKept}. ${nextStep(missing)}`,
  };
}

/** What to do about routers that did not take it. */
function nextStep(missing: readonly RouterPushResult[]): string {
  const has = (outcome: RouterPushResult['outcome']) => missing.some((result) => result.outcome === outcome);
  if (has('refused') || has('failed'))
    return 'Mend what it names and push again, or restore an earlier revision and push that';
  if (has('unknown')) return 'The history says what it runs as soon as it answers again';
  return `When ${missing.length === 1 ? 'it answers' : 'they answer'} again, Catch up sends this revision`;
}

/** Writes each step into the database before the next one is made, and shows it to browsers. */
function recorderOf({ db, onProgress }: PushDeps, clusterId: string, revisionId: string): Recorder {
  const sending = new Map<string, string>();
  const show = (name: string, state: PushOutcome, message: string) => {
    advancePush(clusterId, (push) => withStep(push, name, { state, message }));
    onProgress?.(clusterId);
  };
  return {
    async sending(member) {
      sending.set(member.id, await insertSending(db, revisionId, member));
      show(member.name, 'sending', 'being sent');
    },
    async answered(result) {
      const id = sending.get(result.routerId);
      if (id === undefined) await insertResults(db, revisionId, [result]);
      else await updateResult(db, id, result);
      show(result.name, result.outcome, result.message);
    },
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
  advancePush(clusterId, (push) => ({
    ...push,
    serial: revision.serial,
    steps: standbyFirst(wanting).map(({ member }) => ({ name: member.name, state: 'waiting', message: '' })),
  }));
  deps.onProgress?.(clusterId);
  const { overwrite = false, trialSeconds } = options;
  const results = await sendToAll(
    wanting,
    { text: revision.text, overwrite, trialSeconds: trialSeconds ?? null },
    recorderOf(deps, clusterId, revision.id),
  );
  const holders = asked
    .filter((router) => hasIt(router, revision))
    .map(({ member }) => resultOf(member, 'applied', `holds revision ${revision.serial} already`));
  const report = reportOf(revision, [...results, ...holders], options);
  await audit(deps.db, actor, { action: 'revisions.push', clusterId, message: report.message });
  return report;
}

/** Why the draft cannot be pushed, or null. */
function faultOf(draft: Draft, { reviewed }: PushOptions): string | null {
  const faults = faultsOf(draft).filter(({ severity }) => severity === 'error');
  if (faults[0])
    return `Nothing was sent: the draft has ${faults.length === 1 ? 'an error' : `${faults.length} errors`}. ${faults[0].message}`;
  if (reviewed !== undefined && reviewed !== draftHash(draft))
    return 'Nothing was sent: the draft has changed since it was shown here. Look at the changes again, then push';
  return null;
}

/** The draft becomes the next revision and goes to every router, the standby first. */
export function pushDraft(
  deps: PushDeps,
  actor: Actor,
  push: { readonly clusterId: string; readonly message: string } & PushOptions,
): Promise<PushReport> {
  const { clusterId } = push;
  return alone(clusterId, actor.name, async () => {
    const draft = await readDraft(deps.db, clusterId);
    if (!draft) return stopped('This cluster does not exist any more');
    const fault = faultOf(draft, push);
    if (fault !== null) return stopped(fault);
    const ready = await askRouters(deps, clusterId, push);
    if (!ready.ok) return stopped(ready.message);
    const last = await lastRevision(deps.db, clusterId);
    const isSame = last !== null && isUnchanged(draft, last);
    if (isSame && ready.asked.every((router) => hasIt(router, last))) return nothing(last);
    const running = ready.asked.flatMap(({ status }) => status?.config.serial ?? []);
    const serial = nextSerial(draft, await lastSerial(deps.db, clusterId), running);
    const made = {
      clusterId,
      serial,
      text: formatConfig(configOf(draft, serial)),
      author: actor.name,
      message: push.message,
    };
    const revision = isSame ? last : await insertRevision(deps.db, made);
    return begin(deps, actor, { clusterId, revision, asked: ready.asked, options: push });
  });
}

/** An older revision becomes the next one, under a number of its own; the draft stays as it is. */
export function pushAgain(
  deps: PushDeps,
  actor: Actor,
  push: { readonly clusterId: string; readonly serial: number } & PushOptions,
): Promise<PushReport> {
  const { clusterId } = push;
  return alone(clusterId, actor.name, async () => {
    const old = await revisionBySerial(deps.db, clusterId, push.serial);
    if (!old) return stopped(`There is no revision ${push.serial}`);
    const ready = await askRouters(deps, clusterId, push);
    if (!ready.ok) return stopped(ready.message);
    const last = await lastRevision(deps.db, clusterId);
    const isLast = last?.serial === old.serial;
    if (isLast && ready.asked.every((router) => hasIt(router, old))) return nothing(old);
    const running = ready.asked.flatMap(({ status }) => status?.config.serial ?? []);
    const serial = Math.max(await lastSerial(deps.db, clusterId), ...running) + 1;
    const { config } = parseConfig(old.text);
    const text = formatConfig({ ...config, global: { ...config.global, serialNumber: serial } });
    const message = `Revision ${old.serial} again`;
    const made = { clusterId, serial, text, author: actor.name, message };
    const revision = isLast ? old : await insertRevision(deps.db, made);
    return begin(deps, actor, { clusterId, revision, asked: ready.asked, options: push });
  });
}

type Ready =
  | { readonly ok: true; readonly asked: readonly Asked[] }
  | { readonly ok: false; readonly message: string };

/** Asks every router, and whether anything stands in the way of sending to them. */
async function askRouters(deps: PushDeps, clusterId: string, options: PushOptions): Promise<Ready> {
  const members = await readMembers(deps.db, deps.ports, clusterId);
  if (members.length === 0)
    return { ok: false, message: 'Nothing was sent: this cluster has no router yet. Enrol one first' };
  const asked = await askStatus(members);
  const message = obstacleOf(asked, await readSeen(deps.db, clusterId), options);
  return message === null ? { ok: true, asked } : { ok: false, message };
}

/** Delivers, with a trial around it when one is wanted. */
async function begin(
  deps: PushDeps,
  actor: Actor,
  delivery: Parameters<typeof deliver>[2],
): Promise<PushReport> {
  const { trialSeconds } = delivery.options;
  if (trialSeconds !== undefined) {
    const { clusterId, revision } = delivery;
    await insertTrial(deps.db, { clusterId, revisionId: revision.id, seconds: trialSeconds, by: actor.name });
  }
  return deliver(deps, actor, delivery);
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
  return alone(clusterId, actor.name, async () => {
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
      : nextSerial(draft, await lastSerial(deps.db, clusterId), runningSerials(members));
  const config = configOf(draft, serial);
  // What goes away has its name in the last revision alone.
  const before = last === null ? [] : tableNames(configOfRevision(last, draft));
  const names = new Map([...before, ...tableNames(config)]);
  const question = { text: formatConfig(config), names, said: faultsOf(draft) };
  return Promise.all(members.map((member) => planOn(member, question)));
}
