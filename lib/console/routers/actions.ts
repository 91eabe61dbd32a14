'use server';
/** Enrolling routers, and what an administrator does to running ones. */
import * as z from 'zod';
import { database } from '#lib/platform/database.ts';
import { scanHostKey } from '#lib/platform/scan-host-key.ts';
import { changed } from '../changed.ts';
import type { ActionResult, AddRouterResult } from '../contract.ts';
import { id as anId, badInput, readInput, text } from '../input.ts';
import { liveHub } from '../live/hub.ts';
import { allow } from '../session.ts';
import { setService, switchOver } from './commands.ts';
import { readMember, readMembers } from './data.ts';
import { publicKeyOf } from './keys.ts';
import { deleteRouter, insertRouter, type NewRouter, pinHostKey, type RouterChange } from './mutations.ts';
import { rotateClusterKey } from './rotate-key.ts';
import { told } from './told.ts';

const refused = (message: string): { readonly ok: false; readonly message: string } => ({
  ok: false,
  message,
});

/** Links follow the change, then everybody is told. */
async function followed(change: RouterChange): Promise<ActionResult> {
  const { clusterId, ...result } = change;
  if (clusterId !== null) await liveHub().refreshLinks(clusterId);
  return changed(clusterId, result);
}

/**
 * Adds a router that answers as an SSH server; its fingerprint is to be compared and accepted. The user is
 * `shoal` unless given. Fields: role, name, address, port, user.
 */
export async function addRouter(
  clusterId: string,
  router: Omit<NewRouter, 'user'> & { readonly user?: string },
): Promise<AddRouterResult> {
  const access = await allow('routers.addRouter');
  if (!access.ok) return { ...refused(access.message), fields: {} };
  const shape = z.object({
    role: z.enum(['primary', 'backup']),
    name: text,
    address: text,
    port: z.number(),
    user: text.default('shoal'),
  });
  const input = readInput({ clusterId: anId, router: shape }, { clusterId, router });
  if (!input) return { ...refused(badInput), fields: {} };
  return changed(input.clusterId, await insertRouter(database(), access.actor, input, scanHostKey));
}

/** Pins the fingerprint that a person has compared, and connects. */
export async function acceptHostKey(routerId: string, fingerprint: string): Promise<ActionResult> {
  const access = await allow('routers.acceptHostKey');
  if (!access.ok) return refused(access.message);
  const input = readInput({ routerId: anId, fingerprint: text }, { routerId, fingerprint });
  if (!input) return refused(badInput);
  return followed(await pinHostKey(database(), access.actor, input));
}

/** Forgets a router; it goes on with what it runs. */
export async function removeRouter(routerId: string): Promise<ActionResult> {
  const access = await allow('routers.removeRouter');
  if (!access.ok) return refused(access.message);
  const input = readInput({ routerId: anId }, { routerId });
  if (!input) return refused(badInput);
  return followed(await deleteRouter(database(), access.actor, input.routerId));
}

/** The console's public key line for `shoalctl enrol 'LINE'` on a router; null when there is no such cluster. */
export async function consolePublicKey(clusterId: string): Promise<string | null> {
  const access = await allow('routers.consolePublicKey');
  if (!access.ok) return null;
  const input = readInput({ clusterId: anId }, { clusterId });
  return input && publicKeyOf(database(), input.clusterId);
}

/** The standby takes over in a planned way. */
export async function switchover(clusterId: string): Promise<ActionResult> {
  const access = await allow('routers.switchover');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: anId }, { clusterId });
  if (!input) return refused(badInput);
  const members = await readMembers(database(), liveHub(), input.clusterId);
  return told(access.actor, 'routers.switchover', input.clusterId, await switchOver(members));
}

/** Gives both routers a new cluster key without a failover; the old one counts for nothing afterwards. */
export async function rotateKey(clusterId: string): Promise<ActionResult> {
  const access = await allow('routers.rotateKey');
  if (!access.ok) return refused(access.message);
  const input = readInput({ clusterId: anId }, { clusterId });
  if (!input) return refused(badInput);
  const members = await readMembers(database(), liveHub(), input.clusterId);
  const result = await rotateClusterKey(database(), input.clusterId, members);
  return told(access.actor, 'routers.rotateKey', input.clusterId, result);
}

/** Stops serving on one router; the other one takes over. */
export async function stopService(routerId: string): Promise<ActionResult> {
  const access = await allow('routers.stopService');
  if (!access.ok) return refused(access.message);
  const input = readInput({ routerId: anId }, { routerId });
  const found = input && (await readMember(database(), liveHub(), input.routerId));
  if (!found) return refused('This router does not exist any more');
  return told(access.actor, 'routers.stopService', found.clusterId, await setService(found.member, false));
}

/** Lets a stopped router serve again. */
export async function startService(routerId: string): Promise<ActionResult> {
  const access = await allow('routers.startService');
  if (!access.ok) return refused(access.message);
  const input = readInput({ routerId: anId }, { routerId });
  const found = input && (await readMember(database(), liveHub(), input.routerId));
  if (!found) return refused('This router does not exist any more');
  return told(access.actor, 'routers.startService', found.clusterId, await setService(found.member, true));
}
