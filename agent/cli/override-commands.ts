/** What an administrator decides about one real server: undrain, disable, enable, weight; `drain` can wait, too. */
import { userInfo } from 'node:os';
import { MAX_FIXED_WEIGHT, type ParamsOf, type ResultOf } from '#lib/protocol/messages.ts';
import type { Asking } from './agent-commands.ts';
import { type Answer, type Client, connectClient } from './client.ts';
import { failed, faulty, fine, type Outcome, toJson, usage } from './outcome.ts';

export type Names = Pick<ParamsOf<'server.drain'>, 'virtualServer' | 'realServer'>;
type Done = ResultOf<'server.drain'>;

/** Who stands at the keyboard; behind sudo the one who called it. */
export function whoAsks(): string {
  const { SUDO_USER } = process.env;
  if (SUDO_USER !== undefined && SUDO_USER !== '') return SUDO_USER.slice(0, 64);
  try {
    return userInfo().username.slice(0, 64);
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

const NOT_TOLD = 'Only this router knows; run the same on its partner, or use the console, which tells both.';

/** An agent tells its partner nothing but heartbeats: after a failover an override counts only where it was set. */
export async function partnerRemark(client: Client): Promise<string | null> {
  const status = await client.request('status', {});
  return status.ok && status.value.peer.state !== 'none' ? NOT_TOLD : null;
}

async function decide(
  { socket, json }: Asking,
  question: (client: Client) => Promise<Answer<Done>>,
): Promise<Outcome> {
  const client = await connectClient(socket);
  if (!client.ok) return failed(client.error, json);
  const answer = await question(client.value);
  const remark = answer.ok && answer.value.done ? await partnerRemark(client.value) : null;
  client.value.close();
  if (!answer.ok) return failed(answer.error, json);
  const { done, message } = answer.value;
  if (json) return (done ? fine : faulty)(toJson({ ...answer.value, partnerTold: remark === null }));
  if (!done) return faulty('', `shoalctl: ${message}`);
  return fine([message, ...(remark === null ? [] : [remark])].join('\n'));
}

const plain =
  (method: 'server.undrain' | 'server.disable' | 'server.enable') =>
  (asking: Asking, names: Names): Promise<Outcome> =>
    decide(asking, (client) => client.request(method, { ...names, by: whoAsks() }));

export const undrain = plain('server.undrain');
export const disable = plain('server.disable');
export const enable = plain('server.enable');

/** `auto` frees it again. */
export async function weight(asking: Asking, names: Names, given: string): Promise<Outcome> {
  const number = given === 'auto' ? null : Number(given);
  if (number !== null && number > MAX_FIXED_WEIGHT)
    return usage(`shoalctl: the greatest weight is ${MAX_FIXED_WEIGHT}, not ${given}`);
  return decide(asking, (client) =>
    client.request('server.setWeight', { ...names, weight: number, by: whoAsks() }),
  );
}
