/** That nothing escapes the contract suite, and that every kind reaches a real server by IPv6. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { exec } from '#agent/runtime/exec.ts';
import type { Check, CheckKind } from '#lib/lvs/checks.ts';
import { depsForTests } from './contract.ts';
import { checkers, runCheck } from './registry.ts';

it('every kind runs the contract suite, apart from the one that asks nobody', () => {
  const folder = new URL('.', import.meta.url);
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const kinds = Object.keys(checkers).filter((kind) => kind !== 'none');
  const isTested = (kind: string) => new RegExp(`describeChecker\\(\\s*'${kind}',`).test(tests);
  expect(kinds.filter((kind) => !isTested(kind))).toEqual([]);
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((info) => info?.address === '::1');

describe.skipIf(!hasIpv6)('a real server with an IPv6 address', () => {
  const open: (Server | UdpSocket)[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });
  const portOf = (address: string | { readonly port: number } | null): number =>
    address === null || typeof address === 'string' ? 0 : address.port;

  async function tcpServer(greeting: string): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
      if (greeting !== '') socket.write(greeting);
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    return portOf(server.address());
  }
  async function udpServer(answer: (question: Buffer) => Buffer): Promise<number> {
    const socket = createSocket('udp6');
    open.push(socket);
    socket.on('message', (question, from) => socket.send(answer(question), from.port, from.address));
    await new Promise<void>((resolve) => socket.bind(0, '::1', resolve));
    return portOf(socket.address());
  }
  /** The question back, as an answer without records. */
  const noRecords = (question: Buffer): Buffer => {
    const answer = Buffer.from(question);
    answer[2] = 0x84;
    return answer;
  };
  const check = <Kind extends CheckKind>(kind: Kind, options: Check<Kind>['options'], port: number) =>
    runCheck(
      checkers,
      { kind, options } as Check,
      { address: '::1', port, source: '::1' },
      10_000,
      depsForTests(),
    );

  it('is asked by tcp, send-expect and http', async () => {
    const port = await tcpServer('');
    const http = { method: 'GET', host: null, path: '/', status: [[200, 299]], body: null };
    expect(await check('tcp', {}, port)).toMatchObject({ ok: true });
    const dialogue = { send: 'GET / HTTP/1.0\r\n\r\n', expect: { mode: 'prefix', text: 'HTTP' } } as const;
    expect(await check('send-expect', dialogue, port)).toMatchObject({ ok: true });
    expect(await check('http', http as never, port)).toMatchObject({ ok: true });
  });

  it('is asked by udp and dns, and told from a closed port', async () => {
    const echo = await udpServer((question) => question);
    const dialogue = { send: 'PING', expect: { mode: 'prefix', text: 'PING' } } as const;
    expect(await check('udp', dialogue, echo)).toMatchObject({ ok: true });
    const dns = { name: 'example.com', type: 'A', answer: null, transport: 'udp' } as const;
    expect(await check('dns', dns, await udpServer(noRecords))).toMatchObject({ ok: true });
    const closed = await udpServer((question) => question);
    open.pop()?.close();
    expect(await check('udp', dialogue, closed)).toMatchObject({ ok: false, evidence: 'connection refused' });
  });

  it('is named to a program as it is, and to ping', async () => {
    expect(await check('script', { argv: ['/bin/echo', '%h', '%p'], expect: '::1 80' }, 80)).toMatchObject({
      ok: true,
    });
    const asked: string[] = [];
    const deps = {
      ...depsForTests(),
      exec: async (...args: Parameters<typeof exec>) => {
        asked.push(args[0].join(' '));
        return exec(['/bin/true']);
      },
    };
    await checkers.icmp({ address: '2001:db8::5', port: 0, source: null }, {}, 1000, deps);
    expect(asked).toEqual(['ping -n -q -c 1 -W 1 -- 2001:db8::5']);
  });
});
