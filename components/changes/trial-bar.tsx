'use client';
import { Hourglass } from 'lucide-react';
import type { ActionResult } from '#lib/console/contract.ts';
import type { LiveTrial } from '#lib/protocol/live.ts';
import { useNow } from '../live/clock.ts';
import { formatDuration } from '../live/duration.ts';
import { useLive } from '../live/live-provider.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { type ActionRun, useAction } from '../ui/use-action.ts';
import { secondsLeft, whoReturns } from './trial-words.ts';

export interface TrialActions {
  readonly keep: () => Promise<ActionResult>;
  readonly rollBack: () => Promise<ActionResult>;
  readonly acknowledge: (trialId: string) => Promise<ActionResult>;
}

/** On every page of a cluster while a push is on trial, and after one that was not kept until somebody has read it. */
export function TrialBar({ actions }: { readonly actions: TrialActions }) {
  const { snapshot } = useLive();
  const action = useAction();
  const trial = snapshot?.trial ?? null;
  if (trial === null && action.result === null) return null;
  return (
    <div className="flex flex-col gap-2 px-4 pt-3">
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      {trial !== null &&
        snapshot !== null &&
        (trial.outcome === null ? (
          <Running trial={trial} at={snapshot.at} actions={actions} action={action} />
        ) : (
          <Ended trial={trial} acknowledge={actions.acknowledge} action={action} />
        ))}
    </div>
  );
}

interface RunningProps {
  readonly trial: LiveTrial;
  /** When its count-down was read. */
  readonly at: string;
  readonly actions: TrialActions;
  readonly action: ActionRun;
}

function Running({ trial, at, actions, action }: RunningProps) {
  const now = useNow();
  const { clockOffset } = useLive();
  const since = now === null ? 0 : Math.max(0, now + clockOffset - Date.parse(at));
  const left = secondsLeft(trial, since);
  const busy = action.busy !== null;
  return (
    <section
      aria-label="Push on trial"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-warn/50 bg-warn-soft px-4 py-2"
    >
      <Hourglass aria-hidden="true" className="size-5 shrink-0 text-warn" />
      <span role="timer" className="min-w-20 text-lg font-semibold">
        {left === null ? 'unknown' : formatDuration(left * 1000)}
      </span>
      <p className="min-w-0 grow basis-80 text-sm">
        <strong>Revision {trial.serial} is on trial</strong> (pushed by {trial.by}). {whoReturns(trial)}
      </p>
      <div className="flex gap-2">
        <Button
          tone="primary"
          busy={action.busy === 'keep'}
          disabled={busy}
          onClick={() => action.run('keep', actions.keep)}
        >
          Keep
        </Button>
        <Button
          busy={action.busy === 'roll-back'}
          disabled={busy}
          onClick={() => action.run('roll-back', actions.rollBack)}
        >
          Roll back now
        </Button>
      </div>
    </section>
  );
}

interface EndedProps {
  readonly trial: LiveTrial;
  readonly acknowledge: TrialActions['acknowledge'];
  readonly action: ActionRun;
}

function Ended({ trial, acknowledge, action }: EndedProps) {
  const read = async () => {
    const result = await acknowledge(trial.id);
    if (!result.ok) action.show(result);
  };
  return (
    <Notice
      tone="warn"
      title={trial.outcome === 'mixed' ? 'A trial ended in two ways' : 'A push was rolled back'}
      actions={<Button onClick={read}>I have read this</Button>}
    >
      {sentence(trial.message)}
    </Notice>
  );
}
