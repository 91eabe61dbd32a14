'use client';
import { memo, useState } from 'react';
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { RouterStatus } from '#lib/protocol/messages.ts';
import { Age } from '../live/age.tsx';
import { formatDuration } from '../live/duration.ts';
import { routerLook, StateBadge } from '../status/state-badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Fact } from '../ui/card.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import type { ControlActions } from './actions.ts';
import { Addresses } from './addresses.tsx';
import { refusal } from './router-rules.ts';

interface RouterCardProps {
  readonly router: LiveRouter;
  /** Whether another router is there to take over. */
  readonly hasPartner: boolean;
  readonly actions: ControlActions;
  readonly onDone: (message: string) => void;
}

export const RouterCard = memo(function RouterCard({ router, hasPartner, actions, onDone }: RouterCardProps) {
  const { status } = router;
  return (
    <Card
      title={router.name}
      label={`Router ${router.name}`}
      aside={
        <>
          <span className="text-sm text-muted">{router.role}</span>
          <StateBadge look={routerLook(router)} large />
        </>
      }
      actions={<ServiceButton router={router} hasPartner={hasPartner} actions={actions} onDone={onDone} />}
    >
      {status === null ? <NotConnected router={router} /> : <Connected router={router} status={status} />}
    </Card>
  );
});

function NotConnected({ router }: { readonly router: LiveRouter }) {
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <Notice tone={router.link === 'connecting' ? 'info' : 'bad'} announce={false}>
        <Prose text={sentence(router.linkMessage ?? `${router.name} has not answered yet`)} />
      </Notice>
      <dl>
        <Fact name="State">unknown: a router that does not answer is not shown as it last was.</Fact>
        <Fact name="Since">
          <Age at={router.linkSince} />
        </Fact>
        <Fact name="Last data">
          {router.lastSeenAt === null ? (
            'none since the console started'
          ) : (
            <Age at={router.lastSeenAt} suffix=" ago" />
          )}
        </Fact>
        <Fact name="Address">{router.address}</Fact>
      </dl>
    </div>
  );
}

function Connected({ router, status }: { readonly router: LiveRouter; readonly status: RouterStatus }) {
  const { config } = status;
  return (
    <div className="flex flex-col gap-2 px-4 py-2">
      {status.problems.length > 0 && (
        <Notice tone={status.role === 'fault' ? 'bad' : 'warn'} announce={false} title="Needs attention">
          <ul className="list-disc pl-4 text-sm">
            {status.problems.map((problem) => (
              <li key={problem}>
                <Prose text={sentence(problem)} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <dl>
        <Fact name="State">
          For <Age at={status.roleSince} />.{' '}
          {/* What led to it may have passed: a partner that was dead then may live now. */}
          {status.roleReason !== '' && <span className="text-muted">Reason then:</span>}{' '}
          {sentenceOf(status.roleReason)}
        </Fact>
        <Fact name="Addresses held">
          <Addresses addresses={status.addresses} />
        </Fact>
        <Fact name="Partner">
          <Partner peer={status.peer} />
        </Fact>
        <Fact name="Configuration">
          <Configuration config={config} />
        </Fact>
        <Fact name="Connection">
          connected to {router.address} for <Age at={router.linkSince} />; data{' '}
          {router.lastSeenAt !== null && <Age at={router.lastSeenAt} suffix=" old" />}
        </Fact>
        <Fact name="Agent">
          {status.version} on {status.hostname}, up {formatDuration(status.uptimeSeconds * 1000)},{' '}
          {Math.round(status.memoryBytes / 2 ** 20)} MB
        </Fact>
      </dl>
    </div>
  );
}

const peerWords = {
  alive: 'alive',
  silent: 'silent',
  'never-heard': 'never heard',
  none: 'none configured',
} as const satisfies Record<RouterStatus['peer']['state'], string>;

function Partner({ peer }: { readonly peer: RouterStatus['peer'] }) {
  if (peer.state === 'none') return <span className="text-muted">{peerWords.none}</span>;
  const dropped = Object.entries(peer.rejected).filter(([, count]) => count > 0);
  return (
    <>
      <span className={peer.state === 'alive' ? '' : 'font-semibold text-bad'}>{peerWords[peer.state]}</span>
      {peer.role !== null && <>, {peer.role}</>}
      {peer.lastHeardMsAgo !== null && peer.state !== 'alive' && (
        <>, last heard {formatDuration(peer.lastHeardMsAgo)} ago</>
      )}
      {peer.channels.length > 0 && (
        <span className="text-muted">
          {' · '}
          {peer.channels
            .map(({ name, twoWay }) => `${name} link ${twoWay ? 'both ways' : 'not both ways'}`)
            .join(', ')}
        </span>
      )}
      {!peer.authenticated && (
        <span className="font-medium text-warn"> · heartbeats are not authenticated</span>
      )}
      {dropped.length > 0 && (
        <span className="text-warn">
          {' · '}dropped {dropped.map(([reason, count]) => `${count} ${reason}`).join(', ')}
        </span>
      )}
    </>
  );
}

function Configuration({ config }: { readonly config: RouterStatus['config'] }) {
  if (config.hash === null) return <span className="text-warn">none yet: review and push</span>;
  const edited = config.fileHash !== null && config.fileHash !== config.hash;
  return (
    <>
      {config.serial === null ? 'no serial number' : `serial ${config.serial}`}{' '}
      <code className="text-muted" title={config.hash}>
        {shortHash(config.hash)}
      </code>
      {config.appliedAt !== null && (
        <span className="text-muted">
          {' '}
          applied <Age at={config.appliedAt} suffix=" ago" />
        </span>
      )}
      {edited && <span className="font-medium text-warn"> · lvs.cf on disk was edited by hand</span>}
      {config.confirmSecondsLeft !== null && (
        <span className="font-medium text-warn"> · on trial, {config.confirmSecondsLeft} s left</span>
      )}
    </>
  );
}

export const shortHash = (hash: string): string => hash.replace(/^sha256[:-]/i, '').slice(0, 12);

function ServiceButton({ router, hasPartner, actions, onDone }: RouterCardProps) {
  const [open, setOpen] = useState(false);
  const stopped = router.status?.role === 'stopped';
  const reason = stopped ? refusal.startService(router) : refusal.stopService(router);
  const holds = router.status?.addresses.length ?? 0;
  const consequence = hasPartner
    ? 'If its partner can serve, it hands over first; after that it stays out, even if the partner fails, until the service is started again.'
    : 'There is no other router: its virtual servers answer nobody until the service is started again.';
  return (
    <>
      <Button
        size="small"
        tone="link"
        disabled={reason !== null}
        title={reason ?? undefined}
        onClick={() => setOpen(true)}
      >
        {stopped ? 'Start service' : 'Stop service'}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`${stopped ? 'Start' : 'Stop'} the service on ${router.name}?`}
        description={
          stopped
            ? `${router.name} takes part again: it listens for its partner first and then becomes active or standby.`
            : `${router.name} gives up ${holds === 1 ? 'the address' : `the ${holds} addresses`} that it holds and takes no part any more. ${consequence}`
        }
        verb={stopped ? `Start service on ${router.name}` : `Stop service on ${router.name}`}
        danger={!stopped}
        onConfirm={() => (stopped ? actions.startService(router.id) : actions.stopService(router.id))}
        onDone={onDone}
      />
    </>
  );
}
