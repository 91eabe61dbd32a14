/** Signing in and out: next-auth's own routes. Public by their nature. */
import NextAuth from 'next-auth';
import { authOptions } from '#lib/console/session.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ nextauth: string[] }>;
}

// Made per request: the options need the data folder's secret, which a build has not.
const handle = (request: Request, context: Context): Promise<Response> =>
  NextAuth(authOptions())(request, context);

export { handle as GET, handle as POST };
