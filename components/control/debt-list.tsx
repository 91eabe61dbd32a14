'use client';
import { debtsInWords } from '#lib/protocol/debt-words.ts';
import type { LiveDebt } from '#lib/protocol/live.ts';
import { Age } from '../live/age.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import type { ActionRun } from '../ui/use-action.ts';
import type { ControlActions } from './actions.ts';

interface DebtListProps {
  readonly debts: readonly LiveDebt[];
  readonly actions: Pick<ControlActions, 'sendOwed' | 'forgetOwed'>;
  readonly action: ActionRun;
}

/** Decisions about real servers that a router does not know yet; a failover to it would undo them. */
export function DebtList({ debts, actions, action }: DebtListProps) {
  if (debts.length === 0) return null;
  return (
    <Notice tone="warn" title={debtsInWords(debts)}>
      <ul aria-label="Not sent yet" className="flex flex-col divide-y divide-warn/20">
        {debts.map((debt) => (
          <li key={debt.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
            <span className="min-w-0 grow basis-80 break-words">
              <strong>{debt.router}</strong> was not told: {debt.what} ({debt.by},{' '}
              <Age at={debt.at} suffix=" ago" />
              ). <span className="text-muted">{whatHappens(debt)}</span>
            </span>
            <span className="flex gap-2">
              <Button
                size="small"
                aria-label={`${verbFor(debt)}: ${debt.what}, to ${debt.router}`}
                busy={action.busy === `send ${debt.id}`}
                disabled={action.busy !== null}
                onClick={() => action.run(`send ${debt.id}`, () => actions.sendOwed(debt.id))}
              >
                {verbFor(debt)}
              </Button>
              <Button
                size="small"
                tone="quiet"
                aria-label={`Do not send: ${debt.what}, to ${debt.router}`}
                disabled={action.busy !== null}
                onClick={() => action.run(`forget ${debt.id}`, () => actions.forgetOwed(debt.id))}
              >
                Do not send
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const verbFor = ({ isContested }: LiveDebt): string => (isContested ? 'Send it all the same' : 'Send now');

const whatHappens = ({ why, isContested }: LiveDebt): string =>
  // The other reasons begin with the name of the router.
  isContested ? `${sentenceOf(why)} It is sent only if you say so.` : sentence(why);
