'use client';
import { useMemo } from 'react';
import type { RealServerView, VirtualServerView } from '#lib/console/contract.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { OverrideActions } from '../control/actions.ts';
import { type HealthRow, healthGroups } from '../control/health.ts';
import { OverrideLines } from '../control/override-lines.tsx';
import { ServerMenu } from '../control/server-menu.tsx';
import { useLive } from '../live/live-provider.tsx';
import { lookOfHealth, unknownLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { Button } from '../ui/button.tsx';
import { Cell, Column, RowHead, Table, wideOnly } from '../ui/table.tsx';
import type { ActionRun } from '../ui/use-action.ts';
import { isEnabled, knownVirtuals } from './known.ts';
import { RowMenu } from './row-menu.tsx';
import { SelectAllBox, SelectBox } from './select-box.tsx';
import type { Selection } from './use-selection.ts';

/** A diagnostic's path to a real server: virtualServers, its index, servers, index. */
export const isAbout = ({ path }: Diagnostic, index: number): boolean =>
  path?.[2] === 'servers' && path[3] === index;

interface TableProps {
  readonly virtual: VirtualServerView;
  /** Those of them that are shown. */
  readonly servers: readonly RealServerView[];
  readonly selection: Selection;
  readonly action: ActionRun;
  readonly overrides: OverrideActions;
  readonly onDone: (message: string) => void;
  readonly onToggle: (server: RealServerView) => void;
  readonly onEdit: (server: RealServerView) => void;
  readonly onDelete: (server: RealServerView) => void;
  readonly onClone: (server: RealServerView) => void;
  readonly onMove: (server: RealServerView, by: number) => void;
}

/** The real servers in file order, with what the leading router says of them. */
export function RealServerTable({ virtual, servers, selection, action, ...on }: TableProps) {
  const { snapshot } = useLive();
  const routers = snapshot?.routers;
  const rows = useMemo(() => {
    const groups = routers ? healthGroups(routers, knownVirtuals([virtual])) : [];
    const mine = groups.find(({ virtualServer }) => virtualServer === virtual.name);
    return new Map<string, HealthRow>(mine?.rows.map((row) => [row.realServer, row]));
  }, [routers, virtual]);
  const indexes = useMemo(
    () => new Map(virtual.servers.map(({ id }, index) => [id, index])),
    [virtual.servers],
  );
  return (
    <Table label={`Real servers of ${virtual.name}`}>
      <thead>
        <tr>
          <Column className="w-0 pr-0">
            <SelectAllBox
              ids={servers.map(({ id }) => id)}
              label="Choose all that are shown"
              selection={selection}
            />
          </Column>
          <Column>Name</Column>
          <Column>State</Column>
          <Column>Address</Column>
          <Column align="right">Port</Column>
          <Column align="right">Weight</Column>
          <Column className={wideOnly}>Active</Column>
          <Column className={wideOnly}>Last check</Column>
          <Column>
            <span className="sr-only">Actions</span>
          </Column>
        </tr>
      </thead>
      <tbody>
        {servers.map((server) => {
          const index = indexes.get(server.id) ?? -1;
          const row = rows.get(server.name);
          const live = row?.leading ?? null;
          const faults = virtual.diagnostics.filter((each) => isAbout(each, index));
          const lastCheck = (
            <>
              {row && (
                <OverrideLines
                  virtualServer={virtual.name}
                  row={row}
                  routers={routers ?? []}
                  actions={on.overrides}
                  action={action}
                />
              )}
              {live?.evidence || '–'}
            </>
          );
          return (
            <tr
              key={server.id}
              aria-selected={selection.has(server.id)}
              className="hover:bg-sunken/50 aria-selected:bg-accent-soft"
            >
              <Cell className="pr-0">
                <SelectBox id={server.id} name={server.name} selection={selection} />
              </Cell>
              <RowHead>
                {server.name}
                <div className="max-w-40 text-xs font-normal text-muted @4xl:hidden">{lastCheck}</div>
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
              <Cell className={wideOnly}>{isEnabled(server) ? 'yes' : 'no'}</Cell>
              <Cell className={wideOnly}>{lastCheck}</Cell>
              <Cell align="right" className="py-0.5 whitespace-nowrap">
                {live && (
                  <ServerMenu
                    virtualServer={virtual.name}
                    realServer={server.name}
                    health={live}
                    actions={on.overrides}
                    onDone={on.onDone}
                  />
                )}
                <Button
                  size="small"
                  tone="link"
                  aria-label={`Edit ${server.name}`}
                  onClick={() => on.onEdit(server)}
                >
                  Edit
                </Button>
                <Button
                  size="small"
                  tone="link"
                  busy={action.busy === server.id}
                  aria-label={`${isEnabled(server) ? 'Deactivate' : 'Activate'} ${server.name}`}
                  onClick={() => on.onToggle(server)}
                >
                  {isEnabled(server) ? 'Deactivate' : 'Activate'}
                </Button>
                <Button
                  size="small"
                  tone="quiet-danger"
                  aria-label={`Delete ${server.name}`}
                  onClick={() => on.onDelete(server)}
                >
                  Delete
                </Button>
                <RowMenu
                  name={server.name}
                  onClone={() => on.onClone(server)}
                  onMove={(by) => on.onMove(server, by)}
                />
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
