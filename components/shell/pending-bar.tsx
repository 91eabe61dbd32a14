'use client';
import { ArrowRight, PencilLine } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useLive } from '../live/live-provider.tsx';
import { clusterPath } from '../panels/panels.ts';

/** On every page of a cluster while the draft differs from what was pushed. */
export function PendingBar({ clusterId }: { readonly clusterId: string }) {
  const { snapshot } = useLive();
  const href = clusterPath(clusterId, 'changes');
  const waiting = snapshot?.draftChanges ?? 0;
  const elsewhere = usePathname() !== href;
  return (
    <div role="status">
      {waiting > 0 && elsewhere && (
        <div className="flex flex-wrap items-center gap-x-2 border-b border-accent/40 bg-accent-soft px-4 py-1.5 text-sm">
          <PencilLine aria-hidden="true" className="size-4 shrink-0 text-accent" />
          <span className="min-w-0 grow basis-64">
            <strong>{waiting === 1 ? '1 change waits' : `${waiting} changes wait`}</strong> in the draft. The
            routers do not know of {waiting === 1 ? 'it' : 'them'} yet.
          </span>
          <Link
            href={href}
            className="ml-auto inline-flex items-center gap-1 rounded font-semibold whitespace-nowrap text-accent hover:underline"
          >
            Review and push
            <ArrowRight aria-hidden="true" className="size-4" />
          </Link>
        </div>
      )}
    </div>
  );
}
