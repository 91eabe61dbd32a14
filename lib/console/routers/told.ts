/** Records what was asked of routers and what came of it. */
import { database } from '#lib/platform/database.ts';
import type { Actor } from '../actor.ts';
import { audit } from '../audit.ts';
import type { ActionResult } from '../contract.ts';
import type { Permission } from '../permissions.ts';

export async function told(
  actor: Actor,
  action: Permission,
  clusterId: string,
  result: ActionResult,
): Promise<ActionResult> {
  await audit(database(), actor, { action, clusterId, message: result.message });
  return result;
}
