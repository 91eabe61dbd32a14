import type { Metadata } from 'next';
import { DirectiveForm } from '#components/directives/directive-form.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { clusterPath } from '#components/panels/panels.ts';
import { saveSettings } from '#lib/console/settings/actions.ts';
import { loadSettings } from '#lib/console/settings/loaders.ts';

export const metadata: Metadata = { title: 'GLOBAL SETTINGS' };

export default async function GlobalPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return (
    <>
      <PageHeader title="GLOBAL SETTINGS">
        The addresses of the primary router, how packets reach the real servers, and the kernel's timeouts.
      </PageHeader>
      <DirectiveForm
        scope="global"
        panel="global"
        stored={await loadSettings(id)}
        save={saveSettings.bind(null, id, 'global')}
        reviewHref={clusterPath(id, 'changes')}
      />
    </>
  );
}
