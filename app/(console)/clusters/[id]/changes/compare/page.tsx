import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { CompareForm, type Side } from '#components/changes/compare-form.tsx';
import { DifferenceTabs } from '#components/changes/difference-tabs.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { clusterPath } from '#components/panels/panels.ts';
import { Card } from '#components/ui/card.tsx';
import { listSerials, loadComparison } from '#lib/console/revisions/loaders.ts';

export const metadata: Metadata = { title: 'Compare' };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

const sideOf = (text: unknown, otherwise: Side): Side =>
  typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : text === 'draft' ? 'draft' : otherwise;

export default async function ComparePage({ params, searchParams }: Props) {
  const { id } = await params;
  const chosen = await searchParams;
  const serials = await listSerials(id);
  const to = sideOf(chosen.to, 'draft');
  const from = sideOf(chosen.from, serials[0]?.serial ?? 'draft');
  const comparison = await loadComparison(id, from, to);
  if (comparison === null) notFound();
  const nameOf = (side: Side) => (side === 'draft' ? 'the draft' : `revision ${side}`);
  const { changes } = comparison;
  return (
    <>
      <Link
        href={clusterPath(id, 'changes')}
        className="rounded text-sm text-muted hover:text-text hover:underline"
      >
        ← Review and push
      </Link>
      <PageHeader title="Compare">
        From {nameOf(from)} to {nameOf(to)}: what the later one does otherwise.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <CompareForm clusterId={id} serials={serials} from={from} to={to} />
        <Card
          title={
            changes.length === 0
              ? 'No difference'
              : changes.length === 1
                ? '1 difference'
                : `${changes.length} differences`
          }
        >
          <DifferenceTabs
            label="Difference"
            changes={changes}
            text={comparison.text}
            empty="Both mean the same."
          />
        </Card>
      </div>
    </>
  );
}
