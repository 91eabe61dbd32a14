'use client';
import { Check, ChevronsUpDown } from 'lucide-react';
import Link from 'next/link';
import { useParams } from 'next/navigation';
import { clusterPath } from '../panels/panels.ts';
import { buttonLook } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';

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
      trigger={
        <button
          type="button"
          className={buttonLook({ tone: 'quiet' })}
          aria-label={current ? `Cluster ${current.name}; choose another` : 'Choose a cluster'}
        >
          <span aria-hidden="true" className="text-muted">
            Cluster
          </span>
          <span className="max-w-60 truncate font-semibold">{current?.name ?? 'choose'}</span>
          <ChevronsUpDown aria-hidden="true" className="text-muted" />
        </button>
      }
    >
      <MenuLabel>Clusters</MenuLabel>
      {clusters.map((cluster) => (
        <MenuItem key={cluster.id} asChild>
          <Link href={clusterPath(cluster.id, 'control')} prefetch={false}>
            <span className="grow">{cluster.name}</span>
            {cluster.id === id && <Check aria-label="shown now" />}
          </Link>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/clusters" prefetch={false}>
          All clusters, new cluster
        </Link>
      </MenuItem>
    </Menu>
  );
}
