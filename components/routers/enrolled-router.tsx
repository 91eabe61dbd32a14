'use client';
import { useState } from 'react';
import type { RouterView } from '#lib/console/contract.ts';
import type { LiveRouter } from '#lib/protocol/live.ts';
import { SimpleField } from '../account/simple-field.tsx';
import { Age } from '../live/age.tsx';
import { useLiveRouter } from '../live/live-provider.tsx';
import { linkLook, unknownLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Fact } from '../ui/card.tsx';
import { Command } from '../ui/command.tsx';
import { ConfirmDialog, unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { sentence } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';
import { FingerprintHelp } from './fingerprint-help.tsx';
import type { RouterActions } from './routers-panel.tsx';

interface EnrolledRouterProps {
  readonly router: RouterView;
  readonly enrolCommand: string;
  readonly actions: RouterActions;
  readonly onDone: (message: string) => void;
}

/** One router: how the console reaches it and what to do when it does not. */
export function EnrolledRouter({ router, enrolCommand, actions, onDone }: EnrolledRouterProps) {
  const live = useLiveRouter(router.id);
  const [removing, setRemoving] = useState(false);
  const asksForKey = live?.link === 'key-changed' || router.fingerprint === null;
  return (
    <Card
      title={router.name}
      label={`Router ${router.name}`}
      aside={
        <>
          <span className="text-sm text-muted">{router.role}</span>
          <StateBadge look={live ? linkLook[live.link] : unknownLook} />
        </>
      }
      actions={
        <Button
          size="small"
          tone="quiet-danger"
          aria-label={`Remove ${router.name}`}
          onClick={() => setRemoving(true)}
        >
          Remove
        </Button>
      }
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        {live && live.link !== 'connected' && <LinkProblem live={live} enrolCommand={enrolCommand} />}
        {asksForKey && <AcceptForm router={router} accept={actions.accept} onDone={onDone} />}
        <dl>
          <Fact name="Address">
            {router.address}, port {router.port}, user {router.user}
          </Fact>
          <Fact name="Host key">
            {router.fingerprint === null ? (
              <span className="text-warn">not accepted yet</span>
            ) : (
              <span className="font-mono text-xs break-all">{router.fingerprint}</span>
            )}
          </Fact>
          {live && (
            <Fact name={live.link === 'connected' ? 'Connected for' : 'Since'}>
              <Age at={live.linkSince} />
            </Fact>
          )}
          {live?.status && (
            <Fact name="Agent">
              {live.status.version} on {live.status.hostname}
            </Fact>
          )}
        </dl>
      </div>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${router.name} from this console?`}
        description={`The console closes its connection, forgets the accepted host key and no longer pushes to ${router.name}. The router itself keeps running and serving what it has; to stop it, stop its service first.`}
        verb={`Remove ${router.name}`}
        danger
        onConfirm={() => actions.remove(router.id)}
        onDone={onDone}
      />
    </Card>
  );
}

function LinkProblem({ live, enrolCommand }: { readonly live: LiveRouter; readonly enrolCommand: string }) {
  const title =
    live.link === 'key-changed' ? 'The host key has changed: nothing is sent to this router' : undefined;
  return (
    <Notice
      tone={live.link === 'connecting' || live.link === 'not-enrolled' ? 'info' : 'bad'}
      announce={false}
      title={title}
    >
      <p className="break-words">
        <Prose text={sentence(live.linkMessage ?? 'The router has not answered yet')} />
      </p>
      {live.link === 'refused' && (
        <div className="mt-2 flex flex-col gap-1.5">
          <p className="text-sm">If it does not know this console, run this on the router as root:</p>
          <Command text={enrolCommand} label="Copy the enrol command" />
        </div>
      )}
    </Notice>
  );
}

interface AcceptFormProps {
  readonly router: RouterView;
  readonly accept: RouterActions['accept'];
  readonly onDone: (message: string) => void;
}

/** The person reads the fingerprint on the router and types it; what the network shows is compared with that. */
function AcceptForm({ router, accept, onDone }: AcceptFormProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const id = `fingerprint-${router.id}`;
  const place = useFaultFocus(failure);
  const submit = async (form: FormData) => {
    const typed = String(form.get(id) ?? '');
    const fingerprint = /SHA256:[A-Za-z0-9+/]+/.exec(typed)?.[0] ?? typed.trim();
    setBusy(true);
    setFailure(null);
    const result = await accept(router.id, fingerprint).catch(() => unreachableConsole);
    setBusy(false);
    if (result.ok) onDone(result.message);
    else setFailure(result.message);
  };
  return (
    <form
      ref={place}
      className="flex flex-col gap-3 rounded-md border border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      <FingerprintHelp router={router.name} />
      <SimpleField
        id={id}
        label={`Fingerprint of ${router.name}, as read on its own screen`}
        placeholder="SHA256:…"
        className="font-mono"
        required
        error={failure === null ? undefined : { message: failure }}
        help="The line that ssh-keygen printed may be pasted whole."
      />
      <Button type="submit" busy={busy} className="self-start">
        Accept this host key
      </Button>
    </form>
  );
}
