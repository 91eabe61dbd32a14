import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { EntryFrame } from '#components/account/entry-frame.tsx';
import { LoginForm } from '#components/account/login-form.tsx';
import { currentUserName, needsSetup } from '#lib/console/users/loaders.ts';

export const metadata: Metadata = { title: 'Sign in' };

interface Props {
  readonly searchParams: Promise<{ readonly callbackUrl?: string | string[] }>;
}

export default async function LoginPage({ searchParams }: Props) {
  if (await needsSetup()) redirect('/setup');
  const next = pathOf((await searchParams).callbackUrl);
  if ((await currentUserName()) !== null) redirect(next);
  return (
    <EntryFrame title="Sign in">
      <LoginForm next={next} />
    </EntryFrame>
  );
}

/** Only a path of this console: a link from elsewhere must not lead the browser away after signing in. */
function pathOf(given: string | string[] | undefined): string {
  if (typeof given !== 'string') return '/';
  try {
    const url = new URL(given, 'http://console.invalid');
    const path = `${url.pathname}${url.search}`;
    return /^\/(?![/\\])/.test(path) && !path.startsWith('/login') ? path : '/';
  } catch {
    return '/';
  }
}
