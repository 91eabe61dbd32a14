import type { Metadata } from 'next';
import Link from 'next/link';
import { PageBody } from '#components/panels/page-body.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { trailPath } from '#components/panels/panels.ts';
import { TrailTable } from '#components/trail/trail-table.tsx';
import { Empty } from '#components/ui/card.tsx';
import { listClusters } from '#lib/console/clusters/loaders.ts';
import { loadTrail } from '#lib/console/trail/loaders.ts';

export const metadata: Metadata = { title: 'Trail' };

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

const oneOf = (value: string | readonly string[] | undefined): string | null =>
  typeof value === 'string' ? value : null;

export default async function TrailPage({ searchParams }: Props) {
  const chosen = await searchParams;
  const clusterId = oneOf(chosen.cluster);
  const [clusters, { entries, more }] = await Promise.all([
    listClusters(),
    loadTrail(clusterId, oneOf(chosen.before)),
  ]);
  const cluster = clusters.find(({ id }) => id === clusterId);
  const last = entries.at(-1);
  return (
    <PageBody>
      <PageHeader title={cluster ? `Trail of ${cluster.name}` : 'Trail'}>
        Who did what when: sign-ins, saves, pushes, switchovers, drains. Kept for 400 days.
        {clusterId !== null && (
          <>
            {' '}
            <Link href={trailPath(null)} className="text-accent hover:underline">
              Show all clusters
            </Link>
          </>
        )}
      </PageHeader>
      <section aria-label="Trail" className="overflow-hidden rounded-lg border border-line bg-surface">
        {entries.length === 0 ? (
          <Empty title="Nothing here">
            <p>What people and the console itself do is written down here, the newest first.</p>
          </Empty>
        ) : (
          <TrailTable entries={entries} />
        )}
        {(more || chosen.before !== undefined) && (
          <nav aria-label="Pages of the trail" className="flex gap-4 border-t border-line px-4 py-2 text-sm">
            {chosen.before !== undefined && (
              <Link href={trailPath(clusterId)} className="text-accent hover:underline">
                Newest
              </Link>
            )}
            {more && last && (
              <Link
                href={trailPath(clusterId, `${last.at} ${last.id}`)}
                className="text-accent hover:underline"
              >
                Older
              </Link>
            )}
          </nav>
        )}
      </section>
    </PageBody>
  );
}
