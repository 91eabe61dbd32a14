'use client';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { FieldValues, SaveResult, VirtualServerView } from '#lib/console/contract.ts';
import { healthGroups, leadingRouter } from '../control/health.ts';
import { BlockDialog } from '../directives/block-dialog.tsx';
import { useLive } from '../live/live-provider.tsx';
import { PageHeader } from '../panels/page-header.tsx';
import { virtualServerPath } from '../panels/panels.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { asAction } from '../ui/as-action.ts';
import { Button, buttonLook } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Cell, Column, RowHead, Table, wideOnly } from '../ui/table.tsx';
import { useAction } from '../ui/use-action.ts';
import { freeName, isEnabled, knownVirtuals, vipParts } from './known.ts';
import { virtualLook } from './virtual-look.ts';

export interface VirtualServerActions {
  readonly create: (name: string, values: FieldValues) => Promise<SaveResult>;
  readonly remove: (id: string) => Promise<SaveResult>;
  readonly setEnabled: (id: string, version: number, enabled: boolean) => Promise<SaveResult>;
}

interface VirtualServerListProps {
  readonly clusterId: string;
  readonly views: readonly VirtualServerView[];
  readonly actions: VirtualServerActions;
}

export const virtualServerName = {
  label: 'Name',
  help: 'A label, not a host name. Events, tables and lvs.cf call the virtual server by it.',
};

/** VIRTUAL SERVERS: the list. */
export function VirtualServerList({ clusterId, views, actions }: VirtualServerListProps) {
  const router = useRouter();
  const action = useAction();
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<VirtualServerView | null>(null);
  const add = (
    <Button tone="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" />
      Add virtual server
    </Button>
  );
  return (
    <>
      <PageHeader title="VIRTUAL SERVERS" actions={views.length > 0 && add}>
        Each virtual server is an address and port that clients use; the routers spread its connections over
        its real servers.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <ActionNotice result={action.result} onClose={() => action.show(null)} />
        {views.length === 0 ? (
          <Card title="No virtual servers yet">
            <Empty title="What is a virtual server?" action={add}>
              <p>
                A virtual server is one address (the VIP) and port that clients connect to. The active router
                holds the VIP and passes each connection on to one of the real servers behind it; a real
                server that fails its health check gets no more.
              </p>
              <p>
                Add one, then give it real servers and, if a bare connection says too little, a monitoring
                script. Nothing reaches the routers before you review and push.
              </p>
            </Empty>
          </Card>
        ) : (
          <VirtualServerTable
            clusterId={clusterId}
            views={views}
            busy={action.busy}
            onToggle={(view) =>
              action.run(view.id, async () =>
                asAction(
                  await actions.setEnabled(view.id, view.version, !isEnabled(view)),
                  `${view.name} is ${isEnabled(view) ? 'inactive' : 'active'} in the draft. Push to make it so on the routers.`,
                ),
              )
            }
            onDelete={setDeleting}
          />
        )}
      </div>
      {adding && (
        <BlockDialog
          scope="virtual"
          panel="virtual-server"
          title="Add a virtual server"
          verb="Add virtual server"
          name={virtualServerName}
          stored={{
            version: 0,
            diagnostics: [],
            values: {
              enabled: '1',
              name: freeName(
                'web',
                views.map(({ name }) => name),
              ),
            },
          }}
          save={(_version, name, values) => actions.create(name, values)}
          onClose={() => setAdding(false)}
          onSaved={(id) => {
            setAdding(false);
            if (id !== undefined) router.push(virtualServerPath(clusterId, id, '/servers'));
          }}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={() => setDeleting(null)}
          title={`Delete the virtual server ${deleting.name}?`}
          description={whatGoes(deleting)}
          verb={`Delete ${deleting.name}`}
          danger
          onConfirm={async () =>
            asAction(await actions.remove(deleting.id), `${deleting.name} is deleted from the draft.`)
          }
          onDone={(message) => action.show({ ok: true, message })}
        />
      )}
    </>
  );
}

