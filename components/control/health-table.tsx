'use client';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { LiveRouter } from '#lib/protocol/live.ts';
import { Age } from '../live/age.tsx';
import { virtualServerPath } from '../panels/panels.ts';
import { lookOfHealth, unknownLook, upLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { Cell, Column, midOnly, RowHead, Table, wideOnly } from '../ui/table.tsx';
import type { ActionRun } from '../ui/use-action.ts';
import type { ControlActions } from './actions.ts';
import { type HealthGroup, type HealthRow, rowsInOrder } from './health.ts';
import { OverrideLines, WeightText } from './override-lines.tsx';
import { ServerMenu } from './server-menu.tsx';

interface HealthTableProps {
  readonly clusterId: string;
  readonly group: HealthGroup;
  readonly routers: readonly LiveRouter[];
  readonly startOpen: boolean;
  readonly actions: ControlActions;
  readonly action: ActionRun;
}

/** The real servers of one virtual server, as each router sees them. */
export function HealthTable({ clusterId, group, routers, startOpen, actions, action }: HealthTableProps) {
  const [toggled, setToggled] = useState<boolean | null>(null);
  const open = toggled ?? startOpen;
  const name = group.virtualServer;
  const asked = group.rows.some(({ leading }) => leading !== null);
  return (
    <div className="border-b border-line last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-2 bg-sunken/60 px-4 py-1">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setToggled(!open)}
          className="flex min-w-0 items-center gap-1.5 rounded text-left font-semibold wrap-anywhere"
        >
          <ChevronRight
            aria-hidden="true"
            className={`size-4 shrink-0 text-muted transition-transform ${open ? 'rotate-90' : ''}`}
          />
          {name}
        </button>
        <StateBadge look={asked ? upLook(group.up, group.rows.length) : unknownLook} />
        {group.known?.service && (
          <span className="font-mono text-xs text-muted">{serviceText(group.known.service)}</span>
        )}
        {group.known && (
          <Link
            href={virtualServerPath(clusterId, group.known.id, '/servers')}
            prefetch={false}
            className="ml-auto rounded text-sm text-accent hover:underline"
          >
            Edit<span className="sr-only"> {name}</span>
          </Link>
        )}
      </div>
      {open && (
        <Table label={`Health of ${name}`} className="table-fixed @2xl:min-w-[44rem]">
          <thead>
            <tr>
              <Column className="whitespace-normal! @max-2xl:pr-1 @2xl:w-[17%]">Real server</Column>
              <Column className={`w-[9.25rem] ${midOnly}`}>Address</Column>
              {routers.map((router) => (
                <Column key={router.id} className={`w-[5.75rem] truncate @2xl:w-[6.75rem] ${onPhone}`}>
                  On {router.name}
                </Column>
              ))}
              <Column align="right" className={`w-[4.25rem] ${midOnly}`}>
                Weight
              </Column>
              <Column align="right" className={`w-[4.5rem] ${wideOnly}`}>
                Active<span className="sr-only"> connections</span>
              </Column>
              <Column align="right" className={`w-[5.25rem] ${wideOnly}`}>
                Inactive<span className="sr-only"> connections</span>
              </Column>
              <Column className={midOnly}>Last check</Column>
              <Column className={`w-[5.5rem] ${wideOnly}`}>Since</Column>
              <Column className="w-[3rem] @2xl:w-[4rem] @6xl:w-[7rem]">
                <span className="sr-only">Override</span>
              </Column>
            </tr>
          </thead>
          <tbody>
            {rowsInOrder(group).map((row) => (
              <ServerRow
                key={row.realServer}
                virtualServer={name}
                row={row}
                routers={routers}
                actions={actions}
                action={action}
              />
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}

/** Where every pixel counts. */
const onPhone = '@max-2xl:px-1';

interface ServerRowProps {
  readonly virtualServer: string;
  readonly row: HealthRow;
  readonly routers: readonly LiveRouter[];
  readonly actions: ControlActions;
  readonly action: ActionRun;
}

function ServerRow({ virtualServer, row, routers, actions, action }: ServerRowProps) {
  const { leading } = row;
  const decided = (
    <OverrideLines
      virtualServer={virtualServer}
      row={row}
      routers={routers}
      actions={actions}
      action={action}
    />
  );
  return (
    <tr className={leading?.state === 'down' ? 'bg-bad-soft/35' : undefined}>
      <RowHead className="wrap-anywhere @max-2xl:pr-1">
        {row.realServer}
        {/* On a phone there is no column for the reason. */}
        <div className="text-xs font-normal text-muted @2xl:hidden">
          {decided}
          {leading !== null && leading.state !== 'up' && leading.evidence}
        </div>
      </RowHead>
      <Cell className={`font-mono text-xs whitespace-nowrap ${midOnly}`}>{row.endpoint ?? '–'}</Cell>
      {routers.map((router, index) => {
        const seen = row.seen[index] ?? null;
        return (
          <Cell key={router.id} className={onPhone}>
            <StateBadge look={seen ? lookOfHealth(seen) : unknownLook} />
          </Cell>
        );
      })}
      <Cell align="right" className={midOnly}>
        <WeightText health={leading} />
      </Cell>
      <Cell align="right" className={wideOnly}>
        {row.connections?.active ?? '–'}
      </Cell>
      <Cell align="right" className={wideOnly}>
        {row.connections?.inactive ?? '–'}
      </Cell>
      <Cell className={`break-words ${midOnly}`}>
        {decided}
        {leading?.evidence || '–'}
      </Cell>
      <Cell className={`whitespace-nowrap ${wideOnly}`}>
        {leading?.since ? <Age at={leading.since} /> : '–'}
      </Cell>
      <Cell align="right" className="py-0.5">
        {leading !== null && (
          <ServerMenu
            virtualServer={virtualServer}
            realServer={row.realServer}
            health={leading}
            actions={actions}
            onDone={(message) => action.show({ ok: true, message })}
          />
        )}
      </Cell>
    </tr>
  );
}

const kinds: Readonly<Record<string, string>> = {
  '-t': 'TCP',
  '-u': 'UDP',
  '-f': 'Mark',
  '--sctp-service': 'SCTP',
};

/** `TCP 192.0.2.100:80` for ipvsadm's `-t 192.0.2.100:80`. */
export function serviceText(service: string): string {
  const [option = '', ...rest] = service.split(' ');
  return [kinds[option] ?? option, ...rest].join(' ');
}
