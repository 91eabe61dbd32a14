/**
 * Sessions: who is signed in, checked again for every loader, action and route. The proxy is only the outer
 * fence. A session is a signed cookie; the user is read again each time, so that a changed password or role
 * counts at once.
 */
import 'server-only';
import { redirect } from 'next/navigation';
import { getServerSession, type NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { clientAddress } from '#lib/platform/client-address.ts';
import { database } from '#lib/platform/database.ts';
import { env } from '#lib/platform/env.ts';
import { sessionCookieIsSecure, sessionSecret } from '#lib/platform/session-secret.ts';
import type { Actor } from './actor.ts';
import { isRole, mayDo, type Permission } from './permissions.ts';
import { verifyLogin } from './users/mutations.ts';

const SESSION_SECONDS = 12 * 60 * 60;

/** next-auth's settings. A function: the secret comes from the data folder, which a build has not. */
export function authOptions(): NextAuthOptions {
  return {
    secret: sessionSecret(env()),
    useSecureCookies: sessionCookieIsSecure(env()),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/login' },
    providers: [
      Credentials({
        name: 'Shoal',
        credentials: { name: { label: 'User' }, password: { label: 'Password', type: 'password' } },
        authorize: async (credentials, request) => {
          const { name, password } = credentials ?? {};
          if (typeof name !== 'string' || typeof password !== 'string') return null;
          const result = await verifyLogin(database(), {
            name,
            password,
            address: clientAddress(request.headers ?? {}),
          });
          if (!result.ok) throw new Error(result.message);
          return { id: result.user.id, name: result.user.name, tokenVersion: result.user.tokenVersion };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { ...token, userId: user.id, tokenVersion: user.tokenVersion } : token,
      session: async ({ session, token }) => {
        const actor = await actorOf(token.userId, token.tokenVersion);
        return {
          expires: session.expires,
          ...(actor ? { user: { name: actor.name, id: actor.id, role: actor.role } } : {}),
        };
      },
    },
    logger: {
      // A wrong password is no fault of the program; its message goes to the form.
      error: (code, metadata) => {
        if (code !== 'CALLBACK_CREDENTIALS_HANDLER_ERROR')
          process.stderr.write(`${code} ${JSON.stringify(metadata)}\n`);
      },
    },
  };
}

/** The user of a token, read again; null when the token is void. */
export async function actorOf(userId: unknown, tokenVersion: unknown): Promise<Actor | null> {
  if (typeof userId !== 'string') return null;
  const user = await database().user.findUnique({ where: { id: userId } });
  if (!user || user.tokenVersion !== tokenVersion || !isRole(user.role)) return null;
  return { id: user.id, name: user.name, role: user.role };
}

/** Who is signed in; null when nobody is. */
export async function currentActor(): Promise<Actor | null> {
  const session = await getServerSession(authOptions());
  const user = session?.user;
  return user ? { id: user.id, name: user.name, role: user.role } : null;
}

export type Access =
  | { readonly ok: true; readonly actor: Actor }
  | { readonly ok: false; readonly status: 401 | 403; readonly message: string };

/** Whether the signed-in user may do it. For route handlers. */
export async function accessTo(permission: Permission): Promise<Access> {
  const actor = await currentActor();
  if (!actor) return { ok: false, status: 401, message: 'Sign in first' };
  if (mayDo(actor.role, permission)) return { ok: true, actor };
  return { ok: false, status: 403, message: `Your role (${actor.role}) does not allow this` };
}

/** For loaders: the user, or the login page. Throws when the role does not allow it. */
export async function requireUser(permission: Permission): Promise<Actor> {
  const access = await accessTo(permission);
  if (access.ok) return access.actor;
  if (access.status === 401) redirect('/login');
  throw new Error(access.message);
}

/** For actions: the login page when nobody is signed in, a sentence when the role does not allow it. */
export async function allow(permission: Permission): Promise<Access> {
  const access = await accessTo(permission);
  if (!access.ok && access.status === 401) redirect('/login');
  return access;
}
