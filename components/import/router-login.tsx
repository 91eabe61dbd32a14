'use client';
import { type FormEvent, useState } from 'react';
import type { HostKeyResult, RouterLogin, RouterReading } from '#lib/console/contract.ts';
import { SimpleField } from '../account/simple-field.tsx';
import { FingerprintHelp } from '../routers/fingerprint-help.tsx';
import { Arrival } from '../ui/arrival.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Command } from '../ui/command.tsx';
import { unreachableConsole } from '../ui/dialog.tsx';
import { TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence, sentenceOf } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';

export interface RouterReadActions {
  readonly scan: (address: string, port: number) => Promise<HostKeyResult>;
  readonly read: (login: RouterLogin) => Promise<RouterReading>;
}

export type GoodReading = Extract<RouterReading, { ok: true }> & { readonly address: string };
type Failure = Extract<RouterReading, { ok: false }>;

interface Target {
  readonly address: string;
  readonly port: number;
  readonly fingerprint: string;
}

interface RouterLoginProps {
  /** Without a file: the routing table alone. */
  readonly wantsFile: boolean;
  readonly actions: RouterReadActions;
  readonly onRead: (reading: GoodReading) => void;
}

const lost: Failure = { ...unreachableConsole, fields: {} };
const textOf = (form: FormData, key: string): string => String(form.get(key) ?? '').trim();

/** Where the router is, whether it is the right one, and the login that is used once. Nothing changes on it. */
export function RouterLoginSteps(props: RouterLoginProps) {
  const [target, setTarget] = useState<Target | null>(null);
  const [isAccepted, setAccepted] = useState(false);
  const restart = () => {
    setTarget(null);
    setAccepted(false);
  };
  if (target === null) return <AddressStep scan={props.actions.scan} onSeen={setTarget} />;
  return (
    <Arrival key={String(isAccepted)}>
      {isAccepted ? (
        <LoginStep {...props} target={target} onRestart={restart} />
      ) : (
        <AcceptStep target={target} onAccept={() => setAccepted(true)} onRefuse={restart} />
      )}
    </Arrival>
  );
}

const onSubmit = (submit: (form: FormData) => Promise<void>) => (event: FormEvent<HTMLFormElement>) => {
  event.preventDefault();
  void submit(new FormData(event.currentTarget));
};

/** A failure that no field shows. */
function Elsewhere({ failure }: { readonly failure: Failure | null }) {
  if (failure === null || Object.keys(failure.fields).length > 0) return null;
  return <Notice tone="bad">{sentence(failure.message)}</Notice>;
}

function AddressStep({
  scan,
  onSeen,
}: {
  readonly scan: RouterReadActions['scan'];
  readonly onSeen: (target: Target) => void;
}) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const place = useFaultFocus(failure);
  const submit = async (form: FormData) => {
    const address = textOf(form, 'address');
    const port = textOf(form, 'port') === '' ? 22 : Number(textOf(form, 'port'));
    if (!Number.isInteger(port)) {
      const message = `"${textOf(form, 'port')}" is not a port: expected a number from 1 to 65535`;
      return setFailure({ ok: false, message, fields: { port: { message } } });
    }
    setBusy(true);
    setFailure(null);
    const result = await scan(address, port).catch(() => lost);
    setBusy(false);
    if (result.ok) onSeen({ address, port, fingerprint: result.fingerprint });
    else setFailure(result);
  };
  return (
    <Card
      title="1. Where is the router?"
      aside={<span className="text-sm text-muted">over SSH; nothing is changed on it</span>}
    >
      <form
        ref={place}
        noValidate
        className="flex max-w-3xl flex-col gap-4 px-4 py-3"
        onSubmit={onSubmit(submit)}
      >
        <Elsewhere failure={failure} />
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
          <SimpleField
            id="address"
            label="Address"
            placeholder="192.0.2.11"
            error={failure?.fields.address}
            help="Of the router that is active now: only its kernel has a routing table to compare with."
          />
          <SimpleField
            id="port"
            label="SSH port"
            defaultValue="22"
            inputMode="numeric"
            error={failure?.fields.port}
          />
        </div>
        <Button type="submit" tone="primary" busy={busy} className="self-start">
          Look at its host key
        </Button>
      </form>
    </Card>
  );
}

