import { describe, expect, it, test } from 'vitest';
import { checkIntervalMs, checkLimitMs, checkOf } from './checks.ts';
import { unescapeText } from './escapes.ts';
import { defaultVirtual, type VirtualServer } from './model.ts';

const check = (settings: Partial<VirtualServer>) => checkOf({ ...defaultVirtual('web'), ...settings });

describe('the check that a virtual server asks for', () => {
  it('asks a web service that names no check for its start page', () => {
    expect(check({ port: 80 })).toEqual({
      kind: 'send-expect',
      options: { send: 'GET / HTTP/1.0\r\n\r\n', expect: { text: 'HTTP', mode: 'prefix' } },
    });
  });

  it('only connects on any other port', () => {
    expect(check({ port: 443 })).toEqual({ kind: 'tcp', options: {} });
  });

  it('sends and expects with escapes replaced and quotes taken off', () => {
    expect(check({ send: '"HEAD /\\r\\n"', expect: '"^HTTP/1\\.[01]"', expectIsRegex: true })).toEqual({
      kind: 'send-expect',
      options: { send: 'HEAD /\r\n', expect: { text: '^HTTP/1\\.[01]', mode: 'regex' } },
    });
  });

  it('takes an empty send string for a check of its own: the default request is not sent', () => {
    expect(check({ send: '""' })).toEqual({ kind: 'send-expect', options: { send: '', expect: null } });
  });

  it('never asks a UDP service on port 80 for a web page', () => {
    expect(check({ protocol: 'udp', port: 80 })).toEqual({
      kind: 'udp',
      options: { send: null, expect: null },
    });
  });

  it('lets the program win over send and splits it on blanks', () => {
    expect(
      check({ sendProgram: '"/usr/local/bin/check.sh  %h\t%p -x%h"', send: '"x"', expect: '"OK"' }),
    ).toEqual({
      kind: 'script',
      options: { argv: ['/usr/local/bin/check.sh', '%h', '%p', '-x%h'], expect: 'OK' },
    });
  });

  it('takes a blank program for none', () => {
    expect(check({ sendProgram: '" "', port: 25 }).kind).toBe('tcp');
  });
});

it.each([
  ['\\r\\n\\t', '\r\n\t'],
  ['\\\\d', '\\d'],
  ['\\d+\\.', '\\d+\\.'],
  ['it\\\'s \\"it\\"', 'it\'s "it"'],
  ['ends in \\', 'ends in \\'],
  ['\\', '\\'],
])('escapes: %j means %j', (text, meaning) => {
  expect(unescapeText(text)).toBe(meaning);
});

test('`#@ check` chooses the kind, and its rows give the options', () => {
  expect(check({ checkKind: 'tcp', send: '"x"' })).toEqual({ kind: 'tcp', options: {} });
  expect(check({ checkKind: 'https', httpStatus: '200,301-302', httpBody: 'ok', tlsVerify: true })).toEqual({
    kind: 'https',
    options: {
      method: 'GET',
      path: '/',
      host: null,
      status: [
        [200, 200],
        [301, 302],
      ],
      body: { text: 'ok', isRegex: false },
      tls: { name: null, verify: true, caFile: null, daysLeft: 14 },
    },
  });
  expect(check({ checkKind: 'dns', protocol: 'udp' })).toEqual({
    kind: 'dns',
    options: { name: '.', type: 'SOA', answer: null, transport: 'udp' },
  });
  expect(check({ checkKind: 'udp', protocol: 'tcp' }).kind).toBe('udp');
  expect(check({ protocol: 'sctp' }).kind).toBe('icmp');
});

test('interval and limit are the service timeout unless they are given', () => {
  const virtual = { ...defaultVirtual('web'), checkSeconds: 6 };
  expect([checkIntervalMs(virtual), checkLimitMs(virtual)]).toEqual([6000, 6000]);
  const quick = { ...virtual, checkIntervalMilliseconds: 500 };
  expect([checkIntervalMs(quick), checkLimitMs(quick)]).toEqual([500, 500]);
  const patient = { ...virtual, checkLimitMilliseconds: 9000 };
  expect([checkIntervalMs(patient), checkLimitMs(patient)]).toEqual([6000, 9000]);
});
