/** One TCP connection to a real server: connect, send, read the answer, close. */
import { connect } from 'node:net';
import type { ConversationOptions } from '#lib/lvs/checks.ts';
import { type AnswerReader, answerReader, type Verdict } from './answer.ts';
import type { CheckDeps, CheckResult, Target } from './checker.ts';
import { answeredIn, duration, judgeError } from './words.ts';

/** What the limit has cut short. */
function lateness(limitMs: number, connected: boolean, reader: AnswerReader | null): string {
  const limit = duration(limitMs);
  if (!connected) return `no answer within ${limit}`;
  const partial = reader?.soFar() ?? '';
  return partial === '' ? `connected, but no answer within ${limit}` : `${partial} within ${limit}`;
}

/**
 * Holds one conversation. What is kept of the answer is bounded by the expectation (64 KiB at most), and the socket
 * is destroyed as soon as the answer is decided, so an endless one costs nothing.
 */
export function converse(
  target: Target,
  options: ConversationOptions,
  limitMs: number,
  deps: CheckDeps,
): Promise<CheckResult> {
  const { clock, signal } = deps;
  return new Promise((resolve) => {
    const started = clock.now();
    const reader = options.expect === null ? null : answerReader(options.expect);
    let connected = false;
    const socket = connect({ host: target.address, port: target.port, noDelay: true });

    const finish = (ok: boolean | null, evidence?: string): void => {
      cancelLimit();
      signal.removeEventListener('abort', abort);
      socket.destroy();
      const durationMs = clock.now() - started;
      resolve({ ok, evidence: evidence ?? answeredIn(durationMs), durationMs });
    };
    const decide = (verdict: Verdict): void => {
      if (verdict !== null) finish(verdict.ok, verdict.ok ? undefined : verdict.why);
    };
    const abort = (): void => finish(null, 'the check was given up');
    // Behind the poll phase: an answer that waits in the kernel while this process was held up still counts.
    const cancelLimit = clock.after(limitMs, () =>
      setImmediate(() => finish(false, lateness(limitMs, connected, reader))),
    );

    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const { ok, evidence } = judgeError(error);
      finish(ok, evidence);
    });
    socket.once('connect', () => {
      connected = true;
      if (reader !== null) {
        socket.on('data', (piece: Buffer) => decide(reader.push(piece)));
        socket.once('end', () => decide(reader.end()));
      }
      const sent = options.send ?? '';
      if (sent !== '') socket.write(sent, 'utf8', (error) => error || reader || finish(true));
      else if (reader === null) finish(true);
    });
  });
}
