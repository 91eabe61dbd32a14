import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { VirtualServerForm } from '#components/virtual-servers/virtual-server-form.tsx';
import { saveVirtualServer } from '#lib/console/virtual-servers/actions.ts';
import { loadVirtualServer } from '#lib/console/virtual-servers/loaders.ts';

export const metadata: Metadata = { title: 'VIRTUAL SERVER' };

interface Props {
  readonly params: Promise<{ readonly id: string; readonly vid: string }>;
}

export default async function VirtualServerPage({ params }: Props) {
  const { id, vid } = await params;
  const view = await loadVirtualServer(id, vid);
  if (view === null) notFound();
  return (
    <VirtualServerForm
      clusterId={id}
      view={view}
      panel="virtual-server"
      save={saveVirtualServer.bind(null, id, vid)}
    />
  );
}
