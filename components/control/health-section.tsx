'use client';
import { useMemo, useState } from 'react';
import type { LiveSnapshot } from '#lib/protocol/live.ts';
import { Card, Empty } from '../ui/card.tsx';
import { Input } from '../ui/input.tsx';
import type { ActionRun } from '../ui/use-action.ts';
import type { ControlActions } from './actions.ts';
import { healthGroups, type KnownVirtual, leadingRouter, MANY_ROWS, needsAttention } from './health.ts';
import { HealthTable } from './health-table.tsx';

/** More rows than this: what is well starts folded, and a filter is offered. */

/** Virtual servers that are drawn at a time; those that need attention come first where there are more. */
const MOST_GROUPS = 100;

interface HealthSectionProps {
  readonly snapshot: LiveSnapshot;
  readonly known: readonly KnownVirtual[];
  readonly actions: ControlActions;
  readonly action: ActionRun;
}

export function HealthSection({ snapshot, known, actions, action }: HealthSectionProps) {
  const [filter, setFilter] = useState('');
  const groups = useMemo(() => healthGroups(snapshot.routers, known), [snapshot.routers, known]);
  const count = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const up = groups.reduce((sum, group) => sum + group.up, 0);
  const leading = leadingRouter(snapshot.routers);
  const wanted = filter.trim().toLowerCase();
  const shown = groups.filter(
    ({ virtualServer, rows }) =>
      virtualServer.toLowerCase().includes(wanted) ||
      rows.some(({ realServer, endpoint }) => `${realServer} ${endpoint}`.toLowerCase().includes(wanted)),
  );
  const drawn =
    shown.length <= MOST_GROUPS
      ? shown
      : [...shown.filter(needsAttention), ...shown.filter((group) => !needsAttention(group))].slice(
          0,
          MOST_GROUPS,
        );
  return (
    <Card
      title="Health of the real servers"
      aside={
        <span className="text-sm text-muted">
          {leading === null
            ? 'no router can be asked: unknown'
            : `${up} of ${count} up, as ${leading.name} (${leading.status?.role}) sees it`}
        </span>
      }
      actions={
        (count > MANY_ROWS || groups.length > MANY_ROWS) && (
          <Input
            type="search"
            aria-label="Filter by name or address"
            placeholder="Filter by name or address"
            className="w-56"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        )
      }
    >
      {groups.length === 0 && (
        <Empty title="No real server is watched yet">
          <p>
            Define a virtual server under VIRTUAL SERVERS, give it real servers, then review and push. Each
            router then checks every real server by itself, and what it finds shows here.
          </p>
        </Empty>
      )}
      {drawn.map((group) => (
        <HealthTable
          key={group.virtualServer}
          clusterId={snapshot.clusterId}
          group={group}
          routers={snapshot.routers}
          startOpen={count <= MANY_ROWS || needsAttention(group)}
          actions={actions}
          action={action}
        />
      ))}
      {drawn.length < shown.length && (
        <p className="px-4 py-3 text-sm text-muted">
          {drawn.length} of {shown.length} virtual servers are shown, those that need attention first. Filter
          to see others.
        </p>
      )}
      {groups.length > 0 && shown.length === 0 && (
        <p className="px-4 py-3 text-sm text-muted">Nothing here has “{filter}” in its name or address.</p>
      )}
    </Card>
  );
}
