import Link from 'next/link';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { clusterPath, virtualServerPanels, virtualServerPath } from '#components/panels/panels.ts';
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
  return (
    <>
      <div className="mb-3">
        <Link
          href={clusterPath(id, 'virtual-servers')}
          className="rounded text-sm text-muted hover:text-text hover:underline"
        >
          ← All virtual servers
        </Link>
        <h1 className="text-xl font-semibold tracking-tight">Virtual server {view.name}</h1>
      </div>
      <SubNav
        label={`Edit ${view.name}`}
        items={virtualServerPanels.map(({ path, title }) => ({
          href: virtualServerPath(id, vid, path),
          title,
        }))}
      />
      {children}
    </>
  );
}
