/** Check kind `dns`: one question by UDP, or by TCP for a service of TCP, and what comes back. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { readIpv6 } from '#lib/lvs/address.ts';
import type { DnsOptions } from '#lib/lvs/checks.ts';
import type { Verdict } from './answer.ts';
import type { Checker, CheckResult, Target } from './checker.ts';
import { hold, type Line, type Talk } from './dialogue.ts';
import { decodeAnswer, encodeQuery } from './dns-message.ts';
import { duration, judgeError, quote } from './words.ts';

/** Addresses in their canonical form, names in lower case without the last dot. */
const plain = (text: string): string =>
  readIpv6(text) ??
  text
    .trim()
    .toLowerCase()
    .replace(/(?<=.)\.$/, '');

const bad = (why: string): Verdict => ({ ok: false, why });

/** What the answer to a question says; null: it answers another one. */
export function judgeDns(bytes: Buffer, id: number, { type, answer }: DnsOptions): Verdict | 'truncated' {
  const message = decodeAnswer(bytes, type);
  if (message === null) return bad('answered with what is no message of DNS');
  if (message.id !== id || !message.isResponse) return null;
  if (!message.isGood) return bad(`answered: ${message.code}`);
  if (answer === null) return { ok: true };
  if (message.records.some((record) => plain(record) === plain(answer))) return { ok: true };
  if (message.isTruncated) return 'truncated';
  const found =
    message.records.length === 0 ? `no record of type ${type}` : quote(message.records.join(', '));
  return bad(`answered ${found}, expected ${quote(answer)}`);
}

/** By TCP each message has its length in front (RFC 1035, 4.2.2). */
function talkOf(options: DnsOptions): Talk {
  const id = randomInt(65_536);
  const query = encodeQuery(id, options.name, options.type);
  let got = Buffer.alloc(0);
  const decided = (verdict: Verdict | 'truncated'): Verdict =>
    verdict === 'truncated' || verdict === null ? bad('answered another question') : verdict;
  return {
    opening: Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]),
    push(piece) {
      got = Buffer.concat([got, piece.subarray(0, 65_537 - got.length)]);
      if (got.length < 2) return null;
      const end = 2 + got.readUInt16BE(0);
      return got.length < end ? null : decided(judgeDns(got.subarray(2, end), id, options));
    },
    end: () => ({
      ok: false,
      why: got.length === 0 ? 'connection closed without an answer' : 'answer ended too early',
    }),
    soFar: () => (got.length === 0 ? '' : 'only a part of the answer came'),
  };
}

/** Waits for the datagram that answers; others are passed over. */
function askByUdp(options: DnsOptions, { target, limitMs, deps }: Line): Promise<CheckResult | 'truncated'> {
  const { clock, signal } = deps;
  return new Promise((resolve) => {
    const started = clock.now();
    const id = randomInt(65_536);
    const socket = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
    let isDone = false;
    const leave = (outcome: CheckResult | 'truncated'): void => {
      if (isDone) return;
      isDone = true;
      cancelLimit();
      signal.removeEventListener('abort', abort);
      socket.close();
      resolve(outcome);
    };
    const finish = (ok: boolean | null, evidence: string): void =>
      leave({ ok, evidence, durationMs: clock.now() - started });
    const abort = (): void => finish(null, 'the check was given up');
    const cancelLimit = clock.after(limitMs, () =>
      setImmediate(() => finish(false, `no answer within ${duration(limitMs)}`)),
    );
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const { ok, evidence } = judgeError(error);
      finish(ok, evidence);
    });
    socket.on('message', (datagram) => {
      const verdict = judgeDns(datagram, id, options);
      if (verdict === null) return;
      if (verdict === 'truncated') leave(verdict);
      else if (verdict.ok) finish(true, `answered in ${duration(Math.max(1, clock.now() - started))}`);
      else finish(false, verdict.why);
    });
    socket.once('connect', () => socket.send(encodeQuery(id, options.name, options.type)));
    connectFrom(socket, target);
  });
}

function connectFrom(socket: ReturnType<typeof createSocket>, { address, port, source }: Target): void {
  const start = () => socket.connect(port, address);
  if (source === null) start();
  else socket.bind(0, source, start);
}

export const checkDns: Checker<'dns'> = async (target, options, limitMs, deps) => {
  const started = deps.clock.now();
  const line = { target, limitMs, deps };
  if (options.transport === 'udp') {
    const result = await askByUdp(options, line);
    if (result !== 'truncated') return result;
  }
  const leftMs = Math.max(1, limitMs - (deps.clock.now() - started));
  return hold(talkOf(options), { ...line, limitMs: leftMs });
};
