'use client';
import { useState } from 'react';
import { postSignIn } from '../shell/auth-requests.ts';
import { Button } from '../ui/button.tsx';
import { unreachableConsole } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { useFaultFocus } from '../ui/use-fault-focus.ts';
import type { UserAnswer } from './setup-form.tsx';
import { SimpleField } from './simple-field.tsx';

interface PasswordFormProps {
  readonly user: string;
  readonly change: (current: string, next: string) => Promise<UserAnswer>;
}

const differ = { message: 'The two passwords differ', hint: 'type the same one twice' };

/** Changing the own password ends every session of the user; this browser is signed in again at once. */
export function PasswordForm({ user, change }: PasswordFormProps) {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<UserAnswer | null>(null);
  const place = useFaultFocus(answer);
  const submit = async (element: HTMLFormElement) => {
    const form = new FormData(element);
    const text = (key: string) => String(form.get(key) ?? '');
    if (text('next') !== text('repeat')) {
      setAnswer({ ok: false, message: '', fields: { repeat: differ } });
      return;
    }
    setBusy(true);
    setAnswer(null);
    const result = await change(text('current'), text('next')).catch(() => ({
      ...unreachableConsole,
      fields: {},
    }));
    if (result.ok) {
      element.reset();
      const signedIn = await postSignIn(user, text('next'));
      if (!signedIn.ok) window.location.assign('/login');
    }
    setBusy(false);
    setAnswer(result);
  };
  const error = (key: string) => (answer?.ok === false ? answer.fields[key] : undefined);
  return (
    <form
      ref={place}
      method="post"
      className="flex max-w-sm flex-col gap-4 px-4 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      {answer?.ok === true && (
        <Notice tone="good">Password changed. Everywhere else you have to sign in again.</Notice>
      )}
      {answer?.ok === false && answer.message !== '' && Object.keys(answer.fields).length === 0 && (
        <Notice tone="bad">{sentence(answer.message)}</Notice>
      )}
      <input type="hidden" name="username" autoComplete="username" value={user} />
      <SimpleField
        id="current"
        label="Current password"
        type="password"
        required
        autoComplete="current-password"
        error={error('current')}
      />
      <SimpleField
        id="next"
        label="New password"
        type="password"
        required
        autoComplete="new-password"
        error={error('next')}
        help="Ten characters or more."
      />
      <SimpleField
        id="repeat"
        label="New password again"
        type="password"
        required
        autoComplete="new-password"
        error={error('repeat')}
      />
      <Button type="submit" tone="primary" busy={busy} className="self-start">
        Change password
      </Button>
    </form>
  );
}