function whatGoes(view: VirtualServerView): string {
  const { address } = vipParts(view);
  const servers = view.servers.map(({ name }) => name);
  const real =
    servers.length === 0
      ? 'It has no real servers.'
      : `Its ${servers.length === 1 ? 'real server' : `${servers.length} real servers`} (${servers.join(', ')}) and its monitoring script go with it.`;
  const after =
    address === '' ? '' : ` After the next push, clients get no answer from ${address}:${view.values.port}.`;
  return `${real}${after} The routers change nothing until you push.`;
}

interface TableProps {
  readonly clusterId: string;
  readonly views: readonly VirtualServerView[];
  readonly busy: string | null;
  readonly onToggle: (view: VirtualServerView) => void;
  readonly onDelete: (view: VirtualServerView) => void;
}

function VirtualServerTable({ clusterId, views, busy, onToggle, onDelete }: TableProps) {
  const { snapshot } = useLive();
  const routers = snapshot?.routers;
  const groups = useMemo(() => {
    const list = routers ? healthGroups(routers, knownVirtuals(views)) : [];
    return new Map(list.map((group) => [group.virtualServer, group]));
  }, [routers, views]);
  const asked = routers !== undefined && leadingRouter(routers) !== null;
  return (
    <section
      aria-label="Virtual servers"
      className="overflow-hidden rounded-lg border border-line bg-surface"
    >
      <Table label="Virtual servers">
        <thead>
          <tr>
            <Column>Name</Column>
            <Column>State</Column>
            <Column>VIP</Column>
            <Column className={wideOnly}>Netmask</Column>
            <Column align="right">Port</Column>
            <Column className={wideOnly}>Protocol</Column>
            <Column className={wideOnly}>Device</Column>
            <Column>Scheduler</Column>
            <Column align="right" className={wideOnly}>
              Real servers
            </Column>
            <Column>Active</Column>
            <Column>
              <span className="sr-only">Actions</span>
            </Column>
          </tr>
        </thead>
        <tbody>
          {views.map((view) => (
            <tr key={view.id} className="hover:bg-sunken/50">
              <RowHead>
                <Link
                  href={virtualServerPath(clusterId, view.id)}
                  prefetch={false}
                  className="rounded font-semibold text-accent hover:underline"
                >
                  {view.name}
                </Link>
                {view.diagnostics.some(({ severity }) => severity === 'error') && (
                  <span className="ml-2 text-xs font-semibold text-bad">needs mending</span>
                )}
              </RowHead>
              <Cell>
                <StateBadge look={virtualLook(view, groups.get(view.name), asked)} />
              </Cell>
              <Cell className="font-mono text-xs">{vipParts(view).address || 'not set'}</Cell>
              <Cell className={`font-mono text-xs ${wideOnly}`}>{view.values.vipNetmask || 'Unused'}</Cell>
              <Cell align="right">{view.values.port}</Cell>
              <Cell className={wideOnly}>{view.values.protocol}</Cell>
              <Cell className={`font-mono text-xs ${wideOnly}`}>{vipParts(view).device || '–'}</Cell>
              <Cell>{view.values.scheduler}</Cell>
              <Cell align="right" className={wideOnly}>
                {view.servers.length}
              </Cell>
              <Cell>{isEnabled(view) ? 'yes' : 'no'}</Cell>
              <Cell align="right" className="py-0.5 whitespace-nowrap">
                <Link
                  href={virtualServerPath(clusterId, view.id)}
                  prefetch={false}
                  className={buttonLook({ tone: 'link', size: 'small' })}
                  aria-label={`Edit ${view.name}`}
                >
                  Edit
                </Link>
                <Button
                  size="small"
                  tone="link"
                  busy={busy === view.id}
                  aria-label={`${isEnabled(view) ? 'Deactivate' : 'Activate'} ${view.name}`}
                  onClick={() => onToggle(view)}
                >
                  {isEnabled(view) ? 'Deactivate' : 'Activate'}
                </Button>
                <Button
                  size="small"
                  tone="quiet-danger"
                  aria-label={`Delete ${view.name}`}
                  onClick={() => onDelete(view)}
                >
                  Delete
                </Button>
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
