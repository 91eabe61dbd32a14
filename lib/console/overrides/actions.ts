'use server';
/** What an administrator decides about one real server at run time, on every router of the cluster. */
import * as z from 'zod';
import { MAX_FIXED_WEIGHT } from '#lib/protocol/messages.ts';
import type { ActionResult } from '../contract.ts';
import { id as anId, badInput, readInput, text } from '../input.ts';
import type { Permission } from '../permissions.ts';
import type { OverrideMethod } from '../routers/commands.ts';
import { told } from '../routers/told.ts';
import { allow } from '../session.ts';
import { debtWatch } from './watch.ts';

const shape = {
  clusterId: anId,
  virtualServer: text,
  realServer: text,
  weight: z.number().int().min(0).max(MAX_FIXED_WEIGHT).nullable(),
};

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
