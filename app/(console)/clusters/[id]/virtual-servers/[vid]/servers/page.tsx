import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { RealServerList } from '#components/virtual-servers/real-server-list.tsx';
import {
  disableServer,
  drainServer,
  enableServer,
  overrideMany,
  setServerWeight,
  undrainServer,
} from '#lib/console/overrides/actions.ts';
import {
  changeMany,
  cloneBlock,
  createRealServer,
  deleteRealServer,
  moveBlock,
  saveRealServer,
  setRealServerEnabled,
} from '#lib/console/virtual-servers/actions.ts';
import { loadVirtualServer } from '#lib/console/virtual-servers/loaders.ts';

export const metadata: Metadata = { title: 'REAL SERVER' };

interface Props {
  readonly params: Promise<{ readonly id: string; readonly vid: string }>;
}

export default async function RealServersPage({ params }: Props) {
  const { id, vid } = await params;
  const view = await loadVirtualServer(id, vid);
  if (view === null) notFound();
  return (
    <RealServerList
      virtual={view}
      actions={{
        create: createRealServer.bind(null, id, vid),
        save: saveRealServer.bind(null, id),
        remove: deleteRealServer.bind(null, id),
        setEnabled: setRealServerEnabled.bind(null, id),
        overrides: {
          drain: drainServer.bind(null, id),
          undrain: undrainServer.bind(null, id),
          disable: disableServer.bind(null, id),
          enable: enableServer.bind(null, id),
          setWeight: setServerWeight.bind(null, id),
        },
        overrideMany: overrideMany.bind(null, id),
        clone: cloneBlock.bind(null, id),
        move: moveBlock.bind(null, id),
        changeMany: changeMany.bind(null, id),
      }}
    />
  );
}
