'use client';
import clsx from 'clsx';
import { ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import type { LiveRouter, LiveSnapshot } from '#lib/protocol/live.ts';
import { syncLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import type { Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { reportAsAction } from '../ui/report-as-action.ts';
import { sentence } from '../ui/sentence.ts';
import type { ActionRun } from '../ui/use-action.ts';
import type { ControlActions } from './actions.ts';
import { Addresses } from './addresses.tsx';
import { activeRouter, changedRouters, refusal, standbyRouter } from './router-rules.ts';

const edge = {
  good: 'border-good/40',
  info: 'border-info/40',
  warn: 'border-warn/50',
  bad: 'border-bad/50',
  neutral: 'border-line',
  accent: 'border-accent/40',
} as const satisfies Record<Tone, string>;

interface SyncBarProps {
  readonly snapshot: LiveSnapshot;
  readonly actions: ControlActions;
  readonly action: ActionRun;
}

/** Whether both routers hold what was pushed last, and the one click that mends it. */
export function SyncBar({ snapshot, actions, action }: SyncBarProps) {
  const look = syncLook[snapshot.sync.state];
  const { state } = snapshot.sync;
  const blocked = refusal.syncToBackup(snapshot);
  const behind = state === 'backup-behind' || state === 'changed-on-router';
  return (
    <section
      aria-label="Synchronisation"
      className={clsx(
        'flex flex-wrap items-center justify-end gap-x-3 gap-y-2 rounded-lg border bg-surface px-4 py-2',
        edge[look.tone],
      )}
    >
      <div className="flex min-w-0 grow basis-[28rem] flex-wrap items-center gap-x-3 gap-y-1">
        <span aria-live="polite">
          <StateBadge look={look} large />
        </span>
        <p className="min-w-0 grow basis-56 text-sm">{sentence(snapshot.sync.message)}</p>
      </div>
      {(state === 'pending' || state === 'unreachable') && (
        <Button
          tone={state === 'pending' ? 'primary' : 'plain'}
          busy={action.busy === 'catch-up'}
          onClick={() => action.run('catch-up', async () => reportAsAction(await actions.catchUp()))}
        >
          Catch up
        </Button>
      )}
      {state === 'changed-on-router' &&
        changedRouters(snapshot).map((router) => (
          <TakeIn
            key={router.id}
            router={router}
            actions={actions}
            onDone={(message) => action.show({ ok: true, message })}
          />
        ))}
      {state !== 'single' && (
        <Button
          tone={behind ? 'primary' : 'plain'}
          busy={action.busy === 'sync'}
          disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={() => action.run('sync', async () => reportAsAction(await actions.syncBackup()))}
        >
          Sync to backup
        </Button>
      )}
      <Switchover
        snapshot={snapshot}
        actions={actions}
        onDone={(message) => action.show({ ok: true, message })}
      />
    </section>
  );
}

function TakeIn({
  router,
  actions,
  onDone,
}: {
  readonly router: LiveRouter;
  readonly actions: ControlActions;
  readonly onDone: (message: string) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Take in from {router.name}</Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Take in what was changed on ${router.name}?`}
        description={`The draft becomes what ${router.name} has. Changes that wait in the draft and were not pushed are replaced. The routers change nothing until you push.`}
        verb={`Take in from ${router.name}`}
        onConfirm={() => actions.takeIn(router.id)}
        onDone={onDone}
      />
    </>
  );
}

function Switchover({
  snapshot,
  actions,
  onDone,
}: {
  readonly snapshot: LiveSnapshot;
  readonly actions: ControlActions;
  readonly onDone: (message: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const blocked = refusal.switchover(snapshot);
  const active = activeRouter(snapshot);
  const standby = standbyRouter(snapshot);
  if (snapshot.routers.length < 2) return null;
  const addresses = active?.status?.addresses ?? [];
  return (
    <>
      <Button disabled={blocked !== null} title={blocked ?? undefined} onClick={() => setOpen(true)}>
        <ArrowLeftRight aria-hidden="true" />
        Switch over…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Hand the service from ${active?.name ?? 'the active router'} to ${standby?.name ?? 'the standby router'}?`}
        description={
          <>
            <p>
              {standby?.name} becomes active, {active?.name} becomes standby. The new router is made ready
              first. New connections are held back for about a second while requests in flight end, then the
              addresses move. Longer connections survive if the sync daemon is on.
            </p>
            {addresses.length > 0 && (
              <div className="mt-2">
                <p>These move:</p>
                <Addresses addresses={addresses} />
              </div>
            )}
          </>
        }
        verb={`Switch over to ${standby?.name ?? 'standby'}`}
        onConfirm={actions.switchover}
        onDone={onDone}
      />
    </>
  );
}
