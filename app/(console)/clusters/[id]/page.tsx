import { redirect } from 'next/navigation';
import { clusterPath } from '#components/panels/panels.ts';

export default async function ClusterPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  redirect(clusterPath((await params).id, 'control'));
}
