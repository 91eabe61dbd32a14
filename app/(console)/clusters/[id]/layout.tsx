import type { ReactNode } from 'react';
import { TrialBar } from '#components/changes/trial-bar.tsx';
import { LiveProvider } from '#components/live/live-provider.tsx';
import { PageBody } from '#components/panels/page-body.tsx';
import { ClusterNav } from '#components/shell/cluster-nav.tsx';
import { OwedBar } from '#components/shell/owed-bar.tsx';
import { PendingBar } from '#components/shell/pending-bar.tsx';
import { loadLive } from '#lib/console/live/loaders.ts';
import { acknowledgeTrial, keep, rollBack } from '#lib/console/revisions/actions.ts';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly children: ReactNode;
}

export default async function ClusterLayout({ params, children }: Props) {
  const { id } = await params;
  return (
    <LiveProvider key={id} clusterId={id} initial={await loadLive(id)}>
      <ClusterNav clusterId={id} />
      <PendingBar clusterId={id} />
      <OwedBar clusterId={id} />
      <TrialBar
        actions={{
          keep: keep.bind(null, id),
          rollBack: rollBack.bind(null, id),
          acknowledge: acknowledgeTrial.bind(null, id),
        }}
      />
      <PageBody>{children}</PageBody>
    </LiveProvider>
  );
}
