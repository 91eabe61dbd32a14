/** Sends one configuration to routers and says what each answered. No database. */
import 'server-only';
import { planInWords } from '#lib/ipvs/plan-words.ts';
import type { TableNames } from '#lib/ipvs/words.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { Answer } from '#lib/platform/router-port.ts';
import { durationInWords } from '#lib/protocol/duration-words.ts';
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
          outcome: 'unknown',
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

/** What is sent, and how. */
export interface Delivery {
  readonly text: string;
  /** Whatever runs there is replaced, also what the console has not seen. */
  readonly overwrite: boolean;
  /** Null: for good. */
  readonly trialSeconds: number | null;
}

/** Is told each step as it happens; what it is told of stands in the record before the next thing is done. */
export interface Recorder {
  sending(member: ClusterMember): Promise<void>;
  answered(result: RouterPushResult): Promise<void>;
}

/** `expectedHash` undefined: overwrite whatever runs there. */
export async function sendTo(
  member: ClusterMember,
  text: string,
  expectedHash: string | null | undefined,
  trialSeconds: number | null = null,
): Promise<RouterPushResult> {
  if (member.port === null) return resultOf(member, 'unreachable', whyNotReachable(member));
  const begin = performance.now();
  const answer = await member.port.request(
    'config.apply',
    {
      text,
      ...(expectedHash === undefined ? {} : { expectedHash }),
      ...(trialSeconds === null ? {} : { confirmWithinSeconds: trialSeconds }),
    },
    APPLY_LIMIT_MS,
  );
  const { outcome, message } = judge(answer);
  const durationMs = outcome === 'unreachable' ? null : Math.round(performance.now() - begin);
  // Not waited for: the live view shows the new state before the next regular status.
  if (outcome === 'applied') void member.port.request('status', {});
  return outcome === 'applied' && trialSeconds !== null
    ? resultOf(member, 'trial', `on trial for ${durationInWords(trialSeconds)}: ${message}`, durationMs)
    : resultOf(member, outcome, message, durationMs);
}

/** Sends to one after the other; after one that does not take it, nobody else gets it. */
export async function sendToAll(
  asked: readonly Asked[],
  delivery: Delivery,
  recorder: Recorder,
): Promise<readonly RouterPushResult[]> {
  const results: RouterPushResult[] = [];
  let stopper: RouterPushResult | null = null;
  for (const { member, status, problem } of standbyFirst(asked)) {
    let result: RouterPushResult;
    if (status === null) {
      result = resultOf(member, 'unreachable', problem ?? whyNotReachable(member));
    } else if (stopper !== null) {
      result = resultOf(member, 'skipped', `not sent, because ${stopper.name} did not take it`);
    } else {
      await recorder.sending(member);
      const expected = delivery.overwrite ? undefined : status.config.hash;
      result = await sendTo(member, delivery.text, expected, delivery.trialSeconds);
      if (result.outcome !== 'applied' && result.outcome !== 'trial') stopper = result;
    }
    await recorder.answered(result);
    results.push(result);
  }
  return results;
}

/** What a router is asked to plan. */
export interface Question {
  readonly text: string;
  readonly names: TableNames;
  /** What the console's own check says of the text: nobody has to read it again from each router. */
  readonly said: readonly Diagnostic[];
}

/** What a router would do with the text. */
export async function planOn(member: ClusterMember, { text, names, said }: Question): Promise<RouterPlan> {
  const base = { routerId: member.id, name: member.name, role: member.role };
  const nothing = { commands: [], addressCommands: [], table: [], words: [], remarks: [] };
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
    remarks: remarksOf(failure === null ? diagnostics.filter((each) => each !== error) : diagnostics, said),
    words: planInWords({
      commands,
      addressCommands,
      services: member.port?.view.status?.services ?? [],
      names,
    }),
    commands,
    addressCommands,
    table,
  };
}

/** Errors and warnings that nobody has said yet, each once. */
function remarksOf(
  diagnostics: ApplyResult['diagnostics'],
  said: readonly Diagnostic[],
): readonly Diagnostic[] {
  const known = new Set(said.map(({ message }) => message));
  return diagnostics
    .filter(({ severity, message }) => {
      const isNew = severity !== 'hint' && !known.has(message);
      known.add(message);
      return isNew;
    })
    .map(({ code, severity, message, hint }) => ({
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
    }));
}
