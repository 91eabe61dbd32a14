import type { Metadata } from 'next';
import { ClusterList } from '#components/clusters/cluster-list.tsx';
import { PageBody } from '#components/panels/page-body.tsx';
import { createCluster, deleteCluster, renameCluster } from '#lib/console/clusters/actions.ts';
import { loadOverview } from '#lib/console/live/loaders.ts';

export const metadata: Metadata = { title: 'Clusters' };

export default async function ClustersPage() {
  return (
    <PageBody>
      <ClusterList
        initial={await loadOverview()}
        actions={{ create: createCluster, rename: renameCluster, remove: deleteCluster }}
      />
    </PageBody>
  );
}
