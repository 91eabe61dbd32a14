import { describe, expect, it } from 'vitest';
import type { HttpOptions, HttpsOptions } from '#lib/lvs/checks.ts';
import { checkOnce, describeChecker, LATENESS_MS, LIMIT_MS } from './contract.ts';
import {
  acceptsThenHangs,
  answersInPieces,
  answersOnceAsked,
  answersThenCloses,
  closesWithoutAnswer,
  endlessBytes,
  type Fixture,
  refuses,
  resetsInTheMiddle,
} from './fixtures/tcp-servers.ts';
import { certificateFor, tlsServer } from './fixtures/tls-servers.ts';
import { checkHttp, checkHttps, expiryWarning } from './http.ts';

const options: HttpOptions = { method: 'GET', path: '/', host: null, status: [[200, 399]], body: null };
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
const busy = 'HTTP/1.1 503 Service Unavailable\r\n\r\n';

describeChecker('http', checkHttp, {
  up: { serve: () => answersOnceAsked(ok), options, ok: true, evidence: /^answered 200 in \d+(\.\d)? m?s$/ },
  down: {
    serve: () => answersOnceAsked(busy),
    options,
    ok: false,
    evidence: /^answered 503, expected 200-399$/,
  },
  refused: { serve: refuses, options, ok: false, evidence: /^connection refused$/ },
  timeout: {
    serve: acceptsThenHangs,
    options,
    ok: false,
    evidence: /^connected, but no answer within 300 ms$/,
  },
  slow: {
    serve: () => answersInPieces(['HTTP', '/1.1 2', '00 OK\r', '\n'], 30),
    options,
    ok: true,
    evidence: /^answered 200 in/,
  },
  'reset in the middle': {
    serve: () => resetsInTheMiddle('HTTP/1.1 2'),
    options,
    ok: false,
    evidence: /^connection reset$/,
  },
  garbage: {
    serve: () => answersOnceAsked('\0\xff\x1b[2J\r\n'),
    options,
    ok: false,
    evidence: /^answer began with "\\x00\\xff\\x1b\[2J", expected an HTTP status line$/,
  },
  'more than expected': {
    serve: () => endlessBytes('HTTP/1.1 200 OK\r\n'),
    options,
    ok: true,
    evidence: /^answered 200/,
  },
});

const name = 'www.example.org';
const good = certificateFor(name, 365);
const tls: HttpsOptions['tls'] = { name, verify: true, caFile: good.file, daysLeft: 14 };
const secure: HttpsOptions = { ...options, tls };
const byTls = (text: string) => () =>
  tlsServer((socket) => socket.once('data', () => socket.write(text)), good);

describeChecker('https', checkHttps, {
  up: { serve: byTls(ok), options: secure, ok: true, evidence: /^answered 200 in \d+(\.\d)? m?s$/ },
  down: { serve: byTls(busy), options: secure, ok: false, evidence: /^answered 503, expected 200-399$/ },
  refused: { serve: refuses, options: secure, ok: false, evidence: /^connection refused$/ },
  timeout: { serve: acceptsThenHangs, options: secure, ok: false, evidence: /^no answer within 300 ms$/ },
  slow: {
    serve: () =>
      tlsServer((socket) => {
        socket.write('HTTP/1.1 2');
        setTimeout(() => socket.write('00 OK\r\n'), 50);
      }, good),
    options: secure,
    ok: true,
    evidence: /^answered 200/,
  },
  'reset in the middle': {
    serve: () => resetsInTheMiddle('x'),
    options: secure,
    ok: false,
    evidence: /connection|TLS|wrong version/i,
  },
  garbage: {
    serve: () => answersOnceAsked('HTTP/1.1 400 Bad Request\r\n\r\n'),
    options: secure,
    ok: false,
    evidence: /does not speak TLS/,
  },
  'more than expected': {
    serve: () =>
      tlsServer((socket) => {
        const pour = () => {
          while (!socket.destroyed && socket.write(`HTTP/1.1 200 OK\r\n${'x'.repeat(60_000)}`));
          socket.once('drain', pour);
        };
        pour();
      }, good),
    options: secure,
    ok: true,
    evidence: /^answered 200/,
  },
});

const ask = (serve: () => Promise<Fixture>, more: Partial<HttpOptions> = {}, limitMs?: number) =>
  checkOnce(checkHttp, { serve, options: { ...options, ...more } }, limitMs);

describe('the request', () => {
  it('names the host, the path and the method, and asks for the end of the connection', async () => {
    const more = { method: 'HEAD', path: '/health?deep=1', host: 'www.example.org' } as const;
    const { received } = await ask(() => answersOnceAsked(ok), more);
    expect(received).toBe(
      'HEAD /health?deep=1 HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: Shoal\r\nAccept: */*\r\nConnection: close\r\n\r\n',
    );
  });

  it('without a host names the address, with the port where it is not the usual one', async () => {
    const { received } = await ask(() => answersOnceAsked(ok));
    expect(received).toMatch(/\r\nHost: 127\.0\.0\.1:\d+\r\n/);
  });
});

describe('the status', () => {
  it.each([
    ['204', [[204, 204]], true],
    ['302', [[200, 299]], false],
    [
      '404',
      [
        [200, 200],
        [404, 404],
      ],
      true,
    ],
  ] as const)('%s with %j: %s', async (code, status, isUp) => {
    const result = await ask(() => answersOnceAsked(`HTTP/1.0 ${code} X\r\n\r\n`), { status });
    expect(result.ok).toBe(isUp);
  });

  it('a redirect is a status and is not followed', async () => {
    const redirect = 'HTTP/1.1 301 Moved\r\nLocation: http://192.0.2.1/\r\n\r\n';
    expect(await ask(() => answersOnceAsked(redirect), { status: [[200, 200]] })).toMatchObject({
      ok: false,
    });
  });

  it('an interim answer is not the answer', async () => {
    const serve = () => answersOnceAsked(`HTTP/1.1 100 Continue\r\n\r\n${busy}`);
    expect((await ask(serve)).evidence).toBe('answered 503, expected 200-399');
  });
});

