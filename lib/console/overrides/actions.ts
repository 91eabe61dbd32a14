'use server';
/** What an administrator decides about one real server at run time, on every router of the cluster. */
import * as z from 'zod';
import { database } from '#lib/platform/database.ts';
import { MAX_FIXED_WEIGHT } from '#lib/protocol/messages.ts';
import type { ActionResult, ChosenServers, OverrideWish } from '../contract.ts';
import { serversMatching } from '../draft/block-list.ts';
import { readDraft } from '../draft/data.ts';
import { id as anId, badInput, readInput, text } from '../input.ts';
import type { Permission } from '../permissions.ts';
import type { OverrideMethod } from '../routers/commands.ts';
import { told } from '../routers/told.ts';
import { allow } from '../session.ts';
import { decideMany, MOST_AT_ONCE, methodOf, serversOf } from './many.ts';
import { debtWatch } from './watch.ts';

const aWeight = z.number().int().min(0).max(MAX_FIXED_WEIGHT).nullable();
const shape = { clusterId: anId, virtualServer: text, realServer: text, weight: aWeight };

type Access = Awaited<ReturnType<typeof allow>>;

/** Asks every router of the cluster and records what came of it. */
async function decide(
  access: Access,
  permission: Permission,
  method: OverrideMethod,
  given: Readonly<Record<keyof typeof shape, unknown>>,
): Promise<ActionResult> {
  if (!access.ok) return { ok: false, message: access.message };
  const input = readInput(shape, given);
  if (!input) return { ok: false, message: badInput };
  const { clusterId, ...target } = input;
  const decision = { ...target, clusterId, method, by: access.actor.name };
  return told(access.actor, permission, clusterId, await debtWatch().decide(decision));
}

/** No new connections; those that are open go on. */
export async function drainServer(
  clusterId: string,
  virtualServer: string,
  realServer: string,
): Promise<ActionResult> {
  const access = await allow('overrides.drainServer');
  return decide(access, 'overrides.drainServer', 'server.drain', {
    clusterId,
    virtualServer,
    realServer,
    weight: null,
  });
}

/** Takes a drain back. */
export async function undrainServer(
  clusterId: string,
  virtualServer: string,
  realServer: string,
): Promise<ActionResult> {
  const access = await allow('overrides.undrainServer');
  return decide(access, 'overrides.undrainServer', 'server.undrain', {
    clusterId,
    virtualServer,
    realServer,
    weight: null,
  });
}

/** Out of the routing table. */
export async function disableServer(
  clusterId: string,
  virtualServer: string,
  realServer: string,
): Promise<ActionResult> {
  const access = await allow('overrides.disableServer');
  return decide(access, 'overrides.disableServer', 'server.disable', {
    clusterId,
    virtualServer,
    realServer,
    weight: null,
  });
}

/** A disabled real server may serve again. */
export async function enableServer(
  clusterId: string,
  virtualServer: string,
  realServer: string,
): Promise<ActionResult> {
  const access = await allow('overrides.enableServer');
  return decide(access, 'overrides.enableServer', 'server.enable', {
    clusterId,
    virtualServer,
    realServer,
    weight: null,
  });
}

/** Fixes the weight of a real server; null gives it back to the configuration. */
export async function setServerWeight(
  clusterId: string,
  virtualServer: string,
  realServer: string,
  weight: number | null,
): Promise<ActionResult> {
  const access = await allow('overrides.setServerWeight');
  const given = { clusterId, virtualServer, realServer, weight };
  return decide(access, 'overrides.setServerWeight', 'server.setWeight', given);
}

const manyShape = {
  clusterId: anId,
  chosen: z.union([
    z.object({ ids: z.array(anId).min(1) }),
    z.object({ find: text, expected: z.number().int().min(1) }),
  ]),
  wish: z.union([
    z.object({ kind: z.enum(['drain', 'undrain', 'disable', 'enable']) }),
    z.object({ kind: z.literal('weight'), weight: aWeight }),
  ]),
};

/** The same decision about many real servers, of one virtual server or of all. */
export async function overrideMany(
  clusterId: string,
  chosen: ChosenServers,
  wish: OverrideWish,
): Promise<ActionResult> {
  const access = await allow('overrides.overrideMany');
  if (!access.ok) return { ok: false, message: access.message };
  const input = readInput(manyShape, { clusterId, chosen, wish });
  if (!input) return { ok: false, message: badInput };
  const draft = await readDraft(database(), input.clusterId);
  const wanted = 'ids' in input.chosen ? input.chosen.ids.length : input.chosen.expected;
  const ids = 'ids' in input.chosen ? input.chosen.ids : draft && serversMatching(draft, input.chosen.find);
  const servers = draft ? serversOf(draft, ids ?? []) : [];
  if (servers.length !== wanted) {
    const message = `Nothing was done: ${servers.length} of them are there now, ${wanted} were when you chose. Look at the list and choose again`;
    return { ok: false, message };
  }
  if (servers.length > MOST_AT_ONCE) {
    const message = `Nothing was done: ${servers.length} real servers are more than ${MOST_AT_ONCE} at once. Search for fewer`;
    return { ok: false, message };
  }
  const weight = input.wish.kind === 'weight' ? input.wish.weight : null;
  const decision = {
    clusterId: input.clusterId,
    method: methodOf(input.wish),
    weight,
    by: access.actor.name,
  };
  return decideMany(servers, input.wish, async (server) =>
    told(
      access.actor,
      'overrides.overrideMany',
      input.clusterId,
      await debtWatch().decide({ ...decision, ...server }),
    ),
  );
}

/** Tells a router now what it was not told, also where somebody decided otherwise on it since. */
export async function sendOwed(clusterId: string, id: string): Promise<ActionResult> {
  const access = await allow('overrides.sendOwed');
  return settleOwed(access, 'overrides.sendOwed', { clusterId, id });
}

/** A router need not be told any more: it keeps what holds there. */
export async function forgetOwed(clusterId: string, id: string): Promise<ActionResult> {
  const access = await allow('overrides.forgetOwed');
  return settleOwed(access, 'overrides.forgetOwed', { clusterId, id });
}

async function settleOwed(
  access: Access,
  permission: 'overrides.sendOwed' | 'overrides.forgetOwed',
  given: { readonly clusterId: unknown; readonly id: unknown },
): Promise<ActionResult> {
  if (!access.ok) return { ok: false, message: access.message };
  const input = readInput({ clusterId: anId, id: anId }, given);
  if (!input) return { ok: false, message: badInput };
  const watch = debtWatch();
  const result = await (permission === 'overrides.sendOwed'
    ? watch.send(input.clusterId, input.id)
    : watch.forget(input.clusterId, input.id));
  return told(access.actor, permission, input.clusterId, result);
}
