import type { Metadata } from 'next';
import { VirtualServerList } from '#components/virtual-servers/virtual-server-list.tsx';
import {
  createVirtualServer,
  deleteVirtualServer,
  setVirtualServerEnabled,
} from '#lib/console/virtual-servers/actions.ts';
import { loadVirtualServers } from '#lib/console/virtual-servers/loaders.ts';

export const metadata: Metadata = { title: 'VIRTUAL SERVERS' };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function VirtualServersPage({ params }: Props) {
  const { id } = await params;
  return (
    <VirtualServerList
      clusterId={id}
      views={await loadVirtualServers(id)}
      actions={{
        create: createVirtualServer.bind(null, id),
        remove: deleteVirtualServer.bind(null, id),
        setEnabled: setVirtualServerEnabled.bind(null, id),
      }}
    />
  );
}
