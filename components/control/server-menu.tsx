'use client';
import { ChevronDown, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import { buttonLook } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import type { OverrideActions } from './actions.ts';
import { type Choice, choicesFor, type Decision } from './override-choices.ts';
import { WeightDialog } from './weight-dialog.tsx';

interface ServerMenuProps {
  readonly virtualServer: string;
  readonly realServer: string;
  readonly health: HealthStatus;
  readonly actions: OverrideActions;
  readonly onDone: (message: string) => void;
}

/** What an administrator decides about one real server at run time; each choice says what it does before it does it. */
export function ServerMenu({ virtualServer, realServer, health, actions, onDone }: ServerMenuProps) {
  const [chosen, setChosen] = useState<Choice | null>(null);
  const close = () => setChosen(null);
  const title = `${chosen?.verb ?? ''} of ${virtualServer}?`;
  const run: Readonly<Record<Exclude<Decision, 'fix-weight'>, () => Promise<ActionResult>>> = {
    drain: () => actions.drain(virtualServer, realServer),
    undrain: () => actions.undrain(virtualServer, realServer),
    disable: () => actions.disable(virtualServer, realServer),
    enable: () => actions.enable(virtualServer, realServer),
    'free-weight': () => actions.setWeight(virtualServer, realServer, null),
  };
  return (
    <>
      <Menu
        trigger={{
          label: `Override ${realServer} of ${virtualServer}`,
          className: buttonLook({ tone: 'link', size: 'small' }),
          content: (
            <>
              <span className="hidden @6xl:inline">Override</span>
              <SlidersHorizontal aria-hidden="true" className="@6xl:hidden" />
              <ChevronDown aria-hidden="true" className="hidden @6xl:inline" />
            </>
          ),
        }}
        entries={choicesFor(virtualServer, realServer, health).map((choice) => ({
          kind: 'action',
          text: choice.text,
          onSelect: () => setChosen(choice),
        }))}
      />
      {chosen?.decision === 'fix-weight' && (
        <WeightDialog
          title={title}
          description={chosen.description}
          verb={chosen.verb}
          weight={health.weight}
          fix={(weight) => actions.setWeight(virtualServer, realServer, weight)}
          onClose={close}
          onDone={onDone}
        />
      )}
      {chosen !== null && chosen.decision !== 'fix-weight' && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={title}
          description={chosen.description}
          verb={chosen.verb}
          danger={chosen.danger}
          onConfirm={run[chosen.decision]}
          onDone={onDone}
        />
      )}
    </>
  );
}
