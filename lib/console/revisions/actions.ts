'use server';
/** Review and push, sync, and the ways back into the draft. */
import * as z from 'zod';
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import type { ActionResult, HandChange, PushReport, RouterPlan } from '../contract.ts';
import { badInput, id, readInput, text } from '../input.ts';
import { liveHub } from '../live/hub.ts';
import { allow } from '../session.ts';
import { compareWithRouter } from './compare.ts';
import { bringBack, dropDraft, takeFrom } from './mutations.ts';
import {
  catchUpRouters,
  type PushDeps,
  type PushOptions,
  planDraft,
  pushAgain,
  pushDraft,
  stopped,
} from './push.ts';
import { syncToBackup } from './sync.ts';
import { acknowledge, keepTrial, rollBackTrial } from './trial.ts';
import { pushWatch } from './watch.ts';

const deps = (): PushDeps => ({
  db: database(),
  ports: liveHub(),
  onProgress: (clusterId) => liveHub().stir(clusterId),
});
const refused = (message: string): ActionResult => ({ ok: false, message });
const SHORTEST_TRIAL_SECONDS = 10;
const LONGEST_TRIAL_SECONDS = 86_400;
const options = z
  .object({
    overwrite: z.boolean().optional(),
    trialSeconds: z.number().int().min(SHORTEST_TRIAL_SECONDS).max(LONGEST_TRIAL_SECONDS).optional(),
    reviewed: z.string().max(100).optional(),
  })
  .default({});

/** Tells everybody, whatever came of it: a push that reached nobody made a revision all the same. */
function reported(clusterId: string, report: PushReport): PushReport {
  changed(clusterId, { ok: true });
  return report;
}

/** What each router answers to a dry run of the draft. */
export async function planPush(clusterId: string): Promise<readonly RouterPlan[]> {
  const access = await allow('revisions.planPush');
  const input = readInput({ clusterId: id }, { clusterId });
  return access.ok && input ? planDraft(deps(), input.clusterId) : [];
}

/** Makes a revision of the draft and sends it, the standby first. `overwrite`: also over changes made by hand. */
export async function push(clusterId: string, message: string, how: PushOptions = {}): Promise<PushReport> {
  const access = await allow('revisions.push');
  if (!access.ok) return stopped(access.message);
  const input = readInput({ clusterId: id, message: text, options }, { clusterId, message, options: how });
  if (!input) return stopped(badInput);
  const { options: chosen, ...given } = input;
  const report = await pushDraft(deps(), access.actor, {
    ...given,
    ...chosen,
    message: given.message.trim(),
  });
  return reported(input.clusterId, report);
}

/** Makes an older revision the next one and sends it; the draft stays as it is. */
export async function pushRevision(
  clusterId: string,
  serial: number,
  how: PushOptions = {},
): Promise<PushReport> {
  const access = await allow('revisions.pushRevision');
  if (!access.ok) return stopped(access.message);
  const input = readInput(
    { clusterId: id, serial: z.number().int(), options },
    { clusterId, serial, options: how },
  );
  if (!input) return stopped(badInput);
  const { options: chosen, ...given } = input;
  return reported(input.clusterId, await pushAgain(deps(), access.actor, { ...given, ...chosen }));
}

/** After somebody has decided on a trial: its end is recorded before the answer goes out. */
async function decided(clusterId: string, result: ActionResult): Promise<ActionResult> {
  liveHub().touch(clusterId);
  await pushWatch().check(clusterId);
  changed(clusterId, { ok: true });
  return result;
}

/** What is on trial stays. */
export async function keep(clusterId: string): Promise<ActionResult> {
  const access = await allow('revisions.keep');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: id }, { clusterId });
  if (!input) return refused(badInput);
  return decided(input.clusterId, await keepTrial(deps(), access.actor, input.clusterId));
}

/** What is on trial is taken back now. */
export async function rollBack(clusterId: string): Promise<ActionResult> {
  const access = await allow('revisions.rollBack');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: id }, { clusterId });
  if (!input) return refused(badInput);
  return decided(input.clusterId, await rollBackTrial(deps(), access.actor, input.clusterId));
}

/** Somebody has read how a trial ended. */
export async function acknowledgeTrial(clusterId: string, trialId: string): Promise<ActionResult> {
  const access = await allow('revisions.acknowledgeTrial');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: id, trialId: id }, { clusterId, trialId });
  if (!input) return refused(badInput);
  return changed(input.clusterId, await acknowledge(database(), access.actor, input));
}

/** What stands on a router against the last revision. */
export async function compareRouter(clusterId: string, routerId: string): Promise<HandChange> {
  const access = await allow('revisions.compareRouter');
  if (!access.ok) return { ok: false, message: access.message };
  const input = readInput({ clusterId: id, routerId: id }, { clusterId, routerId });
  if (!input) return { ok: false, message: badInput };
  return compareWithRouter(database(), liveHub(), input);
}

/** The other router gets exactly what the active one runs. */
export async function syncBackup(clusterId: string): Promise<PushReport> {
  const access = await allow('revisions.syncBackup');
  if (!access.ok) return stopped(access.message);
  const input = readInput({ clusterId: id }, { clusterId });
  if (!input) return stopped(badInput);
  return reported(input.clusterId, await syncToBackup(deps(), access.actor, input.clusterId));
}

/** Sends the last revision to the routers that do not hold it. */
export async function catchUp(clusterId: string, how: PushOptions = {}): Promise<PushReport> {
  const access = await allow('revisions.catchUp');
  if (!access.ok) return stopped(access.message);
  const input = readInput({ clusterId: id, options }, { clusterId, options: how });
  if (!input) return stopped(badInput);
  const { overwrite } = input.options;
  const report = await catchUpRouters(deps(), access.actor, { clusterId: input.clusterId, overwrite });
  return reported(input.clusterId, report);
}

/** The draft becomes the last revision again. */
export async function discardDraft(clusterId: string): Promise<ActionResult> {
  const access = await allow('revisions.discardDraft');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: id }, { clusterId });
  if (!input) return refused(badInput);
  return changed(input.clusterId, await dropDraft(database(), access.actor, input.clusterId));
}

/** The draft becomes an older revision. */
export async function restoreRevision(clusterId: string, serial: number): Promise<ActionResult> {
  const access = await allow('revisions.restoreRevision');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: id, serial: z.number().int() }, { clusterId, serial });
  if (!input) return refused(badInput);
  return changed(input.clusterId, await bringBack(database(), access.actor, input.clusterId, input.serial));
}

/** The draft becomes what stands on a router, changes by hand included. */
export async function takeIn(clusterId: string, routerId: string): Promise<ActionResult> {
  const access = await allow('revisions.takeIn');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: id, routerId: id }, { clusterId, routerId });
  if (!input) return refused(badInput);
  return changed(input.clusterId, await takeFrom(database(), liveHub(), access.actor, input));
}
