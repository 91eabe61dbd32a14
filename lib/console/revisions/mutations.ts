/** Storing revisions and results, and bringing texts back into the draft. */
import 'server-only';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import type { Database, Transaction } from '#lib/platform/database.ts';
import { textHash } from '#lib/platform/text-hash.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { ActionResult, RouterPushResult } from '../contract.ts';
import { readDraft } from '../draft/data.ts';
import { fillBlocks } from '../draft/fill.ts';
import { replaceDraft } from '../draft/replace.ts';
import { whyNotReachable } from '../routers/commands.ts';
import { type ClusterMember, type Ports, readMember } from '../routers/data.ts';
import { meanTheSame } from './compare.ts';
import { lastRevision, type Revision, revisionBySerial } from './data.ts';

export interface NewRevision {
  readonly clusterId: string;
  readonly serial: number;
  readonly text: string;
  readonly author: string;
  readonly message: string;
}

/** Makes an immutable revision. The pair of cluster and serial is unique: nobody else can make the same one. */
export const insertRevision = (db: Transaction, made: NewRevision): Promise<Revision> =>
  db.revision.create({ data: { ...made, hash: textHash(made.text), at: new Date() } });

export async function insertResults(
  db: Transaction,
  revisionId: string,
  results: readonly RouterPushResult[],
): Promise<void> {
  if (results.length === 0) return;
  const at = new Date();
  await db.pushResult.createMany({ data: results.map((result) => ({ ...result, revisionId, at })) });
}

/** Writes that something is being sent; returns the record's id. */
export async function insertSending(db: Database, revisionId: string, to: ClusterMember): Promise<string> {
  const { id, name, role } = to;
  const row = await db.pushResult.create({
    data: { revisionId, routerId: id, name, role, outcome: 'sending', message: 'being sent', at: new Date() },
  });
  return row.id;
}

/** What became of it. */
export async function updateResult(
  db: Transaction,
  id: string,
  result: Pick<RouterPushResult, 'outcome' | 'message'> & { readonly durationMs?: number | null },
): Promise<void> {
  const { outcome, message, durationMs } = result;
  await db.pushResult.update({
    where: { id },
    data: { outcome, message, at: new Date(), ...(durationMs === undefined ? {} : { durationMs }) },
  });
}

const gone: ActionResult = { ok: false, message: 'This cluster does not exist any more' };

const sentenceOf = ({ line, message }: Diagnostic): string =>
  line === undefined ? message : `line ${line}: ${message}`;

/** Puts a text into the draft, all of it or nothing. */
async function textIntoDraft(
  db: Database,
  actor: Actor,
  change: {
    readonly clusterId: string;
    readonly text: string;
    readonly action: string;
    readonly done: string;
    /** The text came from a router. */
    readonly takenIn?: true;
  },
): Promise<ActionResult> {
  const { config, diagnostics } = parseConfig(change.text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const shown = errors.slice(0, 5).map(sentenceOf).join('; ');
    return { ok: false, message: `The file has errors and was not taken in: ${shown}` };
  }
  return db.$transaction(
    async (tx) => {
      const draft = await readDraft(tx, change.clusterId);
      if (!draft) return gone;
      if (draft.virtuals.length === 0) {
        await replaceDraft(tx, actor, draft, { ...config, virtualServers: [], failoverServices: [] });
        await fillBlocks(tx, change.clusterId, config);
      } else await replaceDraft(tx, actor, draft, config);
      if (change.takenIn) {
        const takenInHash = textHash(change.text);
        await tx.cluster.update({ where: { id: change.clusterId }, data: { takenInHash } });
      }
      await audit(tx, actor, { action: change.action, clusterId: change.clusterId, message: change.done });
      return { ok: true, message: change.done };
    },
    { timeout: 120_000 },
  );
}

/** For the seed: the draft becomes this text. */
export const fillDraft = (
  db: Database,
  actor: Actor,
  clusterId: string,
  text: string,
): Promise<ActionResult> =>
  textIntoDraft(db, actor, {
    clusterId,
    text,
    action: 'draft.fill',
    done: 'The draft was filled from a file',
  });

/** The draft becomes the last revision again. */
export async function dropDraft(db: Database, actor: Actor, clusterId: string): Promise<ActionResult> {
  const last = await lastRevision(db, clusterId);
  if (!last) return { ok: false, message: 'Nothing was pushed yet: there is nothing to go back to' };
  const done = `The draft is revision ${last.serial} again`;
  return textIntoDraft(db, actor, { clusterId, text: last.text, action: 'revisions.discardDraft', done });
}

/** The draft becomes an older revision; nothing is sent. */
export async function bringBack(
  db: Database,
  actor: Actor,
  clusterId: string,
  serial: number,
): Promise<ActionResult> {
  const revision = await revisionBySerial(db, clusterId, serial);
  if (!revision) return { ok: false, message: `There is no revision ${serial}` };
  const last = await lastRevision(db, clusterId);
  const isPushed = last !== null && meanTheSame(last.text, revision.text);
  const done = `The draft is revision ${serial} now. ${isPushed ? `It equals revision ${last.serial}, the last one: there is nothing to push` : 'Review and push it'}`;
  return textIntoDraft(db, actor, {
    clusterId,
    text: revision.text,
    action: 'revisions.restoreRevision',
    done,
  });
}

/** The draft becomes what stands on a router: its file if somebody edited that, else what it runs. */
export async function takeFrom(
  db: Database,
  ports: Ports,
  actor: Actor,
  given: { readonly clusterId: string; readonly routerId: string },
): Promise<ActionResult> {
  const found = await readMember(db, ports, given.routerId);
  if (!found || found.clusterId !== given.clusterId) {
    return { ok: false, message: 'This router does not exist any more' };
  }
  const { member } = found;
  const answer = await member.port?.request('config.get', {}, 30_000);
  if (answer === undefined) return { ok: false, message: whyNotReachable(member) };
  if (!answer.ok) return { ok: false, message: answer.message };
  const text = answer.result.fileText ?? answer.result.text;
  if (text === null) return { ok: false, message: `${member.name} has no configuration` };
  const done = `The draft holds what stands on ${member.name}. Review and push it`;
  return textIntoDraft(db, actor, {
    clusterId: given.clusterId,
    text,
    action: 'revisions.takeIn',
    done,
    takenIn: true,
  });
}
