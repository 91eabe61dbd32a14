/** What an administrator does to running routers: drain, switch over, stop, start. No database, no session. */
import 'server-only';
import type { RouterPort } from '#lib/platform/router-port.ts';
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

/**
 * Drains or brings back a real server on every router, so that it holds after a failover. The active one
 * decides whether it worked.
 */
export async function setDrained(
  members: readonly Member[],
  target: { readonly virtualServer: string; readonly realServer: string },
  drained: boolean,
): Promise<ActionResult> {
  const method = drained ? 'server.drain' : 'server.undrain';
  const asked = await Promise.all(
    members.map(async (member) => {
      const answer = await member.port?.request(method, target);
      if (answer === undefined) return { member, problem: whyNotReachable(member) };
      if (!answer.ok) return { member, problem: `${member.name}: ${answer.message}` };
      return { member, problem: answer.result.done ? null : `${member.name}: ${answer.result.message}` };
    }),
  );
  const done = asked.filter(({ problem }) => problem === null).map(({ member }) => member.name);
  const problems = asked.flatMap(({ problem }) => problem ?? []);
  if (done.length === 0) return { ok: false, message: problems.join('. ') || 'This cluster has no router' };
  const what = drained
    ? `${target.realServer} gets no new connections on ${listed(done)}`
    : `${target.realServer} gets its share again on ${listed(done)}`;
  return { ok: true, message: [what, ...problems].join('. ') };
}

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
