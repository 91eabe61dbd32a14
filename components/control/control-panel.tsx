'use client';
import Link from 'next/link';
import { useLive } from '../live/live-provider.tsx';
import { Stale, StreamNotice } from '../live/stream-notice.tsx';
import { clusterPath } from '../panels/panels.ts';
import { ActionNotice } from '../ui/action-notice.tsx';
import { buttonLook, Spinner } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { useAction } from '../ui/use-action.ts';
import type { ControlActions } from './actions.ts';
import { DebtList } from './debt-list.tsx';
import { EventList } from './event-list.tsx';
import type { KnownVirtual } from './health.ts';
import { HealthSection } from './health-section.tsx';
import { RouterCard } from './router-card.tsx';
import { RoutingTable } from './routing-table.tsx';
import { SyncBar } from './sync-bar.tsx';

interface ControlPanelProps {
  readonly clusterId: string;
  readonly known: readonly KnownVirtual[];
  readonly actions: ControlActions;
}

/** CONTROL/MONITORING: everything that is known of the routers now. */
export function ControlPanel({ clusterId, known, actions }: ControlPanelProps) {
  const { snapshot } = useLive();
  const action = useAction();
  const done = (message: string) => action.show({ ok: true, message });
  return (
    <div className="flex flex-col gap-4">
      <StreamNotice />
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      {snapshot === null ? (
        <p role="status" className="flex items-center gap-2 text-muted">
          <Spinner /> Asking the routers…
        </p>
      ) : snapshot.routers.length === 0 ? (
        <NoRouters clusterId={clusterId} />
      ) : (
        <Stale>
          <div className="flex flex-col gap-4">
            <SyncBar snapshot={snapshot} actions={actions} action={action} />
            <DebtList debts={snapshot.debts} actions={actions} action={action} />
            <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21rem] xl:items-start">
              <div className="flex min-w-0 flex-col gap-4">
                <div className="grid gap-4 lg:grid-cols-2">
                  {snapshot.routers.map((router) => (
                    <RouterCard
                      key={router.id}
                      router={router}
                      hasPartner={snapshot.routers.length > 1}
                      actions={actions}
                      onDone={done}
                    />
                  ))}
                </div>
                <HealthSection snapshot={snapshot} known={known} actions={actions} action={action} />
                <div className="grid gap-4 lg:grid-cols-2">
                  {snapshot.routers.map((router) => (
                    <RoutingTable
                      key={router.id}
                      router={router.name}
                      services={router.status?.services ?? null}
                    />
                  ))}
                </div>
              </div>
              <EventList events={snapshot.events} />
            </div>
          </div>
        </Stale>
      )}
    </div>
  );
}

function NoRouters({ clusterId }: { readonly clusterId: string }) {
  return (
    <Card title="No routers yet">
      <Empty
        title="Enrol the primary router first"
        action={
          <Link href={clusterPath(clusterId, 'routers')} className={buttonLook({ tone: 'primary' })}>
            Add a router
          </Link>
        }
      >
        <p>
          A router is a Linux machine with ip_vs that runs the Shoal agent. The console reaches it over SSH
          and shows here which router is active, its routing table and the health of every real server.
        </p>
        <p>You can prepare the settings and the virtual servers before; nothing is sent until you push.</p>
      </Empty>
    </Card>
  );
}
