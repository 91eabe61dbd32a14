'use client';
import { useState } from 'react';
import type { AddRouterResult } from '#lib/console/contract.ts';
import type { RouterRole } from '#lib/protocol/live.ts';
import { SimpleField } from '../account/simple-field.tsx';
import { Button } from '../ui/button.tsx';
import { Command } from '../ui/command.tsx';
import { Dialog, unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Select } from '../ui/select.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';
import { FingerprintHelp } from './fingerprint-help.tsx';
import type { NewRouter, RouterActions } from './routers-panel.tsx';

interface AddRouterDialogProps {
  readonly free: readonly RouterRole[];
  readonly enrolCommand: string;
  readonly actions: RouterActions;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}

type Seen = Extract<AddRouterResult, { ok: true }> & { readonly name: string };

/** Two steps: say where the router is, then compare the fingerprint that it answered with. */
export function AddRouterDialog(props: AddRouterDialogProps) {
  const [seen, setSeen] = useState<Seen | null>(null);
  return (
    <Dialog
      open
      wide
      onOpenChange={props.onClose}
      title={seen ? `Is this ${seen.name}?` : 'Add a router'}
      description={
        seen
          ? `A machine answered and shows this host key. Accept it only if ${seen.name} shows the same fingerprint on its own screen; from then on the console talks to nobody with another key.`
          : 'The machine must run sshd and have the Shoal agent installed.'
      }
    >
      {seen ? <AcceptStep seen={seen} {...props} /> : <AddressStep {...props} onSeen={setSeen} />}
    </Dialog>
  );
}

type Failure = Extract<AddRouterResult, { ok: false }>;

const roleText = { primary: 'Primary', backup: 'Backup' } as const satisfies Record<RouterRole, string>;

function AddressStep({
  free,
  enrolCommand,
  actions,
  onClose,
  onSeen,
}: AddRouterDialogProps & { readonly onSeen: (seen: Seen) => void }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const place = useFaultFocus(failure);
  const submit = async (form: FormData) => {
    const text = (key: string) => String(form.get(key) ?? '').trim();
    const router: NewRouter = {
      role: text('role') === 'backup' ? 'backup' : 'primary',
      name: text('name'),
      address: text('address'),
      port: text('port') === '' ? 22 : Number(text('port')),
      user: text('user') === '' ? 'shoal' : text('user'),
    };
    if (!Number.isInteger(router.port)) {
      const message = `"${text('port')}" is not a port: expected a number from 1 to 65535`;
      setFailure({ ok: false, message, fields: { port: { message } } });
      return;
    }
    setBusy(true);
    setFailure(null);
    const result = await actions.add(router).catch((): Failure => ({ ...unreachableConsole, fields: {} }));
    setBusy(false);
    if (result.ok) onSeen({ ...result, name: router.name });
    else setFailure(result);
  };
  const error = (key: string) => failure?.fields[key];
  return (
    <form
      ref={place}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {failure !== null && Object.keys(failure.fields).length === 0 && (
        <Notice tone="bad">{sentence(failure.message)}</Notice>
      )}
      <div className="flex flex-col gap-1.5">
        <p className="text-sm font-medium">First, on the router, as root:</p>
        <Command text={enrolCommand} label="Copy the enrol command" />
        <p className="text-sm text-muted">
          It makes a user that may do nothing but talk to the agent, with this console’s key. Running it twice
          does no harm.
        </p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-1">
          <label htmlFor="role" className="text-sm font-medium">
            Role
          </label>
          <Select
            id="role"
            name="role"
            defaultValue={free[0]}
            aria-invalid={error('role') !== undefined || undefined}
            aria-describedby={error('role') ? 'role-error' : undefined}
          >
            {free.map((role) => (
              <option key={role} value={role}>
                {roleText[role]}
              </option>
            ))}
          </Select>
          {error('role') && (
            <p id="role-error" className="text-sm text-bad">
              {sentence(error('role')?.message)} {sentenceOf(error('role')?.hint)}
            </p>
          )}
        </div>
        <SimpleField
          id="name"
          label="Name"
          defaultValue={free[0] === 'backup' ? 'r2' : 'r1'}
          error={error('name')}
          help="What this console calls it."
        />
        <SimpleField
          id="address"
          label="Address"
          placeholder="192.0.2.2"
          error={error('address')}
          help="Where its sshd answers: an IPv4 address or a host name, not a VIP."
        />
        <div className="grid grid-cols-2 gap-4">
          <SimpleField
            id="port"
            label="SSH port"
            defaultValue="22"
            inputMode="numeric"
            error={error('port')}
          />
          <SimpleField id="user" label="User" defaultValue="shoal" error={error('user')} />
        </div>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" busy={busy}>
          Look at its host key
        </Button>
      </div>
    </form>
  );
}

function AcceptStep({ seen, actions, onClose, onDone }: AddRouterDialogProps & { readonly seen: Seen }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const accept = async () => {
    setBusy(true);
    const result = await actions.accept(seen.routerId, seen.fingerprint).catch(() => unreachableConsole);
    setBusy(false);
    if (result.ok) onDone(result.message);
    else setFailure(result.message);
  };
  const removeAgain = async () => {
    setBusy(true);
    const result = await actions.remove(seen.routerId).catch(() => unreachableConsole);
    setBusy(false);
    if (result.ok) onClose();
    else setFailure(result.message);
  };
  return (
    <>
      {failure !== null && <Notice tone="bad">{sentence(failure)}</Notice>}
      <p className="rounded-md border border-line bg-sunken px-3 py-2 font-mono text-base break-all">
        {seen.fingerprint}
      </p>
      <FingerprintHelp router={seen.name} />
      <div className="flex justify-end gap-2">
        <Button onClick={removeAgain} disabled={busy}>
          It differs: do not add
        </Button>
        <Button tone="primary" busy={busy} onClick={accept}>
          The same: accept and connect
        </Button>
      </div>
    </>
  );
}
