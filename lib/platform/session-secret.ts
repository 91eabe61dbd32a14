/** What signs the session cookie, and how the cookie is named. The proxy and next-auth must agree on both. */
import 'server-only';
import { keyFile } from './data-folder.ts';
import type { Env } from './env.ts';
import { singleton } from './singleton.ts';

/** NEXTAUTH_SECRET, or a key that the data folder keeps. */
export const sessionSecret = (env: Env): string =>
  env.sessionSecret ?? singleton('session-secret', () => keyFile(env.dataFolder, 'session.key'));

/** By the public address alone: what a request claims of its protocol is not trusted. */
export const sessionCookieIsSecure = (env: Env): boolean => env.publicUrl?.startsWith('https://') ?? false;
