'use client';
import { PencilLine } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useLive } from '../live/live-provider.tsx';
import { clusterPath } from '../panels/panels.ts';
import { ClusterBar } from './cluster-bar.tsx';

/** On every page of a cluster while the draft differs from what was pushed. */
export function PendingBar({ clusterId }: { readonly clusterId: string }) {
  const { snapshot } = useLive();
  const href = clusterPath(clusterId, 'changes');
  const waiting = snapshot?.draftChanges ?? 0;
  const elsewhere = usePathname() !== href;
  return (
    <div role="status">
      {waiting > 0 && elsewhere && (
        <ClusterBar tone="accent" Icon={PencilLine} href={href} to="Review and push">
          <strong>{waiting === 1 ? '1 change waits' : `${waiting} changes wait`}</strong> in the draft. The
          routers do not know of {waiting === 1 ? 'it' : 'them'} yet.
        </ClusterBar>
      )}
    </div>
  );
}
