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

export type SignIn = { readonly ok: true } | { readonly ok: false; readonly message: string };

const noAnswer = 'The console did not answer. Check that it runs, then try again.';
const refused = 'The user name or the password is wrong.';

/** next-auth names a refusal in the address that it would send the browser to: a word of its own or our sentence. */
export async function postSignIn(name: string, password: string): Promise<SignIn> {
  const answer = await post('callback/credentials', { name, password });
  if (typeof answer?.url !== 'string') return { ok: false, message: noAnswer };
  const error = new URL(answer.url, window.location.origin).searchParams.get('error');
  if (error === null) return { ok: true };
  return { ok: false, message: error.includes(' ') ? error : refused };
}

/** Leaves for the sign-in page when it succeeded. */
export async function postSignOut(): Promise<boolean> {
  const answer = await post('signout', {});
  if (answer === null) return false;
  window.location.assign('/login');
  return true;
}
