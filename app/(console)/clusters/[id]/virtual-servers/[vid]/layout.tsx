import Link from 'next/link';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import {
  clusterPath,
  failoverPanels,
  failoverPath,
  virtualServerPanels,
  virtualServerPath,
} from '#components/panels/panels.ts';
import { SubNav } from '#components/shell/sub-nav.tsx';
import { loadVirtualServer } from '#lib/console/virtual-servers/loaders.ts';

interface Props {
  readonly params: Promise<{ readonly id: string; readonly vid: string }>;
  readonly children: ReactNode;
}

export default async function VirtualServerLayout({ params, children }: Props) {
  const { id, vid } = await params;
  const view = await loadVirtualServer(id, vid);
  if (view === null) notFound();
  const isVirtual = view.kind === 'virtual';
  return (
    <>
      <div className="mb-3">
        <Link
          href={isVirtual ? clusterPath(id, 'virtual-servers') : failoverPath(id)}
          className="rounded text-sm text-muted hover:text-text hover:underline"
        >
          ← All {isVirtual ? 'virtual servers' : 'failover services'}
        </Link>
        <h1 className="text-xl font-semibold tracking-tight">
          {isVirtual ? 'Virtual server' : 'Failover service'} {view.name}
        </h1>
      </div>
      <SubNav
        label={`Edit ${view.name}`}
        items={(isVirtual ? virtualServerPanels : failoverPanels).map(({ path, title }) => ({
          href: virtualServerPath(id, vid, path),
          title,
        }))}
      />
      {children}
    </>
  );
}
