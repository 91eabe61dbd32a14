'use client';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { FieldValues, RealServerView, SaveResult, VirtualServerView } from '#lib/console/contract.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { OverrideActions } from '../control/actions.ts';
import { type HealthRow, healthGroups } from '../control/health.ts';
import { OverrideLines } from '../control/override-lines.tsx';
import { ServerMenu } from '../control/server-menu.tsx';
import { BlockDialog } from '../directives/block-dialog.tsx';
import { useLive } from '../live/live-provider.tsx';
import { lookOfHealth, unknownLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { ActionNotice } from '../ui/action-notice.tsx';
import { asAction } from '../ui/as-action.ts';
import { Button } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Cell, Column, RowHead, Table } from '../ui/table.tsx';
import { useAction } from '../ui/use-action.ts';
import { freeName, isEnabled, knownVirtuals } from './known.ts';

export interface RealServerActions {
  readonly create: (name: string, values: FieldValues) => Promise<SaveResult>;
  readonly save: (id: string, version: number, name: string, values: FieldValues) => Promise<SaveResult>;
  readonly remove: (id: string) => Promise<SaveResult>;
  readonly setEnabled: (id: string, version: number, enabled: boolean) => Promise<SaveResult>;
  /** Of running routers, at once; they are no part of the draft. */
  readonly overrides: OverrideActions;
}

const nameField = {
  label: 'Name',
  help: 'A label, not a host name. Health and events call the real server by it.',
};

