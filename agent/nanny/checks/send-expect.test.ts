import { describe, expect, it } from 'vitest';
import type { Expectation } from '#lib/lvs/checks.ts';
import { checkOnce, describeChecker, LIMIT_MS } from './contract.ts';
import {
  acceptsThenHangs,
  answers,
  answersInPieces,
  answersOnceAsked,
  answersThenCloses,
  closesWithoutAnswer,
  endlessBytes,
  type Fixture,
  refuses,
  resetsInTheMiddle,
} from './fixtures/tcp-servers.ts';
import { checkSendExpect } from './send-expect.ts';

const prefix = (text: string): Expectation => ({ text, mode: 'prefix' });
const regex = (text: string): Expectation => ({ text, mode: 'regex' });
const http = { send: 'GET / HTTP/1.0\r\n\r\n', expect: prefix('HTTP/1.0 200') };
const unavailable = 'HTTP/1.0 503 Service Unavailable\r\nServer: x\r\n\r\n';

describeChecker('send-expect', checkSendExpect, {
  up: {
    serve: () => answersOnceAsked('HTTP/1.0 200 OK\r\n'),
    options: http,
    ok: true,
    evidence: /^answered in \d+(\.\d)? m?s$/,
  },
  down: {
    serve: () => answersOnceAsked(unavailable),
    options: http,
    ok: false,
    evidence: /^answer began with "HTTP\/1\.0 503 Service Unavailable", expected "HTTP\/1\.0 200"$/,
  },
  refused: { serve: refuses, options: http, ok: false, evidence: /^connection refused$/ },
  timeout: {
    serve: acceptsThenHangs,
    options: http,
    ok: false,
    evidence: /^connected, but no answer within 300 ms$/,
  },
  slow: {
    serve: () => answersInPieces(['HTTP', '/1.0 2', '00 OK'], 30),
    options: http,
    ok: true,
    evidence: /^answered/,
  },
  'reset in the middle': {
    serve: () => resetsInTheMiddle('HTTP/'),
    options: http,
    ok: false,
    evidence: /^connection reset$/,
  },
  garbage: {
    serve: () => answersOnceAsked('\0\xff\x1b[2J'),
    options: http,
    ok: false,
    evidence: /^answer began with "\\x00\\xff\\x1b\[2J", expected "HTTP\/1\.0 200"$/,
  },
  'more than expected': {
    serve: () => endlessBytes('HTTP/1.0 200 OK '),
    options: http,
    ok: true,
    evidence: /^answered/,
  },
});

describe('what is sent and expected', () => {
  const check = (
    serve: () => Promise<Fixture>,
    expected: Expectation | null,
    { send = null, limitMs }: { readonly send?: string | null; readonly limitMs?: number } = {},
  ) => checkOnce(checkSendExpect, { serve, options: { send, expect: expected } }, limitMs);

  it('sends the text as it stands', async () => {
    const { received } = await check(() => answersOnceAsked('HTTP/1.0 200'), prefix('HTTP'), {
      send: http.send,
    });
    expect(received).toBe('GET / HTTP/1.0\r\n\r\n');
  });

  it('without expect, is content when the text is sent', async () => {
    expect(await check(acceptsThenHangs, null, { send: 'QUIT\r\n' })).toMatchObject({ ok: true });
  });

  it.each([
    ['* takes any answer', () => answers('x'), '*', true],
    ['* takes the end of the connection for an answer', closesWithoutAnswer, '*', true],
    ['* takes no silence', acceptsThenHangs, '*', false],
    ['an empty text takes any answer', () => answers('x'), '', true],
    ['an empty text takes the end of the connection', closesWithoutAnswer, '', true],
    ['a reset is no answer', () => resetsInTheMiddle(''), '*', false],
  ])('%s', async (_, serve, text, ok) => {
    // What must not come is waited for as long as the limit.
    expect((await check(serve, prefix(text), ok ? {} : { limitMs: LIMIT_MS })).ok).toBe(ok);
  });

  it.each([
    [closesWithoutAnswer, 'connection closed without an answer'],
    [() => answersThenCloses('22'), 'answer ended after "22", expected "220 mail"'],
    [() => answers('220 mai'), 'only "220 mai"', LIMIT_MS],
    [() => answers('554 no'), 'answer began with "554 no", expected "220 mail"'],
  ])('says what was wrong with the answer (%#)', async (serve, evidence, limitMs?: number) => {
    const result = await check(serve, prefix('220 mail'), limitMs === undefined ? {} : { limitMs });
    expect(result.ok).toBe(false);
    expect(result.evidence).toContain(evidence);
  });

  it('compares the bytes of what is not ASCII', async () => {
    const bytes = Buffer.from('grüß', 'utf8').toString('latin1');
    expect((await check(() => answers(bytes), prefix('grüß'))).ok).toBe(true);
    expect((await check(() => answers(bytes), regex('^gr.ß'), { limitMs: LIMIT_MS })).ok).toBe(false);
    expect((await check(() => answers(bytes), regex('^grüß$'))).ok).toBe(true);
  });
});

describe('a regular expression', () => {
  const check = (serve: () => Promise<Fixture>, pattern: string) =>
    checkOnce(checkSendExpect, { serve, options: { send: null, expect: regex(pattern) } });

  it('matches anywhere, over the borders of pieces', async () => {
    expect(
      (await check(() => answersInPieces(['HTTP/1.1 2', '04 No', ' Content'], 20), ' (200|204) No')).ok,
    ).toBe(true);
  });

  it('tells what came instead', async () => {
    expect(await check(() => answersThenCloses(unavailable), '^HTTP/1\\.[01] 200')).toMatchObject({
      ok: false,
      evidence:
        'answer began with "HTTP/1.0 503 Service Unavailable", expected the expression "^HTTP/1\\.[01] 200"',
    });
  });

  it('gives an endless answer up after 64 KiB, long before the limit', async () => {
    const scene = {
      serve: () => endlessBytes('aaaaaaab'),
      options: { send: null, expect: regex('(a+a+)+c') },
    };
    const result = await checkOnce(checkSendExpect, scene, 30_000);
    expect(result.ok).toBe(false);
    expect(result.evidence).toMatch(/^no match in the first 64 KiB: answer began with "aaaaaaab/);
    expect(result.durationMs).toBeLessThan(10_000);
  });

  it('that cannot be read is never matched, and says why', async () => {
    const result = await check(() => answers('x'), '*');
    expect(result.ok).toBe(false);
    expect(result.evidence).toMatch(/^the expected expression cannot be read: nothing stands before "\*"/);
  });
});