describe('the body', () => {
  const page = (body: string, head = '') => `HTTP/1.1 200 OK\r\n${head}\r\n${body}`;
  const text = (wanted: string) => ({ body: { text: wanted, isRegex: false } });

  it.each([
    ['stands at the end', page('all is well'), 'is well', true],
    ['stands nowhere', page('all is lost'), 'well', false],
    ['stands in the headers only', page('x', 'X-State: well\r\n'), 'well', false],
    ['lies behind the end of the body', page('all is well', 'Content-Length: 3\r\n'), 'well', false],
    [
      'is parted by chunks',
      page('4\r\nwe a\r\n6;x=y\r\nre wel\r\n1\r\nl\r\n0\r\n\r\n', 'Transfer-Encoding: chunked\r\n'),
      'are well',
      true,
    ],
    [
      'looks like the length of a chunk',
      page('3\r\nabc\r\n0\r\n\r\n', 'Transfer-Encoding: chunked\r\n'),
      '3',
      false,
    ],
  ])('a text that %s', async (_, answer, wanted, isUp) => {
    expect((await ask(() => answersThenCloses(answer), text(wanted))).ok).toBe(isUp);
  });

  it('is found although it comes in pieces of one byte', async () => {
    const pieces = [page('ok', 'Content-Length: 2\r\n').slice(0, -2), 'o', 'k'];
    expect((await ask(() => answersInPieces(pieces, 10), text('ok'))).ok).toBe(true);
  });

  it('may have to fit an expression', async () => {
    const body = { text: 'healthy: *(yes|1)', isRegex: true };
    expect((await ask(() => answersThenCloses(page('healthy:  yes')), { body })).ok).toBe(true);
    expect((await ask(() => answersThenCloses(page('healthy: no')), { body })).ok).toBe(false);
  });

  it('with a broken chunk is down, and says why', async () => {
    const broken = page('zz\r\nabc', 'Transfer-Encoding: chunked\r\n');
    expect((await ask(() => answersThenCloses(broken), text('abc'))).evidence).toMatch(/a chunk of its body/);
  });
});

describe('a hostile server costs one check at its limit and nothing more', () => {
  const body = { text: 'never', isRegex: false };
  const memory = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;

  it.each([
    ['headers without an end', () => endlessBytes('HTTP/1.1 200 OK\r\nX: y\r\n'), { body }],
    ['a status line without an end', () => endlessBytes('HTTP/1.1 200 '), {}],
    ['a body without an end', () => endlessBytes('HTTP/1.1 200 OK\r\n\r\n'), { body }],
    ['one byte at a time', () => answersInPieces([...'HTTP/1.1 200 OK\r\n'.repeat(50)], 40), { body }],
    ['an end in the headers', () => answersThenCloses('HTTP/1.1 200 OK\r\nX'), { body }],
    ['no answer', closesWithoutAnswer, {}],
    [
      'an expression that others take for ever for',
      () => answersThenCloses(`HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(60_000)}`),
      { body: { text: '(a*)*b', isRegex: true } },
    ],
  ] as const)('%s', async (_, serve, more) => {
    const before = memory();
    const result = await ask(serve, more, LIMIT_MS);
    expect(result.ok).toBe(false);
    expect(result.durationMs).toBeLessThan(LIMIT_MS + LATENESS_MS);
    expect(memory() - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('certificates', () => {
  const check = (more: Partial<HttpsOptions['tls']>, certificate = good) =>
    checkOnce(checkHttps, {
      serve: () => tlsServer((socket) => socket.once('data', () => socket.write(ok)), certificate),
      options: { ...options, tls: { ...tls, ...more } },
    });

  it('one from an unknown authority is down when it is verified, and up when it is not', async () => {
    expect((await check({ caFile: null })).evidence).toMatch(/certificate.*self-signed/);
    expect((await check({ caFile: null, verify: false })).ok).toBe(true);
  });

  it('one for another name is down when it is verified', async () => {
    expect((await check({ name: 'mail.example.org' })).evidence).toMatch(/certificate.*mail\.example\.org/);
  });

  it('an authority that cannot be read judges nobody, and says so', async () => {
    expect(await check({ caFile: '/nonexistent/ca.pem' })).toMatchObject({
      ok: null,
      evidence: 'not checked: the file /nonexistent/ca.pem with the certificate authority cannot be read',
    });
  });

  it('one that expires soon is up, with a warning', async () => {
    const result = await check({ caFile: certificateFor(name, 5).file }, certificateFor(name, 5));
    expect(result).toMatchObject({ ok: true, warning: expect.stringMatching(/expires in [45] days/) });
    expect((await check({})).warning).toBeUndefined();
  });

  it.each([
    ['2026-03-10T00:00:00Z', 'the certificate expires in 9 days'],
    ['2026-03-02T12:00:00Z', 'the certificate expires in 1 day'],
    ['2026-02-28T00:00:00Z', 'the certificate has expired'],
    ['2026-04-10T00:00:00Z', undefined],
    ['no date', undefined],
  ])('%s on the 1st of March: %s', (validTo, warning) => {
    expect(expiryWarning(validTo, Date.parse('2026-03-01T00:00:00Z'), 14)).toBe(warning);
  });
});
