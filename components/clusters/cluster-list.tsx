'use client';
import Link from 'next/link';
import { useState } from 'react';
import type { ActionResult, CreateResult } from '#lib/console/contract.ts';
import type { ClusterBrief, Overview } from '#lib/protocol/overview.ts';
import { PageHeader } from '../panels/page-header.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { asAction } from '../ui/as-action.ts';
import { buttonLook } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ConfirmDialog, Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useAction } from '../ui/use-action.ts';
import { NameForm } from './name-form.tsx';
import { OverviewTable } from './overview-table.tsx';
import { useOverview } from './use-overview.ts';

export interface ClusterActions {
  readonly create: (name: string) => Promise<CreateResult>;
  readonly rename: (id: string, name: string) => Promise<CreateResult>;
  readonly remove: (id: string) => Promise<CreateResult>;
}

interface ClusterListProps {
  readonly initial: Overview;
  readonly actions: ClusterActions;
}

/** All clusters of this console, the worst first, and the first step when there is none. */
export function ClusterList({ initial, actions }: ClusterListProps) {
  const { clusters, lost } = useOverview(initial);
  const action = useAction();
  const [renaming, setRenaming] = useState<ClusterBrief | null>(null);
  const [deleting, setDeleting] = useState<ClusterBrief | null>(null);
  if (clusters.length === 0) return <FirstCluster create={actions.create} />;
  return (
    <>
      <PageHeader
        title="Clusters"
        actions={
          <Link href="/clusters/new" className={buttonLook({ tone: 'primary' })}>
            New cluster
          </Link>
        }
      >
        A cluster is a primary router, at most one backup, and the virtual servers that they serve.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <ActionNotice result={action.result} onClose={() => action.show(null)} />
        {lost && (
          <Notice tone="bad" title="The console does not answer">
            Nothing below is current; it is the last that was known. The browser keeps trying.
          </Notice>
        )}
        <div className={lost ? 'grayscale' : undefined}>
          <OverviewTable clusters={clusters} onRename={setRenaming} onDelete={setDeleting} />
        </div>
      </div>
      <Dialog
        open={renaming !== null}
        onOpenChange={() => setRenaming(null)}
        title={`Rename ${renaming?.name ?? ''}`}
      >
        {renaming && (
          <NameForm
            verb="Rename"
            initial={renaming.name}
            save={(name) => actions.rename(renaming.id, name)}
            onSaved={() => setRenaming(null)}
          />
        )}
      </Dialog>
      {deleting && (
        <DeleteCluster
          cluster={deleting}
          remove={actions.remove}
          onClose={() => setDeleting(null)}
          onDone={(message) => action.show({ ok: true, message })}
        />
      )}
    </>
  );
}

function DeleteCluster({
  cluster,
  remove,
  onClose,
  onDone,
}: {
  readonly cluster: ClusterBrief;
  readonly remove: ClusterActions['remove'];
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}) {
  const confirm = async (): Promise<ActionResult> =>
    asAction(await remove(cluster.id), `The cluster ${cluster.name} is deleted from this console.`);
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete the cluster ${cluster.name}?`}
      description={`This console forgets its draft, all its revisions, its keys and ${cluster.routers.length === 0 ? 'its settings' : `the routers ${cluster.routers.map(({ name }) => name).join(' and ')}`}. The routers themselves keep running and serving what they have.`}
      verb={`Delete ${cluster.name}`}
      danger
      onConfirm={confirm}
      onDone={onDone}
    />
  );
}

function FirstCluster({ create }: { readonly create: ClusterActions['create'] }) {
  return (
    <>
      <PageHeader title="Begin with a cluster" />
      <div className="grid max-w-5xl gap-4 md:grid-cols-2 md:items-start">
        <Card title="What is a cluster?">
          <div className="flex flex-col gap-3 px-4 py-3">
            <p>
              A cluster is a pair of Linux routers, a primary and a backup, that look like one server. Clients
              connect to virtual addresses; the active router spreads the connections over the real servers
              behind it, and the other one takes over when it fails.
            </p>
            <ol className="list-decimal pl-5 text-muted [&>li]:py-0.5">
              <li>Name the cluster.</li>
              <li>Add its routers: the console reaches them over SSH.</li>
              <li>Set the addresses of the routers and how packets are forwarded.</li>
              <li>Add a virtual server and its real servers.</li>
              <li>Review and push. Nothing reaches a router before that.</li>
            </ol>
          </div>
        </Card>
        <div className="flex flex-col gap-4">
          <Card title="Take over one that runs already">
            <div className="flex flex-col items-start gap-3 px-4 py-3">
              <p>
                From a Piranha router over SSH, from an lvs.cf, keepalived.conf or ldirectord.cf, or from the
                table of a running kernel. Nothing changes on the router, and you see what would.
              </p>
              <Link href="/clusters/new" className={buttonLook({ tone: 'primary' })}>
                Import a cluster
              </Link>
            </div>
          </Card>
          <Card title="Begin with an empty one">
            <div className="px-4 py-3">
              <NameForm verb="Create cluster" initial="" save={create} openAfter />
            </div>
          </Card>
        </div>
      </div>
    </>
  );
}
