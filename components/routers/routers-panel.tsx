'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ActionResult, AddRouterResult, ClusterView } from '#lib/console/contract.ts';
import type { RouterRole } from '#lib/protocol/live.ts';
import { StreamNotice } from '../live/stream-notice.tsx';
import { PageHeader } from '../panels/page-header.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { useAction } from '../ui/use-action.ts';
import { AddRouterDialog } from './add-router-dialog.tsx';
import { ClusterKeyCard } from './cluster-key-card.tsx';
import { EnrolledRouter } from './enrolled-router.tsx';

export interface NewRouter {
  readonly role: RouterRole;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

export interface RouterActions {
  readonly add: (router: NewRouter) => Promise<AddRouterResult>;
  readonly accept: (routerId: string, fingerprint: string) => Promise<ActionResult>;
  readonly remove: (routerId: string) => Promise<ActionResult>;
  readonly rotateKey: () => Promise<ActionResult>;
}

interface RoutersPanelProps {
  readonly cluster: ClusterView;
  /** The person comes from the import of this cluster. */
  readonly isImported: boolean;
  /** What to run on a router so that it knows the console. */
  readonly enrolCommand: string;
  readonly actions: RouterActions;
}

/** The routers of a cluster: who they are, how the console reaches them, and the way in for new ones. */
export function RoutersPanel({ cluster, isImported, enrolCommand, actions }: RoutersPanelProps) {
  const action = useAction();
  const [adding, setAdding] = useState(false);
  const done = (message: string) => action.show({ ok: true, message });
  const free = (['primary', 'backup'] as const).filter(
    (role) => !cluster.routers.some((each) => each.role === role),
  );
  const add = (
    <Button tone="primary" onClick={() => setAdding(true)} disabled={free.length === 0}>
      <Plus aria-hidden="true" />
      Add router
    </Button>
  );
  return (
    <>
      <PageHeader title="Routers" actions={cluster.routers.length > 0 && free.length > 0 && add}>
        The machines that carry the service. The console reaches each over SSH, as a user that may do nothing
        but talk to the Shoal agent.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <StreamNotice />
        {isImported && (
          <Notice tone="good" title={`${cluster.name} is imported.`}>
            It is a draft: look through it on the panels, enrol its routers here, then review and push. Until
            you push, no router changes. How a pair that serves is taken over router by router stands in the
            guide docs/migration.md of Shoal.
          </Notice>
        )}
        <ActionNotice result={action.result} onClose={() => action.show(null)} />
        {cluster.routers.length === 0 ? (
          <Card title="No routers yet">
            <Empty title="Add the primary router first" action={add}>
              <p>
                A router is a Linux machine with ip_vs, ipvsadm and the Shoal agent. You name it and its
                address; the console shows the command that lets it in, then the fingerprint of the host key,
                which you compare on the router’s own screen.
              </p>
              <p>Nothing is sent to a router before its fingerprint was accepted.</p>
            </Empty>
          </Card>
        ) : (
          <div className="grid gap-4 lg:grid-cols-2 lg:items-start">
            {cluster.routers.map((router) => (
              <EnrolledRouter
                key={router.id}
                router={router}
                enrolCommand={enrolCommand}
                actions={actions}
                onDone={done}
              />
            ))}
          </div>
        )}
        {free.length === 0 && <ClusterKeyCard rotate={actions.rotateKey} onDone={done} />}
      </div>
      {adding && (
        <AddRouterDialog
          free={free}
          enrolCommand={enrolCommand}
          actions={actions}
          onClose={() => setAdding(false)}
          onDone={(message) => {
            setAdding(false);
            done(message);
          }}
        />
      )}
    </>
  );
}
