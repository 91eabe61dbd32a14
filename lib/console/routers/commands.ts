/** What an administrator does to running routers: drain, switch over, stop, start. No database, no session. */
import 'server-only';
import type { RouterPort } from '#lib/platform/router-port.ts';
import type { ParamsOf } from '#lib/protocol/messages.ts';
import type { ActionResult } from '../contract.ts';
import { listed } from '../live/sync-state.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
  /** Null: not enrolled. */
  readonly port: RouterPort | null;
}

const isActive = (member: Member): boolean => member.port?.view.status?.role === 'active';

/** The active router; null when none is known to be. */
export const activeOf = (members: readonly Member[]): Member | null => members.find(isActive) ?? null;

/** Why a router cannot be asked, in a sentence. */
export const whyNotReachable = (member: Member): string =>
  member.port === null
    ? `The host key of ${member.name} was not accepted yet`
    : (member.port.view.message ?? `${member.name} cannot be reached`);

export type OverrideMethod =
  | 'server.drain'
  | 'server.undrain'
  | 'server.disable'
  | 'server.enable'
  | 'server.setWeight';

export interface Overridden {
  readonly result: ActionResult;
  /** Routers that may not know of it, where another one does. */
  readonly untold: readonly Member[];
}

/** Nothing came back: the router may or may not have heard it. */
const silent = ['unreachable', 'lost', 'timeout'];

/**
 * Decides about a real server on every router, so that it holds after a failover. What they answer is told once
 * where they say the same.
 */
export async function overrideServer(
  members: readonly Member[],
  method: OverrideMethod,
  target: Omit<ParamsOf<'server.setWeight'>, 'weight'> & { readonly weight?: number | null },
): Promise<Overridden> {
  // The other methods know no weight and leave it out.
  const params = { ...target, weight: target.weight ?? null };
  const asked = await Promise.all(
    members.map(async (member) => {
      const answer = await member.port?.request(method, params);
      if (answer === undefined) return { member, problem: whyNotReachable(member), isUntold: true };
      if (!answer.ok) {
        const isUntold = silent.includes(answer.code);
        const who = answer.code === 'unreachable' ? '' : `${member.name}: `;
        return { member, problem: `${who}${problemIn(answer)}`, isUntold };
      }
      const { done, message } = answer.result;
      return done ? { member, message } : { member, problem: `${member.name}: ${message}` };
    }),
  );
  const problems = asked.flatMap(({ problem }) => problem ?? []);
  const messages = [...new Set(asked.flatMap(({ message }) => message ?? []))];
  if (messages.length === 0) {
    const message = problems.join('. ') || 'This cluster has no router';
    return { result: { ok: false, message }, untold: [] };
  }
  const untold = asked.filter(({ isUntold }) => isUntold === true).map(({ member }) => member);
  const later = untold.map(({ name }) => `${name} is told when it answers`);
  const done = messages.map((message) => {
    const names = asked.filter((each) => each.message === message).map(({ member }) => member.name);
    return `On ${listed(names)}: ${message}`;
  });
  return { result: { ok: true, message: [...done, ...problems, ...later].join('. ') }, untold };
}

/** A router that is older than the console does not know all of this. */
const problemIn = ({ code, message }: { readonly code: string; readonly message: string }): string =>
  code === 'unknown-method' ? 'its agent is too old for this; update it' : message;

/** Planned switchover: the standby takes over. */
export async function switchOver(members: readonly Member[]): Promise<ActionResult> {
  const active = activeOf(members);
  if (!active?.port)
    return { ok: false, message: 'No router is known to be active: there is nothing to switch' };
  return ask(active, 'switchover');
}

/** Stops or starts the service on one router. */
export const setService = (member: Member, running: boolean): Promise<ActionResult> =>
  ask(member, running ? 'service.start' : 'service.stop');

async function ask(
  member: Member,
  method: 'switchover' | 'service.start' | 'service.stop',
): Promise<ActionResult> {
  const answer = await member.port?.request(method, {}, 30_000);
  if (answer === undefined) return { ok: false, message: whyNotReachable(member) };
  if (!answer.ok) return { ok: false, message: `${member.name}: ${answer.message}` };
  return { ok: answer.result.done, message: answer.result.message };
}
