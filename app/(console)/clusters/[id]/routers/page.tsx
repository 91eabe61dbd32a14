import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { RoutersPanel } from '#components/routers/routers-panel.tsx';
import { loadCluster } from '#lib/console/clusters/loaders.ts';
import {
  acceptHostKey,
  addRouter,
  consolePublicKey,
  removeRouter,
  rotateKey,
} from '#lib/console/routers/actions.ts';

export const metadata: Metadata = { title: 'Routers' };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly imported?: string }>;
}

export default async function RoutersPage({ params, searchParams }: Props) {
  const [{ id }, { imported }] = await Promise.all([params, searchParams]);
  const [cluster, publicKey] = await Promise.all([loadCluster(id), consolePublicKey(id)]);
  if (cluster === null || publicKey === null) notFound();
  return (
    <RoutersPanel
      cluster={cluster}
      isImported={imported !== undefined}
      enrolCommand={`shoalctl enrol '${publicKey}'`}
      actions={{
        add: addRouter.bind(null, id),
        accept: acceptHostKey,
        remove: removeRouter,
        rotateKey: rotateKey.bind(null, id),
      }}
    />
  );
}
