/** Rotating the cluster key: a new one takes the old one's place while both count, so that no heartbeat is lost. */
import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '#lib/platform/database.ts';
import type { MethodName, ParamsOf } from '#lib/protocol/messages.ts';
import type { ActionResult } from '../contract.ts';
import { listed } from '../live/sync-state.ts';
import { type Member, whyNotReachable } from './commands.ts';
import { replaceClusterKey } from './keys.ts';

/** A partner is heard with its new key within a heartbeat. */
const RETIRE_TRIES = 8;
const RETIRE_PAUSE_MS = 1000;

type Step = 'cluster.stageKey' | 'cluster.useKey' | 'cluster.retireKeys';

const refused = (message: string): ActionResult => ({ ok: false, message });

/**
 * Stages the key on all routers, then keeps it, then lets it be used, then retires those before. Until the last step
 * both count, so it may be broken off anywhere: a router that is left behind gets the key when it connects again.
 */
export async function rotateClusterKey(
  db: Database,
  clusterId: string,
  members: readonly Member[],
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<ActionResult> {
  if (members.length === 0) return refused('This cluster has no router');
  const away = members.filter(({ port }) => port?.view.link !== 'connected');
  if (away.length > 0) {
    const why = away.map(whyNotReachable).join('. ');
    return refused(`The cluster key is rotated when every router answers. ${why}`);
  }
  const plain = randomBytes(32);
  const keyId = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  const staged = await askAll(members, 'cluster.stageKey', { keyId, keyBase64: plain.toString('base64') });
  if (staged.length > 0) return refused(`Nothing was changed, the old key stays. ${staged.join('. ')}`);
  // Kept before it is used: whatever happens from here on, the console can give it to a router.
  await replaceClusterKey(db, clusterId, { keyId, plain });
  const unused = await askAll(members, 'cluster.useKey', { keyId });
  if (unused.length > 0) {
    const later = 'It gets the key when it connects again; until then both keys count';
    return refused(`The cluster key ${keyId} is not in use everywhere. ${unused.join('. ')}. ${later}`);
  }
  let left: readonly string[] = [];
  for (let attempt = 0; attempt < RETIRE_TRIES; attempt += 1) {
    left = await askAll(members, 'cluster.retireKeys', { keyId });
    if (left.length === 0) break;
    await pause(RETIRE_PAUSE_MS);
  }
  const who = listed(members.map(({ name }) => name));
  if (left.length > 0)
    return refused(`${who} sign with ${keyId}, but the old key still counts. ${left.join('. ')}`);
  return {
    ok: true,
    message: `${who} sign with the new cluster key ${keyId}; the old one counts for nothing`,
  };
}

/** What went wrong, one sentence a router. */
async function askAll<Name extends Step & MethodName>(
  members: readonly Member[],
  method: Name,
  params: ParamsOf<Name>,
): Promise<readonly string[]> {
  const problems = await Promise.all(
    members.map(async (member) => {
      const answer = await member.port?.request(method, params);
      if (answer === undefined) return whyNotReachable(member);
      if (!answer.ok) {
        const isOld = answer.code === 'unknown-method';
        return `${member.name}: ${isOld ? 'its agent is too old to rotate the key, upgrade it first' : answer.message}`;
      }
      return answer.result.done ? null : `${member.name}: ${answer.result.message}`;
    }),
  );
  return problems.filter((problem) => problem !== null);
}
