/**
 * The outer fence: what a request without a session may reach. Default deny; every loader, action and route
 * checks again. Pure.
 */

export type Passage =
  | 'pass'
  /** A page, asked by a browser: the login page instead. */
  | 'to-login'
  /** Everything else: 401. */
  | 'refuse';

export interface Asked {
  readonly method: string;
  /** Path as the router matches it. */
  readonly path: string;
  readonly hasSession: boolean;
  /** While there is no user. */
  readonly isFirstRun: boolean;
}

/** Files that the login page itself needs. `_next/static` never comes here: see the matcher in proxy.ts. */
const publicFiles: ReadonlySet<string> = new Set(['/icon.svg', '/favicon.ico']);

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD';

export function passageOf({ method, path, hasSession, isFirstRun }: Asked): Passage {
  if (hasSession || path.startsWith('/api/auth/')) return 'pass';
  if (isReading(method) && (path === '/login' || publicFiles.has(path))) return 'pass';
  // Reading and the form's own action, only as long as nobody can sign in.
  if (path === '/setup' && isFirstRun && (isReading(method) || method === 'POST')) return 'pass';
  const isApi = path === '/api' || path.startsWith('/api/');
  return isReading(method) && !isApi ? 'to-login' : 'refuse';
}

/** Content-Security-Policy of every answer. Styles are inline in Next and Radix; scripts need the nonce. */
export function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
