/**
 * Signing in and out: the two requests that next-auth's own client sends, without its session machinery (the
 * console asks for the session on the server only).
 */
async function post(path: string, fields: Record<string, string>): Promise<{ url?: unknown } | null> {
  try {
    const token = await fetch('/api/auth/csrf', { cache: 'no-store' });
    const { csrfToken } = await token.json();
    const answer = await fetch(`/api/auth/${path}`, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, csrfToken, callbackUrl: '/', json: 'true' }),
    });
    return answer.status < 500 ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** What became of it. next-auth names the refusal in the address that it would send the browser to. */
export type SignIn = 'signed-in' | 'refused' | 'no-answer';

export async function postSignIn(username: string, password: string): Promise<SignIn> {
  const answer = await post('callback/credentials', { username, password });
  if (typeof answer?.url !== 'string') return 'no-answer';
  return new URL(answer.url, window.location.origin).searchParams.has('error') ? 'refused' : 'signed-in';
}

/** Leaves for the sign-in page when it succeeded. */
export async function postSignOut(): Promise<boolean> {
  const answer = await post('signout', {});
  if (answer === null) return false;
  window.location.assign('/login');
  return true;
}
