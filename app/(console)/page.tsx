import { redirect } from 'next/navigation';
import { clusterPath } from '#components/panels/panels.ts';
import { listClusters } from '#lib/console/clusters/loaders.ts';

/** The only cluster, or the list. */
export default async function StartPage() {
  const clusters = await listClusters();
  const [only] = clusters;
  redirect(only && clusters.length === 1 ? clusterPath(only.id, 'control') : '/clusters');
}
