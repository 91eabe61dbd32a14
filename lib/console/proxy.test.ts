import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { env, forgetEnv } from '#lib/platform/env.ts';
import { sessionSecret } from '#lib/platform/session-secret.ts';
import { proxy } from '../../proxy.ts';
import { setFirstRun } from './users/first-run.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-proxy-'));
  process.env.SHOAL_DATA = folder;
  forgetEnv();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => setFirstRun(false));

const ask = (method: string, path: string, cookie?: string) =>
  proxy(
    new NextRequest(`http://127.0.0.1:3636${path}`, {
      method,
      ...(cookie === undefined ? {} : { headers: { cookie: `next-auth.session-token=${cookie}` } }),
    }),
  );

const session = async () => encode({ token: { userId: 'u', tokenVersion: 1 }, secret: sessionSecret(env()) });

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const isReading = (method: string) => method === 'GET' || method === 'HEAD';
const isPassed = (response: Response) => response.headers.get('x-middleware-next') === '1';

const pages = [
  '/',
  '/clusters',
  '/clusters/x/control',
  '/clusters/x/virtual-servers/y/servers',
  '/account',
  '/setup',
  '/no/such/page',
  '/login/more',
  '/loginx',
  '/_next/image',
  '/_next/data/x.json',
  '/apix',
  '/icon.svg/x',
];
const apis = [
  '/api',
  '/api/',
  '/api/clusters/x/live',
  '/api/authx',
  '/api/auth/../clusters/x/live',
  '/api/anything',
];

describe('without a session', () => {
  for (const path of pages) {
    it(`${path} leads to the login page when it is read and answers 401 otherwise`, async () => {
      for (const method of methods) {
        const response = await ask(method, path);
        expect(isPassed(response), method).toBe(false);
        if (isReading(method)) {
          expect(new URL(response.headers.get('location') ?? '').pathname, method).toBe('/login');
        } else {
          expect(response.status, method).toBe(401);
        }
      }
    });
  }

  for (const path of apis) {
    it(`${path} answers 401 as JSON for every method`, async () => {
      for (const method of methods) {
        const response = await ask(method, path);
        expect(response.status, method).toBe(401);
        expect(await response.json()).toEqual({ error: 'Sign in first' });
      }
    });
  }

  it('the login page can be read, but takes no action', async () => {
    expect(isPassed(await ask('GET', '/login'))).toBe(true);
    expect((await ask('POST', '/login')).status).toBe(401);
  });

  it('signing in can be asked for', async () => {
    expect(isPassed(await ask('GET', '/api/auth/csrf'))).toBe(true);
    expect(isPassed(await ask('POST', '/api/auth/callback/credentials'))).toBe(true);
  });

  it('the first run is open only while there is no user', async () => {
    setFirstRun(true);
    expect(isPassed(await ask('GET', '/setup'))).toBe(true);
    expect(isPassed(await ask('POST', '/setup'))).toBe(true);
    expect((await ask('PUT', '/setup')).status).toBe(401);
    setFirstRun(false);
    expect((await ask('POST', '/setup')).status).toBe(401);
  });

  it('a cookie that was signed by somebody else counts for nothing', async () => {
    const forged = await encode({ token: { userId: 'u', tokenVersion: 1 }, secret: 'another secret' });
    expect((await ask('GET', '/api/clusters/x/live', forged)).status).toBe(401);
    expect((await ask('GET', '/api/clusters/x/live', 'nonsense')).status).toBe(401);
  });
});

describe('with a session', () => {
  it('everything passes to its own check', async () => {
    const cookie = await session();
    for (const path of ['/', '/clusters/x/control', '/api/clusters/x/live']) {
      expect(isPassed(await ask('GET', path, cookie)), path).toBe(true);
    }
    expect(isPassed(await ask('POST', '/clusters/x/global', cookie))).toBe(true);
  });
});

describe('every answer', () => {
  it('carries a policy whose nonce is new each time and reaches the page', async () => {
    const [first, second] = [await ask('GET', '/login'), await ask('GET', '/login')];
    const nonceOf = (response: Response, header: string) =>
      /'nonce-([0-9a-f]{32})'/.exec(response.headers.get(header) ?? '')?.[1];
    const nonce = nonceOf(first, 'content-security-policy');
    expect(nonce).toBeDefined();
    expect(nonceOf(first, 'x-middleware-request-content-security-policy')).toBe(nonce);
    expect(nonceOf(second, 'content-security-policy')).not.toBe(nonce);
    expect(first.headers.get('content-security-policy')).not.toContain('unsafe-eval');
  });

  it('carries the policy when it refuses, too', async () => {
    expect((await ask('POST', '/')).headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});
