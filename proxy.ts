/** Stands in front of every request (Next's proxy, Node runtime): session or refusal, and the security headers. */
import { type NextRequest, NextResponse } from 'next/server';
import { getToken } from 'next-auth/jwt';
import { contentSecurityPolicy, passageOf } from '#lib/console/fence.ts';
import { isFirstRun } from '#lib/console/users/first-run.ts';
import { env } from '#lib/platform/env.ts';
import { sessionCookieIsSecure, sessionSecret } from '#lib/platform/session-secret.ts';

export const config = { matcher: ['/((?!_next/static/).*)'] };

function withHeaders(response: NextResponse, policy: string): NextResponse {
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  response.headers.set('Referrer-Policy', 'same-origin');
  if (sessionCookieIsSecure(env())) response.headers.set('Strict-Transport-Security', 'max-age=31536000');
  return response;
}

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const settings = env();
  const policy = contentSecurityPolicy(crypto.randomUUID().replaceAll('-', ''), settings.isDevelopment);
  const token = await getToken({
    req: request,
    secret: sessionSecret(settings),
    secureCookie: sessionCookieIsSecure(settings),
  });
  const passage = passageOf({
    method: request.method,
    path: request.nextUrl.pathname,
    hasSession: token !== null,
    isFirstRun: isFirstRun(),
  });
  if (passage === 'refuse') {
    return withHeaders(NextResponse.json({ error: 'Sign in first' }, { status: 401 }), policy);
  }
  if (passage === 'to-login') {
    return withHeaders(NextResponse.redirect(new URL('/login', request.nextUrl)), policy);
  }
  // On the request too: Next stamps the nonce that it finds there on its scripts.
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  return withHeaders(NextResponse.next({ request: { headers } }), policy);
}
