'use client';
import Link from 'next/link';
import { useMemo } from 'react';
import type { BlockRow } from '#lib/console/contract.ts';
import { talliesOf } from '#lib/protocol/tally.ts';
import { leadingRouter } from '../control/health.ts';
import { useLive } from '../live/live-provider.tsx';
import { virtualServerPath } from '../panels/panels.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Cell, Column, RowHead, Table, wideOnly } from '../ui/table.tsx';
import { isEnabled, vipParts } from './known.ts';
import { RowMenu } from './row-menu.tsx';
import { SelectAllBox, SelectBox } from './select-box.tsx';
import type { Selection } from './use-selection.ts';
import { virtualLook } from './virtual-look.ts';

export interface BlockTableProps {
  readonly clusterId: string;
  readonly kind: 'virtual' | 'failover';
  readonly label: string;
  readonly rows: readonly BlockRow[];
  readonly selection: Selection;
  readonly busy: string | null;
  readonly onToggle: (row: BlockRow) => void;
  readonly onDelete: (row: BlockRow) => void;
  readonly onClone: (row: BlockRow) => void;
  readonly onMove: (row: BlockRow, by: number) => void;
}

/** The rows of the list, in file order. */
export function VirtualServerTable(props: BlockTableProps) {
  const { kind, label, rows, selection } = props;
  const { snapshot } = useLive();
  const routers = snapshot?.routers;
  const tallies = useMemo(() => {
    const status = routers && leadingRouter(routers)?.status;
    return status ? talliesOf(status.health) : null;
  }, [routers]);
  const isVirtual = kind === 'virtual';
  return (
    <section aria-label={label} className="overflow-hidden rounded-lg border border-line bg-surface">
      <Table label={label}>
        <thead>
          <tr>
            <Column className="w-0 pr-0">
              <SelectAllBox
                ids={rows.map(({ id }) => id)}
                label="Choose all of this page"
                selection={selection}
              />
            </Column>
            <Column>Name</Column>
            {isVirtual && <Column>State</Column>}
            <Column>VIP</Column>
            <Column className={wideOnly}>Netmask</Column>
            <Column align="right">Port</Column>
            <Column className={wideOnly}>Protocol</Column>
            <Column className={wideOnly}>Device</Column>
            {isVirtual && <Column className={wideOnly}>Scheduler</Column>}
            {isVirtual && (
              <Column align="right" className={wideOnly}>
                Real servers
              </Column>
            )}
            <Column className={wideOnly}>Active</Column>
            <Column>
              <span className="sr-only">Actions</span>
            </Column>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              aria-selected={selection.has(row.id)}
              className="hover:bg-sunken/50 aria-selected:bg-accent-soft"
            >
              <Cell className="pr-0">
                <SelectBox id={row.id} name={row.name} selection={selection} />
              </Cell>
              <RowHead>
                <Link
                  href={virtualServerPath(props.clusterId, row.id)}
                  prefetch={false}
                  className="rounded font-semibold text-accent hover:underline"
                >
                  {row.name}
                </Link>
                {row.isFaulty && <span className="ml-2 text-xs font-semibold text-bad">needs mending</span>}
                {row.foundBy !== null && (
                  <span className="block font-mono text-xs font-normal text-muted">{row.foundBy}</span>
                )}
              </RowHead>
              {isVirtual && (
                <Cell>
                  <StateBadge look={virtualLook(row, tallies)} />
                </Cell>
              )}
              <Cell className="font-mono text-xs">{vipParts(row).address || 'not set'}</Cell>
              <Cell className={`font-mono text-xs ${wideOnly}`}>{row.values.vipNetmask || 'Unused'}</Cell>
              <Cell align="right">{row.values.port}</Cell>
              <Cell className={wideOnly}>{row.values.protocol}</Cell>
              <Cell className={`font-mono text-xs ${wideOnly}`}>{vipParts(row).device || '–'}</Cell>
              {isVirtual && <Cell className={wideOnly}>{row.values.scheduler}</Cell>}
              {isVirtual && (
                <Cell align="right" className={wideOnly}>
                  {row.servers}
                </Cell>
              )}
              <Cell className={wideOnly}>{isEnabled(row) ? 'yes' : 'no'}</Cell>
              <Cell align="right" className="py-0.5 whitespace-nowrap">
                <RowActions {...props} row={row} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

function RowActions({ row, ...props }: BlockTableProps & { readonly row: BlockRow }) {
  const verb = isEnabled(row) ? 'Deactivate' : 'Activate';
  return (
    <>
      <Link
        href={virtualServerPath(props.clusterId, row.id)}
        prefetch={false}
        className={buttonLook({ tone: 'link', size: 'small' })}
        aria-label={`Edit ${row.name}`}
      >
        Edit
      </Link>
      <Button
        size="small"
        tone="link"
        busy={props.busy === row.id}
        aria-label={`${verb} ${row.name}`}
        onClick={() => props.onToggle(row)}
      >
        {verb}
      </Button>
      <Button
        size="small"
        tone="quiet-danger"
        aria-label={`Delete ${row.name}`}
        onClick={() => props.onDelete(row)}
      >
        Delete
      </Button>
      <RowMenu name={row.name} onClone={() => props.onClone(row)} onMove={(by) => props.onMove(row, by)} />
    </>
  );
}
