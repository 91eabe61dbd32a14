'use client';
import { type ReactNode, useState } from 'react';
import type { BulkChange, SaveResult } from '#lib/console/contract.ts';
import { asAction } from '../ui/as-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Input } from '../ui/input.tsx';
import type { ActionRun } from '../ui/use-action.ts';

interface BulkBarProps {
  readonly count: number;
  /** What is chosen, in the plural: "virtual servers". */
  readonly what: string;
  readonly action: ActionRun;
  readonly change: (change: BulkChange) => Promise<SaveResult>;
  readonly onClear: () => void;
  /** Whether they have a weight. */
  readonly weighs?: boolean;
  /** What deleting them destroys, in a sentence. */
  readonly whatGoes: string;
  /** More that can be done with them. */
  readonly children?: ReactNode;
}

/** What can be done with the rows that were chosen. */
export function BulkBar(props: BulkBarProps) {
  const { count, what, action, change, onClear, children } = props;
  const [weight, setWeight] = useState('');
  const [deleting, setDeleting] = useState(false);
  if (count === 0) return null;
  const some = count === 1 ? `1 ${what.replace(/s$/, '')}` : `${count} ${what}`;
  const run = async (name: string, wish: BulkChange, done: string) => {
    const answer = await action.run(name, async () => asAction(await change(wish), done));
    if (answer.ok) onClear();
  };
  return (
    <section
      aria-label={`Chosen ${what}`}
      className="sticky top-0 z-20 flex flex-wrap items-center gap-2 rounded-lg border border-accent/40 bg-accent-soft px-4 py-1.5"
    >
      <strong role="status" className="mr-1 text-sm">
        {some} chosen
      </strong>
      <Button
        size="small"
        busy={action.busy === 'bulk activate'}
        disabled={action.busy !== null}
        onClick={() => run('bulk activate', { kind: 'activate' }, `${some} active in the draft.`)}
      >
        Activate
      </Button>
      <Button
        size="small"
        busy={action.busy === 'bulk deactivate'}
        disabled={action.busy !== null}
        onClick={() => run('bulk deactivate', { kind: 'deactivate' }, `${some} inactive in the draft.`)}
      >
        Deactivate
      </Button>
      {props.weighs === true && (
        <form
          className="flex items-center gap-1"
          onSubmit={(event) => {
            event.preventDefault();
            void run(
              'bulk weight',
              { kind: 'weight', weight },
              `${some} have the weight ${weight} in the draft.`,
            );
          }}
        >
          <Input
            aria-label="New weight"
            placeholder="Weight"
            inputMode="numeric"
            required
            className="h-7 w-20 text-sm"
            value={weight}
            onChange={(event) => setWeight(event.target.value)}
          />
          <Button
            size="small"
            type="submit"
            busy={action.busy === 'bulk weight'}
            disabled={action.busy !== null}
          >
            Set weight
          </Button>
        </form>
      )}
      {children}
      <Button
        size="small"
        tone="quiet-danger"
        disabled={action.busy !== null}
        onClick={() => setDeleting(true)}
      >
        Delete
      </Button>
      <Button size="small" tone="quiet" className="ml-auto" onClick={onClear}>
        Choose none
      </Button>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${some}?`}
        description={`${props.whatGoes} The routers change nothing until you push.`}
        verb={`Delete ${some}`}
        danger
        onConfirm={async () => asAction(await change({ kind: 'delete' }), `${some} deleted from the draft.`)}
        onDone={(message) => {
          onClear();
          action.show({ ok: true, message });
        }}
      />
    </section>
  );
}
