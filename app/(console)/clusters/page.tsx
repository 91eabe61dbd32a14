import type { Metadata } from 'next';
import { ClusterList } from '#components/clusters/cluster-list.tsx';
import { PageBody } from '#components/panels/page-body.tsx';
import { createCluster, deleteCluster, renameCluster } from '#lib/console/clusters/actions.ts';
import { listClusters } from '#lib/console/clusters/loaders.ts';

export const metadata: Metadata = { title: 'Clusters' };

export default async function ClustersPage() {
  return (
    <PageBody>
      <ClusterList
        clusters={await listClusters()}
        actions={{ create: createCluster, rename: renameCluster, remove: deleteCluster }}
      />
    </PageBody>
  );
}
