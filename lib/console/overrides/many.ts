/** One decision about many real servers: one after the other, so that each answer is known. */
import 'server-only';
import type { ActionResult, OverrideWish } from '../contract.ts';
import type { Draft } from '../draft/draft.ts';
import type { OverrideMethod } from '../routers/commands.ts';
import type { ServerNames } from './owed.ts';

/** More than these are not done by one press: it would take minutes. */
export const MOST_AT_ONCE = 2_000;
const MOST_NAMED = 10;

export const methodOf = ({ kind }: OverrideWish): OverrideMethod =>
  kind === 'weight' ? 'server.setWeight' : `server.${kind}`;

/** What holds for them afterwards. */
function saidOf(wish: OverrideWish): string {
  if (wish.kind !== 'weight') {
    return {
      drain: 'no new connections; those that are open may end',
      undrain: 'in service again',
      disable: 'out of the routing table',
      enable: 'in service again, as soon as the check succeeds',
    }[wish.kind];
  }
  return wish.weight === null ? 'the weight of the configuration again' : `weight fixed at ${wish.weight}`;
}

/** The real servers of these rows, in file order. */
export function serversOf(draft: Draft, rowIds: readonly string[]): readonly ServerNames[] {
  const wanted = new Set(rowIds);
  return draft.virtuals.flatMap((virtual) =>
    virtual.servers.flatMap(({ id, name }) =>
      wanted.has(id) ? [{ virtualServer: virtual.name, realServer: name }] : [],
    ),
  );
}

function inWords(servers: readonly ServerNames[]): string {
  const isOne = new Set(servers.map(({ virtualServer }) => virtualServer)).size === 1;
  const names = servers
    .slice(0, MOST_NAMED)
    .map(({ virtualServer, realServer }) => (isOne ? realServer : `${realServer} of ${virtualServer}`));
  const more = servers.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Stops at the first that no router takes, and says how far it came. */
export async function decideMany(
  servers: readonly ServerNames[],
  wish: OverrideWish,
  decide: (server: ServerNames) => Promise<ActionResult>,
): Promise<ActionResult> {
  const late = new Set<string>();
  for (const [index, server] of servers.entries()) {
    const answer = await decide(server);
    if (!answer.ok) {
      const who = `${server.realServer} of ${server.virtualServer}`;
      return { ok: false, message: `${index} of ${servers.length} done; then ${who}: ${answer.message}` };
    }
    for (const router of answer.untold ?? []) late.add(router);
  }
  const notes = [...late].map((router) => `. ${router} cannot be asked; it is told when it answers`);
  return { ok: true, message: `${inWords(servers)}: ${saidOf(wish)}${notes.join('')}` };
}