function AcceptStep({
  target,
  onAccept,
  onRefuse,
}: {
  readonly target: Target;
  readonly onAccept: () => void;
  readonly onRefuse: () => void;
}) {
  return (
    <Card title={`2. Is this ${target.address}?`}>
      <div className="flex max-w-3xl flex-col gap-3 px-4 py-3">
        <p>
          A machine answered and shows this host key. Go on only if the router shows the same fingerprint on
          its own screen: your password goes to whoever has this key.
        </p>
        <p className="rounded-md border border-line bg-sunken px-3 py-2 font-mono text-base break-all">
          {target.fingerprint}
        </p>
        <FingerprintHelp router="the router" />
        <details className="text-sm">
          <summary className="rounded font-medium">
            It prints MD5 fingerprints, with colons (RHEL 6 and older)
          </summary>
          <p className="mt-1.5 mb-1.5">There, this prints the one above, with = at its end:</p>
          <Command
            text="awk '{print $2}' /etc/ssh/ssh_host_rsa_key.pub | base64 -d | openssl dgst -sha256 -binary | base64"
            label="Copy the command for an old router"
          />
        </details>
        <div className="flex flex-wrap gap-2">
          <Button tone="primary" onClick={onAccept}>
            The same: go on
          </Button>
          <Button onClick={onRefuse}>It differs: stop</Button>
        </div>
      </div>
    </Card>
  );
}

function LoginStep({
  wantsFile,
  actions,
  onRead,
  target,
  onRestart,
}: RouterLoginProps & { readonly target: Target; readonly onRestart: () => void }) {
  const [busy, setBusy] = useState(false);
  const [kind, setKind] = useState<'password' | 'key'>('password');
  const [failure, setFailure] = useState<Failure | null>(null);
  const place = useFaultFocus(failure);
  const submit = async (form: FormData) => {
    setBusy(true);
    setFailure(null);
    const secret =
      kind === 'password'
        ? { kind, password: String(form.get('password') ?? '') }
        : {
            kind,
            privateKey: String(form.get('privateKey') ?? ''),
            passphrase: String(form.get('passphrase') ?? ''),
          };
    const login = {
      ...target,
      user: textOf(form, 'user'),
      secret,
      path: wantsFile ? textOf(form, 'path') : null,
    };
    const result = await actions.read(login).catch(() => lost);
    setBusy(false);
    if (result.ok) onRead({ ...result, address: target.address });
    else setFailure(result);
  };
  const keyError = failure?.fields.privateKey;
  return (
    <Card title={`3. Log in to ${target.address} once`}>
      <form
        ref={place}
        noValidate
        autoComplete="off"
        className="flex max-w-3xl flex-col gap-4 px-4 py-3"
        onSubmit={onSubmit(submit)}
      >
        <Elsewhere failure={failure} />
        <p className="text-sm text-muted">
          The login is used for this one reading and then forgotten; the console keeps and logs nothing of it.
          Only {wantsFile && 'the file and '}the output of <code>ipvsadm -Sn</code> {wantsFile ? 'are' : 'is'}{' '}
          read.
        </p>
        <div className="grid gap-4 sm:grid-cols-2">
          <SimpleField
            id="user"
            label="User"
            defaultValue="root"
            error={failure?.fields.user}
            help="root, or one who may use sudo without a password."
          />
          {wantsFile && (
            <SimpleField
              id="path"
              label="Path of lvs.cf"
              defaultValue="/etc/sysconfig/ha/lvs.cf"
              className="font-mono"
              error={failure?.fields.path}
            />
          )}
        </div>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
          <legend className="mb-1 text-sm font-medium">Log in with</legend>
          {(['password', 'key'] as const).map((each) => (
            <label key={each} className="flex items-center gap-2">
              <input
                type="radio"
                name="secret"
                value={each}
                checked={kind === each}
                onChange={() => setKind(each)}
                className="size-4 accent-(--accent)"
              />
              {each === 'password' ? 'a password' : 'a private key'}
            </label>
          ))}
        </fieldset>
        {kind === 'password' ? (
          <SimpleField
            id="password"
            label="Password"
            type="password"
            autoComplete="off"
            error={failure?.fields.password}
          />
        ) : (
          <>
            <div className="flex flex-col gap-1">
              <label htmlFor="privateKey" className="text-sm font-medium">
                Private key
              </label>
              <TextArea
                id="privateKey"
                name="privateKey"
                rows={6}
                autoComplete="off"
                spellCheck={false}
                placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
                className="font-mono text-xs"
                aria-invalid={keyError !== undefined || undefined}
                aria-describedby={keyError ? 'privateKey-error' : undefined}
              />
              {keyError && (
                <p id="privateKey-error" className="text-sm text-bad">
                  {sentence(keyError.message)} {sentenceOf(keyError.hint)}
                </p>
              )}
            </div>
            <SimpleField
              id="passphrase"
              label="Passphrase of the key"
              type="password"
              autoComplete="off"
              help="Blank if it has none."
            />
          </>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" busy={busy}>
            Read the router
          </Button>
          <Button onClick={onRestart} disabled={busy}>
            Another router
          </Button>
        </div>
      </form>
    </Card>
  );
}
