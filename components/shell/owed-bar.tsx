'use client';
import { MailWarning } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { debtsInWords } from '#lib/protocol/debt-words.ts';
import { useLive } from '../live/live-provider.tsx';
import { clusterPath } from '../panels/panels.ts';
import { ClusterBar } from './cluster-bar.tsx';

/** On every page of a cluster while a router was not told a decision; CONTROL/MONITORING has the list. */
export function OwedBar({ clusterId }: { readonly clusterId: string }) {
  const { snapshot } = useLive();
  const href = clusterPath(clusterId, 'control');
  const debts = snapshot?.debts ?? [];
  const elsewhere = usePathname() !== href;
  return (
    <div role="status">
      {debts.length > 0 && elsewhere && (
        <ClusterBar tone="warn" Icon={MailWarning} href={href} to="See them">
          <strong>{debtsInWords(debts)}.</strong> A failover to that router would undo{' '}
          {debts.length === 1 ? 'it' : 'them'}.
        </ClusterBar>
      )}
    </div>
  );
}
