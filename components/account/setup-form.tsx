'use client';
import { useState } from 'react';
import type { FieldError } from '#lib/console/contract.ts';
import { postSignIn } from '../shell/auth-requests.ts';
import { Button } from '../ui/button.tsx';
import { unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';
import { SimpleField } from './simple-field.tsx';

/** What an action on a user answers. */
export type UserAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly message: string;
      readonly fields: Readonly<Record<string, FieldError>>;
    };

interface SetupFormProps {
  readonly setup: (token: string, name: string, password: string) => Promise<UserAnswer>;
}

const differ: FieldError = { message: 'The two passwords differ', hint: 'type the same one twice' };

/** The first administrator, with the token that the console printed when it started. */
export function SetupForm({ setup }: SetupFormProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Extract<UserAnswer, { ok: false }> | null>(null);
  const place = useFaultFocus(failure);
  const submit = async (form: FormData) => {
    const text = (key: string) => String(form.get(key) ?? '');
    if (text('password') !== text('repeat')) {
      setFailure({ ok: false, message: '', fields: { repeat: differ } });
      return;
    }
    setBusy(true);
    setFailure(null);
    const result = await setup(text('token'), text('name'), text('password')).catch(() => ({
      ...unreachableConsole,
      fields: {},
    }));
    if (!result.ok) {
      setBusy(false);
      setFailure(result);
      return;
    }
    const signedIn = await postSignIn(text('name'), text('password'));
    window.location.assign(signedIn.ok ? '/' : '/login');
  };
  const error = (key: string) => failure?.fields[key];
  return (
    <form
      ref={place}
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      <p className="text-sm text-muted">
        Nobody can sign in yet. The console printed a one-time token when it started; with it, make the first
        administrator.
      </p>
      {failure !== null && failure.message !== '' && <Notice tone="bad">{sentence(failure.message)}</Notice>}
      <SimpleField
        id="token"
        label="One-time token"
        required
        autoFocus
        autoComplete="one-time-code"
        className="font-mono"
        error={error('token')}
        help="From the console's output or its journal."
      />
      <SimpleField
        id="name"
        label="User"
        required
        autoComplete="username"
        error={error('name')}
        help="The name that you sign in with."
      />
      <SimpleField
        id="password"
        label="Password"
        type="password"
        required
        autoComplete="new-password"
        error={error('password')}
        help="Ten characters or more; a few words in a row are good."
      />
      <SimpleField
        id="repeat"
        label="Password again"
        type="password"
        required
        autoComplete="new-password"
        error={error('repeat')}
      />
      <Button type="submit" tone="primary" busy={busy}>
        Make administrator and sign in
      </Button>
    </form>
  );
}