/** REAL SERVER: the real servers of one virtual server. */
export function RealServerList({
  virtual,
  actions,
}: {
  readonly virtual: VirtualServerView;
  readonly actions: RealServerActions;
}) {
  const action = useAction();
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<RealServerView | null>(null);
  const [deleting, setDeleting] = useState<RealServerView | null>(null);
  const { servers } = virtual;
  const add = (
    <Button tone="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" />
      Add real server
    </Button>
  );
  const saved = (message: string) => {
    setAdding(false);
    setEditing(null);
    action.show({ ok: true, message });
  };
  const toggle = (server: RealServerView) =>
    action.run(server.id, async () =>
      asAction(
        await actions.setEnabled(server.id, server.version, !isEnabled(server)),
        `${server.name} is ${isEnabled(server) ? 'inactive' : 'active'} in the draft. Push to make it so on the routers.`,
      ),
    );
  return (
    <div className="flex flex-col gap-4">
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      <Card title={`Real servers of ${virtual.name}`} actions={servers.length > 0 && add}>
        {servers.length === 0 ? (
          <Empty title="No real servers yet" action={add}>
            <p>
              Real servers do the work: each has an address that the routers reach, a port and a weight. With
              the weights 1 and 3, the second gets three connections for each one of the first.
            </p>
          </Empty>
        ) : (
          <ServerTable
            virtual={virtual}
            busy={action.busy}
            overrides={actions.overrides}
            onDone={(message) => action.show({ ok: true, message })}
            onToggle={toggle}
            onEdit={setEditing}
            onDelete={setDeleting}
          />
        )}
      </Card>
      {adding && (
        <BlockDialog
          scope="server"
          panel="real-server"
          whole
          title={`Add a real server to ${virtual.name}`}
          verb="Add real server"
          name={nameField}
          stored={{
            version: 0,
            diagnostics: [],
            values: {
              enabled: '1',
              name: freeName(
                `real${servers.length + 1}`,
                servers.map(({ name }) => name),
              ),
            },
          }}
          save={(_version, name, values) => actions.create(name, values)}
          onClose={() => setAdding(false)}
          onSaved={() => saved('The real server is in the draft. Push to bring it to the routers.')}
        />
      )}
      {editing && (
        <BlockDialog
          scope="server"
          panel="real-server"
          whole
          title={`Edit the real server ${editing.name}`}
          verb="Save"
          name={nameField}
          stored={{
            version: editing.version,
            diagnostics: virtual.diagnostics.filter((each) => isAbout(each, servers.indexOf(editing))),
            values: { ...editing.values, name: editing.name },
          }}
          save={(version, name, values) => actions.save(editing.id, version, name, values)}
          onClose={() => setEditing(null)}
          onSaved={() => saved(`${editing.name} is saved in the draft. Push to bring it to the routers.`)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={() => setDeleting(null)}
          title={`Delete the real server ${deleting.name}?`}
          description={`${deleting.values.address || 'It'} leaves the virtual server ${virtual.name}. After the next push it gets no connections; those that are open break. To let them end first, drain it.`}
          verb={`Delete ${deleting.name}`}
          danger
          onConfirm={async () =>
            asAction(await actions.remove(deleting.id), `${deleting.name} is deleted from the draft.`)
          }
          onDone={(message) => action.show({ ok: true, message })}
        />
      )}
    </div>
  );
}

/** A diagnostic's path to a real server: virtualServers, its index, servers, index. */
const isAbout = ({ path }: Diagnostic, index: number): boolean =>
  path?.[2] === 'servers' && path[3] === index;

interface TableProps {
  readonly virtual: VirtualServerView;
  readonly busy: string | null;
  readonly overrides: OverrideActions;
  readonly onDone: (message: string) => void;
  readonly onToggle: (server: RealServerView) => void;
  readonly onEdit: (server: RealServerView) => void;
  readonly onDelete: (server: RealServerView) => void;
}

function ServerTable({ virtual, busy, overrides, onDone, onToggle, onEdit, onDelete }: TableProps) {
  const { snapshot } = useLive();
  const routers = snapshot?.routers;
  const rows = useMemo(() => {
    const groups = routers ? healthGroups(routers, knownVirtuals([virtual])) : [];
    const mine = groups.find(({ virtualServer }) => virtualServer === virtual.name);
    return new Map<string, HealthRow>(mine?.rows.map((row) => [row.realServer, row]));
  }, [routers, virtual]);
  return (
    <Table label={`Real servers of ${virtual.name}`}>
      <thead>
        <tr>
          <Column>Name</Column>
          <Column>State</Column>
          <Column>Address</Column>
          <Column align="right">Port</Column>
          <Column align="right">Weight</Column>
          <Column>Active</Column>
          <Column>Last check</Column>
          <Column>
            <span className="sr-only">Actions</span>
          </Column>
        </tr>
      </thead>
      <tbody>
        {virtual.servers.map((server, index) => {
          const row = rows.get(server.name);
          const live = row?.leading ?? null;
          const faults = virtual.diagnostics.filter((each) => isAbout(each, index));
          return (
            <tr key={server.id} className="hover:bg-sunken/50">
              <RowHead>
                {server.name}
                {faults.map(({ message, severity }) => (
                  <p
                    key={message}
                    className={`text-xs font-normal ${severity === 'error' ? 'text-bad' : 'text-warn'}`}
                  >
                    {message}
                  </p>
                ))}
              </RowHead>
              <Cell>
                <StateBadge look={live ? lookOfHealth(live) : unknownLook} />
              </Cell>
              <Cell className="font-mono text-xs">{server.values.address || 'not set'}</Cell>
              <Cell align="right">
                {server.values.port || (
                  <span className="text-muted" title="The application port of the virtual server">
                    {virtual.values.port}
                  </span>
                )}
              </Cell>
              <Cell align="right">{server.values.weight}</Cell>
              <Cell>{isEnabled(server) ? 'yes' : 'no'}</Cell>
              <Cell>
                {row && <OverrideLines row={row} routers={routers ?? []} />}
                {live?.evidence || '–'}
              </Cell>
              <Cell align="right" className="py-0.5 whitespace-nowrap">
                {live && (
                  <ServerMenu
                    virtualServer={virtual.name}
                    realServer={server.name}
                    health={live}
                    actions={overrides}
                    onDone={onDone}
                  />
                )}
                <Button
                  size="small"
                  tone="link"
                  aria-label={`Edit ${server.name}`}
                  onClick={() => onEdit(server)}
                >
                  Edit
                </Button>
                <Button
                  size="small"
                  tone="link"
                  busy={busy === server.id}
                  aria-label={`${isEnabled(server) ? 'Deactivate' : 'Activate'} ${server.name}`}
                  onClick={() => onToggle(server)}
                >
                  {isEnabled(server) ? 'Deactivate' : 'Activate'}
                </Button>
                <Button
                  size="small"
                  tone="quiet-danger"
                  aria-label={`Delete ${server.name}`}
                  onClick={() => onDelete(server)}
                >
                  Delete
                </Button>
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
