'use client';
import type { ActionResult } from '#lib/console/contract.ts';
import { Button } from '../ui/button.tsx';
import type { ActionRun } from '../ui/use-action.ts';

type Ask = (virtualServer: string, realServer: string) => Promise<ActionResult>;

interface DrainButtonsProps {
  readonly virtual: string;
  /** Names of the real servers that were chosen. */
  readonly servers: readonly string[];
  readonly action: ActionRun;
  readonly actions: { readonly drain: Ask; readonly undrain: Ask };
}

const MOST_NAMED = 10;

/** One after the other, so that each answer is known; stops at the first router that does not do it. */
async function all(
  virtual: string,
  servers: readonly string[],
  ask: Ask,
  done: string,
): Promise<ActionResult> {
  const late = new Set<string>();
  for (const [index, server] of servers.entries()) {
    const answer = await ask(virtual, server);
    if (!answer.ok) {
      return { ok: false, message: `${index} of ${servers.length} done; then ${server}: ${answer.message}` };
    }
    for (const router of answer.untold ?? []) late.add(router);
  }
  const named = servers.slice(0, MOST_NAMED).join(', ');
  const more = servers.length > MOST_NAMED ? ` and ${servers.length - MOST_NAMED} more` : '';
  const notes = [...late].map((router) => ` ${router} cannot be asked; it is told when it answers.`);
  return { ok: true, message: `${named}${more}: ${done}${notes.join('')}` };
}

/** Takes the chosen real servers out of service on the routers, at once and without a push. */
export function DrainButtons({ virtual, servers, action, actions }: DrainButtonsProps) {
  const button = (text: string, title: string, ask: Ask, done: string) => (
    <Button
      size="small"
      title={title}
      busy={action.busy === text}
      disabled={action.busy !== null}
      onClick={() => action.run(text, () => all(virtual, servers, ask, done))}
    >
      {text}
    </Button>
  );
  return (
    <>
      {button(
        'Drain',
        'On the routers, at once: no new connections; those that are open may end in their own time.',
        actions.drain,
        'no new connections; those that are open may end.',
      )}
      {button(
        'Undrain',
        'On the routers, at once: new connections again.',
        actions.undrain,
        'in service again.',
      )}
    </>
  );
}
