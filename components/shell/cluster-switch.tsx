'use client';
import { ChevronsUpDown } from 'lucide-react';
import { useParams } from 'next/navigation';
import { clusterPath } from '../panels/panels.ts';
import { buttonLook } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';

interface ClusterSwitchProps {
  readonly clusters: readonly { readonly id: string; readonly name: string }[];
}

/** Names the cluster that the page is about and leads to the others. */
export function ClusterSwitch({ clusters }: ClusterSwitchProps) {
  const { id } = useParams<{ id?: string }>();
  const current = clusters.find((cluster) => cluster.id === id);
  if (clusters.length === 0) return null;
  return (
    <Menu
      align="start"
      trigger={{
        label: current ? `Cluster ${current.name}; choose another` : 'Choose a cluster',
        className: `${buttonLook({ tone: 'quiet' })} min-w-0`,
        content: (
          <>
            <span aria-hidden="true" className={current ? 'text-muted max-sm:hidden' : 'text-muted'}>
              {current ? 'Cluster' : 'Clusters'}
            </span>
            {current && <span className="max-w-60 min-w-0 truncate font-semibold">{current.name}</span>}
            <ChevronsUpDown aria-hidden="true" className="text-muted" />
          </>
        ),
      }}
      entries={[
        { kind: 'label', text: 'Clusters' },
        ...clusters.map((cluster) => ({
          kind: 'link' as const,
          text: cluster.name,
          href: clusterPath(cluster.id, 'control'),
          isCurrent: cluster.id === id,
        })),
        { kind: 'link', text: 'All clusters, new cluster', href: '/clusters', isApart: true },
      ]}
    />
  );
}
