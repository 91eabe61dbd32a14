'use server';
/** Review and push, sync, and the ways back into the draft. */
import * as z from 'zod';
import { database } from '#lib/platform/database.ts';
import { changed } from '../changed.ts';
import type { ActionResult, PushReport, RouterPlan } from '../contract.ts';
import { badInput, id, readInput, text } from '../input.ts';
import { liveHub } from '../live/hub.ts';
import { allow } from '../session.ts';
import { bringBack, dropDraft, takeFrom } from './mutations.ts';
import { catchUpRouters, type PushDeps, type PushOptions, planDraft, pushDraft, stopped } from './push.ts';
import { syncToBackup } from './sync.ts';

const deps = (): PushDeps => ({ db: database(), ports: liveHub() });
const refused = (message: string): ActionResult => ({ ok: false, message });
const options = z.object({ overwrite: z.boolean().optional() }).default({});

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
  const { overwrite = false } = input.options;
  const report = await pushDraft(deps(), access.actor, {
    clusterId: input.clusterId,
    message: input.message.trim(),
    overwrite,
  });
  return reported(input.clusterId, report);
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
  const { overwrite = false } = input.options;
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
