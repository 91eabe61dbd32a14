import { Download, ScrollText } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { DriftCard } from '#components/changes/drift-card.tsx';
import { History } from '#components/changes/history.tsx';
import { ReviewPanel } from '#components/changes/review-panel.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { draftFilePath, trailPath } from '#components/panels/panels.ts';
import { buttonLook } from '#components/ui/button.tsx';
import {
  catchUp,
  compareRouter,
  discardDraft,
  planPush,
  push,
  restoreRevision,
  takeIn,
} from '#lib/console/revisions/actions.ts';
import { listRevisions, loadReview } from '#lib/console/revisions/loaders.ts';

export const metadata: Metadata = { title: 'Review and push' };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly below?: string | string[] }>;
}

export default async function ChangesPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { below } = await searchParams;
  const limit = typeof below === 'string' && /^\d{1,10}$/.test(below) ? Number(below) : undefined;
  const [review, { revisions, more }] = await Promise.all([loadReview(id), listRevisions(id, limit)]);
  return (
    <>
      <PageHeader
        title="Review and push"
        actions={
          <>
            <Link href={trailPath(id)} className={buttonLook()}>
              <ScrollText aria-hidden="true" />
              Trail
            </Link>
            <a href={draftFilePath(id)} download className={buttonLook()}>
              <Download aria-hidden="true" />
              Draft as lvs.cf
            </a>
          </>
        }
      >
        The draft against what was pushed last, and what each router will do with it.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <DriftCard
          waiting={review.changes.length}
          actions={{
            compare: compareRouter.bind(null, id),
            takeIn: takeIn.bind(null, id),
            overwrite: catchUp.bind(null, id, { overwrite: true }),
          }}
        />
        <ReviewPanel
          review={review}
          actions={{
            plan: planPush.bind(null, id),
            push: push.bind(null, id),
            discard: discardDraft.bind(null, id),
            catchUp: catchUp.bind(null, id, {}),
          }}
        />
        <History
          clusterId={id}
          revisions={revisions}
          more={more}
          isOlder={limit !== undefined}
          restore={restoreRevision.bind(null, id)}
        />
      </div>
    </>
  );
}
