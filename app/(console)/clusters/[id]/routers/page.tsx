import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { RoutersPanel } from '#components/routers/routers-panel.tsx';
import { loadCluster } from '#lib/console/clusters/loaders.ts';
import { acceptHostKey, addRouter, consolePublicKey, removeRouter } from '#lib/console/routers/actions.ts';

export const metadata: Metadata = { title: 'Routers' };

export default async function RoutersPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  const [cluster, publicKey] = await Promise.all([loadCluster(id), consolePublicKey(id)]);
  if (cluster === null || publicKey === null) notFound();
  return (
    <RoutersPanel
      cluster={cluster}
      enrolCommand={`shoalctl enrol '${publicKey}'`}
      actions={{ add: addRouter.bind(null, id), accept: acceptHostKey, remove: removeRouter }}
    />
  );
}
