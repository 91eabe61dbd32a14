import type { Metadata } from 'next';
import { ControlPanel } from '#components/control/control-panel.tsx';
import { PageHeader } from '#components/panels/page-header.tsx';
import { knownVirtuals } from '#components/virtual-servers/known.ts';
import {
  disableServer,
  drainServer,
  enableServer,
  forgetOwed,
  sendOwed,
  setServerWeight,
  undrainServer,
} from '#lib/console/overrides/actions.ts';
import { catchUp, syncBackup, takeIn } from '#lib/console/revisions/actions.ts';
import { startService, stopService, switchover } from '#lib/console/routers/actions.ts';
import { loadVirtualOutlines } from '#lib/console/virtual-servers/loaders.ts';

export const metadata: Metadata = { title: 'CONTROL/MONITORING' };

export default async function ControlPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  const views = await loadVirtualOutlines(id);
  return (
    <>
      <PageHeader title="CONTROL/MONITORING">
        Which router is active, what both run, and what they see of the real servers, as it is now.
      </PageHeader>
      <ControlPanel
        clusterId={id}
        known={knownVirtuals(views)}
        actions={{
          drain: drainServer.bind(null, id),
          undrain: undrainServer.bind(null, id),
          disable: disableServer.bind(null, id),
          enable: enableServer.bind(null, id),
          setWeight: setServerWeight.bind(null, id),
          sendOwed: sendOwed.bind(null, id),
          forgetOwed: forgetOwed.bind(null, id),
          switchover: switchover.bind(null, id),
          stopService,
          startService,
          syncBackup: syncBackup.bind(null, id),
          catchUp: catchUp.bind(null, id, {}),
          takeIn: takeIn.bind(null, id),
        }}
      />
    </>
  );
}
