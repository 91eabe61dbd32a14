/** Sends one configuration to routers and says what each answered. No database. */
import 'server-only';
import type { Answer } from '#lib/platform/router-port.ts';
import type { ApplyResult, RouterStatus } from '#lib/protocol/messages.ts';
import type { RouterPlan, RouterPushResult } from '../contract.ts';
import { whyNotReachable } from '../routers/commands.ts';
import type { ClusterMember } from '../routers/data.ts';

/** An apply runs ipvsadm and ip once each; emulated and loaded routers are slow. */
const APPLY_LIMIT_MS = 30_000;

/** A router with the status that it gave just now; null when it did not answer. */
export interface Asked {
  readonly member: ClusterMember;
  readonly status: RouterStatus | null;
  /** Why there is no status. */
  readonly problem: string | null;
}

/** Asks every router for its present state: the last pushed status may be a second old. */
export function askStatus(members: readonly ClusterMember[]): Promise<readonly Asked[]> {
  return Promise.all(
    members.map(async (member): Promise<Asked> => {
      const answer = await member.port?.request('status', {});
      if (answer === undefined) return { member, status: null, problem: whyNotReachable(member) };
      if (answer.ok) return { member, status: answer.result, problem: null };
      const problem = answer.code === 'unreachable' ? answer.message : `${member.name}: ${answer.message}`;
      return { member, status: null, problem };
    }),
  );
}

/** The standby first: what is wrong shows where no traffic runs. */
export const standbyFirst = (asked: readonly Asked[]): readonly Asked[] =>
  [...asked].sort((a, b) => Number(a.status?.role === 'active') - Number(b.status?.role === 'active'));

export const resultOf = (
  member: ClusterMember,
  outcome: RouterPushResult['outcome'],
  message: string,
  durationMs: number | null = null,
): RouterPushResult => ({
  routerId: member.id,
  name: member.name,
  role: member.role,
  outcome,
  message,
  durationMs,
});

/** What an answer to `config.apply` means for this router. */
function judge(answer: Answer<ApplyResult>): {
  readonly outcome: RouterPushResult['outcome'];
  readonly message: string;
} {
  if (!answer.ok) {
    if (answer.code === 'unreachable') return { outcome: 'unreachable', message: answer.message };
    const isUnknown = answer.code === 'lost' || answer.code === 'timeout';
    return isUnknown
      ? {
          outcome: 'failed',
          message: `${answer.message}. Whether it was applied will show when the router answers again`,
        }
      : { outcome: 'refused', message: answer.message };
  }
  const { applied, failure, diagnostics, commands, addressCommands } = answer.result;
  if (applied) {
    const count = commands.length + addressCommands.length;
    const work = count === 1 ? 'one command' : `${count} commands`;
    return {
      outcome: 'applied',
      message: count === 0 ? 'applied; the kernel had it all already' : `applied with ${work}`,
    };
  }
  if (failure !== null) return { outcome: 'failed', message: `${failure}. Nothing was changed on it` };
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return { outcome: 'refused', message: error?.message ?? 'the router did not apply it and gave no reason' };
}

/** `expectedHash` undefined: overwrite whatever runs there. */
export async function sendTo(
  member: ClusterMember,
  text: string,
  expectedHash: string | null | undefined,
): Promise<RouterPushResult> {
  if (member.port === null) return resultOf(member, 'unreachable', whyNotReachable(member));
  const begin = performance.now();
  const answer = await member.port.request(
    'config.apply',
    { text, ...(expectedHash === undefined ? {} : { expectedHash }) },
    APPLY_LIMIT_MS,
  );
  const { outcome, message } = judge(answer);
  const durationMs = outcome === 'unreachable' ? null : Math.round(performance.now() - begin);
  // Not waited for: the live view shows the new state before the next regular status.
  if (outcome === 'applied') void member.port.request('status', {});
  return resultOf(member, outcome, message, durationMs);
}

/** Sends to one after the other; after one that refuses or fails, nobody else gets it. */
export async function sendToAll(
  asked: readonly Asked[],
  text: string,
  overwrite: boolean,
): Promise<readonly RouterPushResult[]> {
  const results: RouterPushResult[] = [];
  let stopper: RouterPushResult | null = null;
  for (const { member, status, problem } of standbyFirst(asked)) {
    if (status === null) {
      results.push(resultOf(member, 'unreachable', problem ?? whyNotReachable(member)));
    } else if (stopper !== null) {
      results.push(resultOf(member, 'skipped', `not sent, because ${stopper.name} did not take it`));
    } else {
      const result = await sendTo(member, text, overwrite ? undefined : status.config.hash);
      results.push(result);
      if (result.outcome !== 'applied') stopper = result;
    }
  }
  return results;
}

/** What a router would do with the text. */
export async function planOn(member: ClusterMember, text: string): Promise<RouterPlan> {
  const base = { routerId: member.id, name: member.name, role: member.role };
  const nothing = { commands: [], addressCommands: [], table: [] };
  const answer = await member.port?.request('config.apply', { text, dryRun: true }, APPLY_LIMIT_MS);
  if (answer === undefined)
    return { ...base, ...nothing, reachable: false, message: whyNotReachable(member) };
  if (!answer.ok) {
    return { ...base, ...nothing, reachable: answer.code !== 'unreachable', message: answer.message };
  }
  const { failure, diagnostics, commands, addressCommands, table } = answer.result;
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return {
    ...base,
    reachable: true,
    message: failure ?? error?.message ?? null,
    commands,
    addressCommands,
    table,
  };
}
