'use client';
import { useState } from 'react';
import { postSignIn } from '../shell/auth-requests.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { sentence } from '../ui/sentence.ts';
import { SimpleField } from './simple-field.tsx';

/** `next` is a path of the console to go to afterwards. */
export function LoginForm({ next }: { readonly next: string }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const signIn = async (form: FormData) => {
    setBusy(true);
    setFailure(null);
    const result = await postSignIn(String(form.get('name') ?? ''), String(form.get('password') ?? ''));
    if (result.ok) {
      window.location.assign(next);
      return;
    }
    setBusy(false);
    setFailure(result.message);
  };
  return (
    <form
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn(new FormData(event.currentTarget));
      }}
    >
      {failure !== null && <Notice tone="bad">{sentence(failure)}</Notice>}
      <SimpleField id="name" label="User" autoComplete="username" required autoFocus />
      <SimpleField id="password" label="Password" type="password" autoComplete="current-password" required />
      <Button type="submit" tone="primary" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
