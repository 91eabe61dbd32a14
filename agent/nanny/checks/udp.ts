/**
 * Check kind `udp`: one datagram, and what comes of it.
 *
 * A datagram is always sent, an empty one when `send` is not set: only an answer to something can show that the
 * port is closed. With `expect`, the first datagram that comes back must fit. Without it, any answer is good, and
 * so is silence, for UDP services that never answer (syslog, for one) are many; down is only who is refused or not
 * reachable. Silence is waited for up to 4 s, because that is how long the kernel takes to find that nobody on the
 * network has the address.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { answerReader } from './answer.ts';
import type { Checker } from './checker.ts';
import { answeredIn, duration, judgeError } from './words.ts';

const LONGEST_SILENCE_MS = 4000;

function closeQuietly(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // Already closed by an error on the way.
  }
}

export const checkUdp: Checker<'udp'> = (target, options, limitMs, { clock, signal }) =>
  new Promise((resolve) => {
    const started = clock.now();
    const reader = options.expect === null ? null : answerReader(options.expect);
    const waitMs = reader === null ? Math.min(limitMs, LONGEST_SILENCE_MS) : limitMs;
    const socket = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
    let done = false;

    const finish = (ok: boolean | null, evidence?: string): void => {
      if (done) return;
      done = true;
      cancelLimit();
      signal.removeEventListener('abort', abort);
      closeQuietly(socket);
      const durationMs = clock.now() - started;
      resolve({ ok, evidence: evidence ?? answeredIn(durationMs), durationMs });
    };
    const fail = (error: NodeJS.ErrnoException): void => {
      const { ok, evidence } = judgeError(error);
      finish(ok, evidence);
    };
    const abort = (): void => finish(null, 'the check was given up');
    const silence = (): void =>
      reader === null
        ? finish(true, 'not refused, no answer expected')
        : finish(false, `no answer within ${duration(limitMs)}`);
    const cancelLimit = clock.after(waitMs, () => setImmediate(silence));

    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', fail);
    socket.once('message', (datagram) => {
      if (reader === null) return finish(true);
      const verdict = reader.push(datagram) ?? reader.end();
      finish(verdict.ok, verdict.ok ? undefined : verdict.why);
    });
    socket.once('connect', () => socket.send(options.send ?? '', (error) => error && fail(error)));
    const start = () => socket.connect(target.port, target.address);
    if (target.source === null) start();
    else socket.bind(0, target.source, start);
  });
