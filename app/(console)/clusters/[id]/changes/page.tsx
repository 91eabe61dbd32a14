import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { History } from '#components/changes/history.tsx';
import { ReviewPanel } from '#components/changes/review-panel.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { draftFilePath } from '#components/panels/panels.ts';
import { buttonLook } from '#components/ui/button.tsx';
import { catchUp, discardDraft, planPush, push, restoreRevision } from '#lib/console/revisions/actions.ts';
import { listRevisions, loadReview } from '#lib/console/revisions/loaders.ts';

export const metadata: Metadata = { title: 'Review and push' };

export default async function ChangesPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  const [review, revisions] = await Promise.all([loadReview(id), listRevisions(id)]);
  return (
    <>
      <PageHeader
        title="Review and push"
        actions={
          <a href={draftFilePath(id)} download className={buttonLook()}>
            <Download aria-hidden="true" />
            Draft as lvs.cf
          </a>
        }
      >
        The draft against what was pushed last, and what each router will do with it.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <ReviewPanel
          review={review}
          actions={{
            plan: planPush.bind(null, id),
            push: push.bind(null, id),
            discard: discardDraft.bind(null, id),
            catchUp: catchUp.bind(null, id, {}),
          }}
        />
        <History clusterId={id} revisions={revisions.revisions} restore={restoreRevision.bind(null, id)} />
      </div>
    </>
  );
}
