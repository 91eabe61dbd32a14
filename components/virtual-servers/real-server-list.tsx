'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type {
  ActionResult,
  BulkChange,
  ChosenServers,
  FieldValues,
  OverrideWish,
  RealServerView,
  SaveResult,
  VirtualServerView,
} from '#lib/console/contract.ts';
import { freeName } from '#lib/lvs/free-name.ts';
import type { OverrideActions } from '../control/actions.ts';
import { BlockDialog } from '../directives/block-dialog.tsx';
import { takenInWords } from '../directives/taken-words.ts';
import { ActionNotice } from '../ui/action-notice.tsx';
import { asAction } from '../ui/as-action.ts';
import { Button } from '../ui/button.tsx';
import { Card, Empty } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Input } from '../ui/input.tsx';
import { useAction } from '../ui/use-action.ts';
import { BulkBar } from './bulk-bar.tsx';
import { isEnabled } from './known.ts';
import { OverrideButtons } from './override-buttons.tsx';
import { isAbout, RealServerTable } from './real-server-table.tsx';
import { matchesFilter } from './server-filter.ts';
import { useSelection } from './use-selection.ts';

export interface RealServerActions {
  readonly create: (name: string, values: FieldValues) => Promise<SaveResult>;
  readonly save: (id: string, version: number, name: string, values: FieldValues) => Promise<SaveResult>;
  readonly remove: (id: string) => Promise<SaveResult>;
  readonly setEnabled: (id: string, version: number, enabled: boolean) => Promise<SaveResult>;
  /** Of running routers, at once; they are no part of the draft. */
  readonly overrides: OverrideActions;
  readonly overrideMany: (chosen: ChosenServers, wish: OverrideWish) => Promise<ActionResult>;
  readonly clone: (id: string) => Promise<SaveResult>;
  readonly move: (id: string, by: number) => Promise<SaveResult>;
  readonly changeMany: (ids: readonly string[], change: BulkChange) => Promise<SaveResult>;
}

/** As many rows as are drawn at a time. */
const MOST_SHOWN = 200;

/** Below this a filter is of no use. */
const FEW = 10;

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
  const [filter, setFilter] = useState('');
  const { servers } = virtual;
  const matching = servers.filter((server) => matchesFilter(server, filter));
  const shown = matching.slice(0, MOST_SHOWN);
  const selection = useSelection(shown.map(({ id }) => id));
  const run = (server: RealServerView, change: () => Promise<SaveResult>, done: string) =>
    action.run(server.id, async () => asAction(await change(), done));
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
    run(
      server,
      () => actions.setEnabled(server.id, server.version, !isEnabled(server)),
      `${server.name} is ${isEnabled(server) ? 'inactive' : 'active'} in the draft. Push to make it so on the routers.`,
    );
  return (
    <div className="flex flex-col gap-4">
      <ActionNotice result={action.result} onClose={() => action.show(null)} />
      <BulkBar
        count={selection.ids.size}
        what="real servers"
        weighs
        action={action}
        change={(change) => actions.changeMany([...selection.ids], change)}
        onClear={selection.clear}
        whatGoes="After the next push they get no connections; those that are open break. To let them end first, drain them."
      >
        <OverrideButtons
          count={selection.ids.size}
          action={action}
          override={(wish) => actions.overrideMany({ ids: [...selection.ids] }, wish)}
        />
        {matching.some(({ id }) => !selection.has(id)) && (
          <Button
            size="small"
            tone="link"
            onClick={() =>
              selection.setAll(
                matching.map(({ id }) => id),
                true,
              )
            }
          >
            Choose all {matching.length}
            {filter.trim() !== '' && ' that match'}
          </Button>
        )}
      </BulkBar>
      <Card
        title={`Real servers of ${virtual.name}`}
        actions={
          servers.length > 0 && (
            <>
              {servers.length > FEW && (
                <Input
                  type="search"
                  aria-label="Filter by name, address or port"
                  placeholder="Name, address or port"
                  className="w-52"
                  value={filter}
                  onChange={(event) => setFilter(event.target.value)}
                />
              )}
              {add}
            </>
          )
        }
      >
        {servers.length === 0 ? (
          <Empty title="No real servers yet" action={add}>
            <p>
              Real servers do the work: each has an address that the routers reach, a port and a weight. With
              the weights 1 and 3, the second gets three connections for each one of the first.
            </p>
          </Empty>
        ) : (
          <>
            <RealServerTable
              virtual={virtual}
              servers={shown}
              selection={selection}
              action={action}
              overrides={actions.overrides}
              onDone={(message) => action.show({ ok: true, message })}
              onToggle={toggle}
              onEdit={setEditing}
              onDelete={setDeleting}
              onClone={(server) =>
                run(
                  server,
                  () => actions.clone(server.id),
                  `${server.name} is copied to the end of the list, inactive. Give the copy an address or port of its own, then activate it.`,
                )
              }
              onMove={(server, by) =>
                run(server, () => actions.move(server.id, by), `${server.name} is moved.`)
              }
            />
            {shown.length < servers.length && (
              <p role="status" className="px-4 py-2 text-sm text-muted">
                {shown.length} of {servers.length} are shown.{' '}
                {matching.length > shown.length && 'Filter to see others.'}
              </p>
            )}
          </>
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
          onSaved={(result) =>
            saved(
              `${editing.name} is saved in the draft. Push to bring it to the routers. ${takenInWords(result.taken)}`.trim(),
            )
          }
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
