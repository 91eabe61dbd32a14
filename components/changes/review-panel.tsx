'use client';
import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ActionResult, PushReport, ReviewView, RouterPlan } from '#lib/console/contract.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import { ActionNotice } from '../ui/action-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Input } from '../ui/input.tsx';
import { useAction } from '../ui/use-action.ts';
import { DiagnosticList } from './diagnostic-list.tsx';
import { DifferenceTabs } from './difference-tabs.tsx';
import { type Plans, PlanView } from './plan-view.tsx';
import { PushOutcome } from './push-outcome.tsx';
import { PushSteps } from './push-steps.tsx';
import { TrialChoice } from './trial-choice.tsx';
import { type PushHow, type Pushing, usePush } from './use-push.ts';

export interface ReviewActions {
  readonly plan: () => Promise<readonly RouterPlan[]>;
  readonly push: (message: string, how: PushHow) => Promise<PushReport>;
  readonly discard: () => Promise<ActionResult>;
  readonly catchUp: () => Promise<PushReport>;
}

interface ReviewPanelProps {
  readonly review: ReviewView;
  readonly actions: ReviewActions;
}

/** What waits in the draft, what the routers will do with it, and the push. */
export function ReviewPanel({ review, actions }: ReviewPanelProps) {
  const action = useAction();
  const pushing = usePush(actions, review.draftHash);
  const waiting = review.changes.length > 0;
  const { plans, ask } = usePlans(actions.plan, waiting, review);
  return (
    <div className="flex flex-col gap-4">
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      <PushSteps />
      <PushOutcome pushing={pushing} />
      {waiting ? (
        <>
          <Difference review={review} />
          {review.diagnostics.length > 0 && <DiagnosticList diagnostics={review.diagnostics} />}
          <PlanView plans={plans} onAsk={ask} />
          <PushForm
            review={review}
            pushing={pushing}
            discard={actions.discard}
            onDiscarded={(message) => action.show({ ok: true, message })}
          />
        </>
      ) : (
        <Card title="Nothing to push">
          <Empty title="The draft equals the last revision">
            <p>
              What you save on the panels collects here as a draft. You then see every difference in words and
              as lvs.cf, and what each router will do, before a push makes it real.
            </p>
          </Empty>
        </Card>
      )}
    </div>
  );
}

/** Asks for the plans by itself, and again whenever the draft is another. */
function usePlans(plan: ReviewActions['plan'], waiting: boolean, review: ReviewView) {
  const [plans, setPlans] = useState<Plans>({ state: 'asking' });
  const ask = () => {
    let current = true;
    setPlans({ state: 'asking' });
    plan().then(
      (answer) => current && setPlans({ state: 'known', plans: answer }),
      () => current && setPlans({ state: 'failed' }),
    );
    return () => {
      current = false;
    };
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft has another plan; nothing else has
  useEffect(() => (waiting ? ask() : undefined), [waiting, review.draftHash]);
  return { plans, ask };
}

function Difference({ review }: { readonly review: ReviewView }) {
  const { changes, changeCount, lastRevision } = review;
  const count = changeCount === 1 ? '1 change' : `${changeCount} changes`;
  return (
    <Card
      title={`${count} since ${lastRevision ? `revision ${lastRevision.serial}` : 'the beginning'}`}
      {...(lastRevision === null
        ? { aside: <span className="text-sm text-muted">nothing was pushed yet</span> }
        : {})}
    >
      <DifferenceTabs
        label="Difference"
        changes={changes}
        more={changeCount - changes.length}
        text={review.text}
      />
    </Card>
  );
}

interface PushFormProps {
  readonly review: ReviewView;
  readonly pushing: Pushing;
  readonly discard: ReviewActions['discard'];
  readonly onDiscarded: (message: string) => void;
}

function PushForm({ review, pushing, discard, onDiscarded }: PushFormProps) {
  const [discarding, setDiscarding] = useState(false);
  const faults = countErrors(review.diagnostics);
  const since = review.lastRevision ? `revision ${review.lastRevision.serial}` : 'the beginning';
  const count = review.changeCount;
  return (
    <Card title={`Push revision ${review.nextSerial}`}>
      <form
        className="flex flex-col gap-3 px-4 py-3"
        onSubmit={(event) => {
          event.preventDefault();
          void pushing.push(false);
        }}
      >
        <div className="flex flex-col gap-1">
          <label htmlFor="push-message" className="text-sm font-medium">
            Message
          </label>
          <Input
            id="push-message"
            value={pushing.message}
            maxLength={500}
            className="w-full max-w-2xl"
            aria-describedby="push-message-help"
            onChange={(event) => pushing.setMessage(event.target.value)}
          />
          <p id="push-message-help" className="text-sm text-muted">
            Why this change, for the history. May be blank.
          </p>
        </div>
        <TrialChoice seconds={pushing.trialSeconds} onChange={pushing.setTrialSeconds} />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" tone="primary" busy={pushing.busy !== null} disabled={faults > 0}>
            <Upload aria-hidden="true" />
            Push
          </Button>
          <Button onClick={() => setDiscarding(true)} disabled={pushing.busy !== null}>
            Discard the draft
          </Button>
          <span className="text-sm text-muted">
            {faults > 0
              ? `Mend the ${faults === 1 ? 'error' : `${faults} errors`} above first; routers would refuse this configuration.`
              : 'The standby gets it first. A router that refuses keeps what it runs.'}
          </span>
        </div>
      </form>
      <ConfirmDialog
        open={discarding}
        onOpenChange={setDiscarding}
        title={`Discard ${count === 1 ? 'the change' : `all ${count} changes`} of the draft?`}
        description={`Everything that was saved on the panels since ${since} is lost, also what other administrators saved. The routers keep running what they run.`}
        verb="Discard the draft"
        danger
        onConfirm={discard}
        onDone={onDiscarded}
      />
    </Card>
  );
}

const countErrors = (diagnostics: readonly Diagnostic[]): number =>
  diagnostics.filter(({ severity }) => severity === 'error').length;
