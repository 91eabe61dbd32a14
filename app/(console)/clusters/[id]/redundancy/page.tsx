import type { Metadata } from 'next';
import { DirectiveForm } from '#components/directives/directive-form.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { clusterPath } from '#components/panels/panels.ts';
import { saveSettings } from '#lib/console/settings/actions.ts';
import { loadSettings } from '#lib/console/settings/loaders.ts';

export const metadata: Metadata = { title: 'REDUNDANCY' };

export default async function RedundancyPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}) {
  const { id } = await params;
  return (
    <>
      <PageHeader title="REDUNDANCY">
        The backup router, the heartbeats between both, and when one takes over from the other.
      </PageHeader>
      <DirectiveForm
        scope="global"
        panel="redundancy"
        stored={await loadSettings(id)}
        save={saveSettings.bind(null, id, 'redundancy')}
        reviewHref={clusterPath(id, 'changes')}
      />
    </>
  );
}
