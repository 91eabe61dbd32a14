'use client';
import type { PushReport } from '#lib/console/contract.ts';
import { useLive } from '../live/live-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { sentence } from '../ui/sentence.ts';
import { ResultsTable } from './results-table.tsx';
import type { Pushing } from './use-push.ts';

const tones = { all: 'good', some: 'warn', nowhere: 'bad', nothing: 'info' } as const satisfies Record<
  PushReport['outcome'],
  string
>;

/** Which router has what after a push, and the next step. */
export function PushOutcome({ pushing }: { readonly pushing: Pushing }) {
  const { report } = pushing;
  if (report === null) return null;
  if (report === 'lost') {
    return (
      <Notice tone="bad">
        The console did not answer; it is not known which router has the revision. Reload the page: the
        revisions below say it.
      </Notice>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <Notice tone={tones[report.outcome]} actions={<NextStep report={report} pushing={pushing} />}>
        <Prose text={sentence(report.message)} />
      </Notice>
      {report.routers.length > 0 && (
        <section aria-label="Result of the push" className="rounded-lg border border-line bg-surface">
          <ResultsTable label="Result of the push" results={report.routers} />
          <p className="px-4 py-1.5 text-sm text-muted">Took {report.durationMs} ms in all.</p>
        </section>
      )}
    </div>
  );
}

function NextStep({ report, pushing }: { readonly report: PushReport; readonly pushing: Pushing }) {
  const { snapshot } = useLive();
  if (report.serial === null && snapshot?.sync.state === 'changed-on-router') {
    return (
      <Button tone="danger" busy={pushing.busy === 'overwrite'} onClick={() => pushing.push(true)}>
        Push and overwrite what was changed there
      </Button>
    );
  }
  if (report.outcome !== 'some' && !(report.outcome === 'nowhere' && report.serial !== null)) return null;
  return (
    <Button busy={pushing.busy === 'catch-up'} onClick={pushing.catchUp}>
      Catch up
    </Button>
  );
}
