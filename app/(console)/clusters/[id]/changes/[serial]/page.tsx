import { Download, GitCompareArrows } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { PushAgain } from '#components/changes/push-again.tsx';
import { ResultsTable } from '#components/changes/results-table.tsx';
import { Moment } from '#components/live/age.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { clusterPath, comparePath, revisionFilePath } from '#components/panels/panels.ts';
import { buttonLook } from '#components/ui/button.tsx';
import { Card, Fact } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { pushRevision } from '#lib/console/revisions/actions.ts';
import { loadRevision } from '#lib/console/revisions/loaders.ts';

export const metadata: Metadata = { title: 'Revision' };

interface Props {
  readonly params: Promise<{ readonly id: string; readonly serial: string }>;
}

export default async function RevisionPage({ params }: Props) {
  const { id, serial } = await params;
  const revision = /^\d{1,10}$/.test(serial) ? await loadRevision(id, Number(serial)) : null;
  if (revision === null) notFound();
  return (
    <>
      <Link
        href={clusterPath(id, 'changes')}
        className="rounded text-sm text-muted hover:text-text hover:underline"
      >
        ← Review and push
      </Link>
      <PageHeader
        title={`Revision ${revision.serial}`}
        actions={
          <>
            <Link href={comparePath(id, revision.serial, 'draft')} className={buttonLook()}>
              <GitCompareArrows aria-hidden="true" />
              Compare
            </Link>
            <a href={revisionFilePath(id, revision.serial)} download className={buttonLook()}>
              <Download aria-hidden="true" />
              As lvs.cf
            </a>
            <PushAgain serial={revision.serial} push={pushRevision.bind(null, id, revision.serial)} />
          </>
        }
      />
      {revision.rolledBackAt !== null && (
        <Notice tone="info" announce={false} className="mb-4">
          It was on trial and not kept: the routers went back to what ran before, at{' '}
          <Moment at={revision.rolledBackAt} />.
        </Notice>
      )}
      <div className="flex flex-col gap-4">
        <Card title="Who, when, why">
          <dl className="px-4 py-2">
            <Fact name="Author">{revision.author}</Fact>
            <Fact name="When">
              <Moment at={revision.at} />
            </Fact>
            <Fact name="Message">{revision.message || 'no message'}</Fact>
            <Fact name="Hash">
              <span className="font-mono text-xs break-all">{revision.hash}</span>
            </Fact>
          </dl>
        </Card>
        {revision.results.length > 0 && (
          <Card title="Routers">
            <ResultsTable label={`Results of revision ${revision.serial}`} results={revision.results} />
          </Card>
        )}
        <Card
          title="lvs.cf"
          actions={<CopyButton text={revision.text} label="Copy the text of the revision" />}
        >
          <section
            aria-label={`Text of revision ${revision.serial}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
            tabIndex={0}
            className="max-h-[48rem] overflow-auto"
          >
            <pre className="px-4 py-3 text-xs leading-5">{revision.text}</pre>
          </section>
        </Card>
      </div>
    </>
  );
}
