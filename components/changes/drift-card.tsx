'use client';
import { useState } from 'react';
import type { ActionResult, HandChange, PushReport } from '#lib/console/contract.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { LiveRouter } from '#lib/protocol/live.ts';
import { changedRouters } from '../control/router-rules.ts';
import { useLive } from '../live/live-provider.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ConfirmDialog, unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { reportAsAction } from '../ui/report-as-action.ts';
import { sentence } from '../ui/sentence.ts';
import { useAction } from '../ui/use-action.ts';
import { DiagnosticItems } from './diagnostic-list.tsx';
import { DifferenceTabs } from './difference-tabs.tsx';

export interface DriftActions {
  readonly compare: (routerId: string) => Promise<HandChange>;
  readonly takeIn: (routerId: string) => Promise<ActionResult>;
  readonly overwrite: () => Promise<PushReport>;
}

interface DriftCardProps {
  readonly actions: DriftActions;
  /** How many changes wait in the draft: taking in replaces them. */
  readonly waiting: number;
}

/** While a router runs or stores what no revision says: what it is, and both ways to go on. */
export function DriftCard({ actions, waiting }: DriftCardProps) {
  const { snapshot } = useLive();
  const action = useAction();
  const isChanged = snapshot?.sync.state === 'changed-on-router';
  const routers = isChanged ? changedRouters(snapshot) : [];
  return (
    <>
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      {routers.map((router) => (
        <Drift
          key={router.id}
          router={router}
          serial={snapshot?.revision?.serial ?? null}
          actions={actions}
          waiting={waiting}
          onDone={(message) => action.show({ ok: true, message })}
        />
      ))}
    </>
  );
}

interface DriftProps extends DriftCardProps {
  readonly router: LiveRouter;
  /** Of the last revision. */
  readonly serial: number | null;
  readonly onDone: (message: string) => void;
}

function Drift({ router, serial, actions, waiting, onDone }: DriftProps) {
  const [difference, setDifference] = useState<HandChange | null>(null);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<'take-in' | 'overwrite' | null>(null);
  const show = async () => {
    setBusy(true);
    setDifference(await actions.compare(router.id).catch(() => unreachableConsole));
    setBusy(false);
  };
  const lost =
    waiting === 0
      ? ''
      : ` ${waiting === 1 ? 'The change that waits' : `The ${waiting} changes that wait`} in the draft, not pushed yet, ${waiting === 1 ? 'is' : 'are'} replaced.`;
  return (
    <Card
      title={`${router.name} was changed by hand`}
      actions={
        <>
          <Button size="small" busy={busy} onClick={show}>
            Show the difference
          </Button>
          <Button size="small" onClick={() => setAsking('take-in')}>
            Take in from {router.name}
          </Button>
          {serial !== null && (
            <Button size="small" onClick={() => setAsking('overwrite')}>
              Overwrite {router.name}
            </Button>
          )}
        </>
      }
    >
      {difference === null ? (
        <p className="px-4 py-3 text-sm text-muted">
          What stands on {router.name} is of no revision. Take it in, and the draft holds it; overwrite it,
          and {serial === null ? 'the draft' : `revision ${serial}`} goes there again. Nothing is lost before
          you choose.
        </p>
      ) : difference.ok ? (
        <>
          {difference.faults.length > 0 && <Faults router={router.name} faults={difference.faults} />}
          <DifferenceTabs
            label={`Difference of ${router.name}`}
            changes={difference.changes}
            text={difference.text}
            empty="It means the same as the last revision; only the way it is written differs."
          />
        </>
      ) : (
        <Notice tone="bad" className="m-4">
          {sentence(difference.message)}
        </Notice>
      )}
      <ConfirmDialog
        open={asking === 'take-in'}
        onOpenChange={() => setAsking(null)}
        title={`Take in what was changed on ${router.name}?`}
        description={`The draft becomes what ${router.name} has.${lost} The routers change nothing until you push.`}
        verb={`Take in from ${router.name}`}
        onConfirm={() => actions.takeIn(router.id)}
        onDone={onDone}
      />
      <ConfirmDialog
        open={asking === 'overwrite'}
        onOpenChange={() => setAsking(null)}
        title={`Overwrite what was changed on ${router.name}?`}
        description={`Every router gets revision ${serial ?? ''} again. What was changed on ${router.name} by hand is lost; show the difference first, or take it in.`}
        verb={`Overwrite ${router.name}`}
        danger
        onConfirm={async () => reportAsAction(await actions.overwrite())}
        onDone={onDone}
      />
    </Card>
  );
}

/** Faults that a file cannot be taken in with. */
function Faults({ router, faults }: { readonly router: string; readonly faults: readonly Diagnostic[] }) {
  return (
    <Notice
      tone="bad"
      className="m-4 mb-0"
      title={`What stands on ${router} has errors: ${router} would not run it, and it cannot be taken in`}
    >
      <ul aria-label={`Errors of what stands on ${router}`} className="text-sm">
        <DiagnosticItems diagnostics={faults} className="py-0.5" />
      </ul>
      <p className="text-sm text-muted">
        Mend them there, or overwrite it. Below, what is wrong counts as left out.
      </p>
    </Notice>
  );
}
