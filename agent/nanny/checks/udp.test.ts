import { describe, expect, it } from 'vitest';
import { checkOnce, describeChecker, LIMIT_MS } from './contract.ts';
import { udpAnswers, udpRefuses, udpSilent } from './fixtures/udp-servers.ts';
import { checkUdp } from './udp.ts';

const ping = { send: 'PING', expect: { text: 'PONG', mode: 'prefix' } } as const;

describeChecker('udp', checkUdp, {
  up: {
    serve: () => udpAnswers(['PONG 1']),
    options: ping,
    ok: true,
    evidence: /^answered in \d+(\.\d)? m?s$/,
  },
  down: {
    serve: () => udpAnswers(['LOADING']),
    options: ping,
    ok: false,
    evidence: /^answer began with "LOADING", expected "PONG"$/,
  },
  refused: { serve: udpRefuses, options: ping, ok: false, evidence: /^connection refused$/ },
  timeout: { serve: udpSilent, options: ping, ok: false, evidence: /^no answer within 300 ms$/ },
  slow: { serve: () => udpAnswers(['PONG'], 60), options: ping, ok: true, evidence: /^answered in/ },
  // A datagram is whole or not there: what breaks off is a datagram that is too short.
  'reset in the middle': {
    serve: () => udpAnswers(['PO', 'NG']),
    options: ping,
    ok: false,
    evidence: /^answer ended after "PO", expected "PONG"$/,
  },
  garbage: {
    serve: () => udpAnswers(['\0\xff']),
    options: ping,
    ok: false,
    evidence: /^answer began with "\\x00\\xff"/,
  },
  'more than expected': {
    serve: () => udpAnswers([`PONG${'x'.repeat(9000)}`, 'more']),
    options: ping,
    ok: true,
    evidence: /^answered/,
  },
});

describe('a UDP service without expect', () => {
  const options = { send: 'x', expect: null };

  it('is up when it answers anything', async () => {
    expect(await checkOnce(checkUdp, { serve: () => udpAnswers(['?']), options }, 30_000)).toMatchObject({
      ok: true,
      evidence: expect.stringMatching(/^answered in/),
    });
  });

  it('is up when it is silent, for many never answer', async () => {
    expect(await checkOnce(checkUdp, { serve: udpSilent, options }, LIMIT_MS)).toMatchObject({
      ok: true,
      evidence: 'not refused, no answer expected',
    });
  });

  it('is down when its port is closed', async () => {
    expect(await checkOnce(checkUdp, { serve: udpRefuses, options }, 30_000)).toMatchObject({
      ok: false,
      evidence: 'connection refused',
    });
  });

  it('gets an empty datagram when nothing is configured', async () => {
    const scene = { serve: () => udpAnswers(['?']), options: { send: null, expect: null } };
    expect(await checkOnce(checkUdp, scene, 30_000)).toMatchObject({ ok: true, received: '<empty>' });
  });
});

it('matches a regular expression in the first datagram', async () => {
  const options = { send: 'x', expect: { text: 'st(atus|ate)=up$', mode: 'regex' } } as const;
  expect((await checkOnce(checkUdp, { serve: () => udpAnswers(['state=up']), options })).ok).toBe(true);
  expect((await checkOnce(checkUdp, { serve: () => udpAnswers(['state=upper']), options })).ok).toBe(false);
});
