'use client';
import { useState } from 'react';
import type { PushReport } from '#lib/console/contract.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { sentence } from '../ui/sentence.ts';
import { PushSteps } from './push-steps.tsx';
import { TrialChoice } from './trial-choice.tsx';

export interface PushAgainHow {
  readonly trialSeconds?: number;
  readonly overwrite?: boolean;
}

interface PushAgainProps {
  readonly serial: number;
  readonly push: (how: PushAgainHow) => Promise<PushReport>;
}

/** An older revision goes to the routers as the next one. */
export function PushAgain({ serial, push }: PushAgainProps) {
  const [open, setOpen] = useState(false);
  const [trialSeconds, setTrialSeconds] = useState<number | null>(60);
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<PushReport | 'lost' | null>(null);
  const send = async () => {
    setBusy(true);
    setReport(await push(trialSeconds === null ? {} : { trialSeconds }).catch(() => 'lost' as const));
    setBusy(false);
  };
  const change = (next: boolean) => {
    setOpen(next);
    setReport(null);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Push again…</Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={`Push revision ${serial} again?`}
        description={`The routers get what revision ${serial} holds, as a new revision with a number of its own, the standby first. The draft stays as it is.`}
        footer={
          report === null ? (
            <>
              <Button onClick={() => change(false)}>Cancel</Button>
              <Button tone="primary" busy={busy} onClick={send}>
                Push revision {serial} again
              </Button>
            </>
          ) : (
            <Button onClick={() => change(false)}>Close</Button>
          )
        }
      >
        <div className="flex flex-col gap-3">
          {report === null && <TrialChoice seconds={trialSeconds} onChange={setTrialSeconds} />}
          <PushSteps />
          {report === 'lost' && (
            <Notice tone="bad">
              The console did not answer; the history says which router has it. Reload the page and look.
            </Notice>
          )}
          {report !== null && report !== 'lost' && (
            <Notice tone={report.outcome === 'all' || report.outcome === 'nothing' ? 'good' : 'bad'}>
              <Prose text={sentence(report.message)} />
            </Notice>
          )}
        </div>
      </Dialog>
    </>
  );
}
