import type { Metadata } from 'next';
import Link from 'next/link';
import { NewCluster } from '#components/import/new-cluster.tsx';
import type { DialectLabels } from '#components/import/text-card.tsx';
import { PageBody } from '#components/panels/page-body.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { createCluster } from '#lib/console/clusters/actions.ts';
import { importCluster, readRouter, scanRouter } from '#lib/console/import/actions.ts';
import { dialects } from '#lib/import/dialects.ts';

export const metadata: Metadata = { title: 'New cluster' };

const labels = Object.fromEntries(
  Object.entries(dialects).map(([name, { label }]) => [name, label]),
) as DialectLabels;

export default function NewClusterPage() {
  return (
    <PageBody>
      <Link href="/clusters" className="rounded text-sm text-muted hover:text-text hover:underline">
        ← Clusters
      </Link>
      <PageHeader title="New cluster">
        Take over what runs already, or begin with nothing. You see every fault and every difference before
        anything is stored, and no router changes here.
      </PageHeader>
      <NewCluster
        labels={labels}
        actions={{ create: createCluster, scan: scanRouter, read: readRouter, importCluster }}
      />
    </PageBody>
  );
}
