import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DnsOptions } from '#lib/lvs/checks.ts';
import { checkOnce, describeChecker } from './contract.ts';
import { checkDns } from './dns.ts';
import { decodeAnswer, encodeQuery } from './dns-message.ts';
import { endlessBytes, type Fixture, refuses, tcpServer } from './fixtures/tcp-servers.ts';
import { udpRefuses, udpSilent } from './fixtures/udp-servers.ts';

const options: DnsOptions = { name: 'www.example.org', type: 'A', answer: '192.0.2.5', transport: 'udp' };

interface Answer {
  readonly code?: number;
  readonly isTruncated?: boolean;
  /** Type and data of each record. */
  readonly records?: readonly (readonly [type: number, data: readonly number[]])[];
}

const address = (...parts: number[]): readonly [number, number[]] => [1, parts];

/** The answer of a name server to a query: the question again, then records whose names point back to it. */
function answerTo(query: Buffer, { code = 0, isTruncated = false, records = [] }: Answer): Buffer {
  const head = Buffer.from(query.subarray(0, 12));
  head[2] = 0x81 | (isTruncated ? 2 : 0);
  head[3] = 0x80 | code;
  head.writeUInt16BE(records.length, 6);
  const bodies = records.map(([type, data]) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255, ...data]),
  );
  return Buffer.concat([head, query.subarray(12), ...bodies]);
}

/** A name server by UDP; null: says nothing. */
async function nameServer(answer: (query: Buffer) => readonly Buffer[], delayMs = 0): Promise<Fixture> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    setTimeout(() => {
      for (const each of answer(query)) socket.send(each, from.port, from.address, () => {});
    }, delayMs);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    target: { address: '127.0.0.1', port: socket.address().port, source: null },
    received: () => '',
    open: () => 0,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

const answering = (answer: Answer, delayMs = 0) => nameServer((query) => [answerTo(query, answer)], delayMs);
const good: Answer = { records: [address(192, 0, 2, 4), address(192, 0, 2, 5)] };

describeChecker('dns', checkDns, {
  up: { serve: () => answering(good), options, ok: true, evidence: /^answered in \d+(\.\d)? m?s$/ },
  down: { serve: () => answering({ code: 3 }), options, ok: false, evidence: /^answered: no such name$/ },
  refused: { serve: udpRefuses, options, ok: false, evidence: /^connection refused$/ },
  timeout: { serve: udpSilent, options, ok: false, evidence: /^no answer within 300 ms$/ },
  slow: { serve: () => answering(good, 100), options, ok: true, evidence: /^answered/ },
  'reset in the middle': {
    serve: () => nameServer((query) => [answerTo(query, good).subarray(0, 30)]),
    options,
    ok: false,
    evidence: /^answered with what is no message of DNS$/,
  },
  garbage: {
    serve: () => nameServer(() => [Buffer.from('hello')]),
    options,
    ok: false,
    evidence: /^answered with what is no message of DNS$/,
  },
  'more than expected': {
    serve: () => nameServer((query) => [answerTo(query, good), answerTo(query, good)]),
    options,
    ok: true,
    evidence: /^answered/,
  },
});

const ask = (serve: () => Promise<Fixture>, more: Partial<DnsOptions> = {}) =>
  checkOnce(checkDns, { serve, options: { ...options, ...more } });

describe('an answer', () => {
  it('to another question is passed over', async () => {
    const other = (query: Buffer): Buffer => {
      const answer = answerTo(query, { code: 3 });
      answer[0] = (answer[0] ?? 0) ^ 1;
      return answer;
    };
    expect((await ask(() => nameServer((query) => [other(query), answerTo(query, good)]))).ok).toBe(true);
  });

  it('without the expected record says what it has instead', async () => {
    const { evidence } = await ask(() => answering({ records: [address(192, 0, 2, 9)] }));
    expect(evidence).toBe('answered "192.0.2.9", expected "192.0.2.5"');
    expect((await ask(() => answering({}))).evidence).toBe(
      'answered no record of type A, expected "192.0.2.5"',
    );
  });

  it('of any kind is good when none is expected', async () => {
    expect((await ask(() => answering({}), { answer: null })).ok).toBe(true);
    expect((await ask(() => answering({ code: 2 }), { answer: null })).evidence).toBe(
      'answered: server failure',
    );
  });

  it.each([
    ['AAAA', 28, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], '2001:db8::1'],
    ['MX', 15, [0, 10, 2, 109, 120, 0xc0, 12], '10 mx.www.example.org.'],
    ['NS', 2, [0xc0, 12], 'WWW.example.org'],
    ['TXT', 16, [2, 111, 107, 1, 33], 'ok!'],
    ['SRV', 33, [0, 1, 0, 2, 0, 80, 0xc0, 12], '1 2 80 www.example.org'],
  ] as const)('of type %s is read', async (type, number, data, answer) => {
    const result = await ask(() => answering({ records: [[number, data]] }), { type, answer });
    expect(result).toMatchObject({ ok: true });
  });

  it('by TCP is read in pieces, for a service of TCP', async () => {
    const serve = () =>
      tcpServer((socket) =>
        socket.once('data', (framed) => {
          const answer = answerTo(framed.subarray(2), good);
          const whole = Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]);
          socket.write(whole.subarray(0, 1));
          setTimeout(() => socket.write(whole.subarray(1)), 20);
        }),
      );
    expect(await ask(serve, { transport: 'tcp' })).toMatchObject({ ok: true });
    expect((await ask(refuses, { transport: 'tcp' })).evidence).toBe('connection refused');
    expect((await ask(() => endlessBytes('x'), { transport: 'tcp' })).ok).toBe(false);
  });
});

describe('messages', () => {
  it('a question is what RFC 1035 says', () => {
    expect(encodeQuery(0x1234, 'a.example.', 'MX').toString('hex')).toBe(
      '12340100000100000000000001610765' + '78616d706c6500000f0001',
    );
    expect(encodeQuery(1, '.', 'SOA').subarray(12).toString('hex')).toBe('0000060001');
  });

  it('a name that points at itself, or forward, is no name', () => {
    const query = encodeQuery(1, 'a', 'A');
    // The first record begins behind the header and the question "a".
    const record = 12 + 3 + 4;
    for (const pointer of [record, record + 16]) {
      const looped = answerTo(query, good);
      looped[record + 1] = pointer;
      expect(decodeAnswer(looped, 'A')).toBeNull();
    }
  });

  it('whatever the bytes, reading ends without an exception', () => {
    const type = fc.constantFrom('A', 'AAAA', 'MX', 'SOA', 'TXT', 'SRV', 'NS') as fc.Arbitrary<
      DnsOptions['type']
    >;
    const whole = answerTo(encodeQuery(1, 'www.example.org', 'A'), good);
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 80 }), fc.nat(200), (kind, noise, at) => {
        decodeAnswer(Buffer.from(noise), kind);
        const damaged = Buffer.from(whole);
        damaged.set(noise.subarray(0, damaged.length - (at % damaged.length)), at % damaged.length);
        decodeAnswer(damaged, kind);
      }),
      { numRuns: 3000 },
    );
  });
});
