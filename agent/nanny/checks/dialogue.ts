/** One connection to a real server, plain or by TLS: what is said, what is heard, and when it is decided. */
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectByTls, type TLSSocket } from 'node:tls';
import type { ConversationOptions } from '#lib/lvs/checks.ts';
import { answerReader, type Verdict } from './answer.ts';
import type { CheckDeps, CheckResult, Target } from './checker.ts';
import { answeredIn, duration, judgeError } from './words.ts';

/** What follows from a piece of the answer: a verdict, more to say, or null: more is needed. */
export type Turn = Verdict | { readonly say: string | Buffer };

/** The client's side of a protocol. Pure: bytes in, bytes or a verdict out. */
export interface Talk {
  /** Said as soon as the connection stands; null: the server speaks first. */
  readonly opening: string | Buffer | null;
  /** The opening is all: the check is good when the kernel has taken it. */
  readonly isSaidOnly?: true;
  push(piece: Buffer): Turn;
  /** The server has ended its answer. */
  end(): Exclude<Verdict, null>;
  /** The limit has passed: what to say beside it; '' when nothing came. */
  soFar(): string;
}

export interface Line {
  readonly target: Target;
  readonly limitMs: number;
  readonly deps: CheckDeps;
  /** By TLS, with these options. */
  readonly tls?: ConnectionOptions;
  /** Looks at the connection once it stands, for a warning. */
  readonly inspect?: (socket: TLSSocket) => string | undefined;
}

/** Nothing is said in a check that only connects: it needs no setting of the socket for that. */
function open(talk: Talk | null, { target, tls }: Line): Socket {
  const place = {
    host: target.address,
    port: target.port,
    noDelay: talk !== null,
    ...(target.source === null ? {} : { localAddress: target.source }),
  };
  return tls === undefined ? connect(place) : connectByTls({ ...place, ...tls });
}

/** What the limit has cut short. */
function lateness(limitMs: number, stage: 'connecting' | 'open', talk: Talk | null): string {
  const limit = duration(limitMs);
  if (stage === 'connecting') return `no answer within ${limit}`;
  const partial = talk?.soFar() ?? '';
  return partial === '' ? `connected, but no answer within ${limit}` : `${partial} within ${limit}`;
}

/**
 * Holds one dialogue; without a talk a connection is all that is asked. What is kept of the answer is for the talk to
 * bound, and the socket is destroyed as soon as all is decided, so that an endless answer costs nothing.
 */
export function hold(talk: Talk | null, line: Line): Promise<CheckResult> {
  const { limitMs, deps, tls, inspect } = line;
  const { clock, signal } = deps;
  return new Promise((resolve) => {
    const started = clock.now();
    let stage: 'connecting' | 'open' = 'connecting';
    let warning: string | undefined;
    const socket = open(talk, line);

    const finish = (ok: boolean | null, evidence?: string): void => {
      cancelLimit();
      signal.removeEventListener('abort', abort);
      socket.destroy();
      const durationMs = clock.now() - started;
      const result = { ok, evidence: evidence ?? answeredIn(durationMs), durationMs };
      resolve(warning === undefined ? result : { ...result, warning });
    };
    const decide = (turn: Turn): void => {
      if (turn === null) return;
      if ('say' in turn) socket.write(turn.say);
      else if (turn.ok) finish(true, turn.why === undefined ? undefined : `${turn.why} in ${took()}`);
      else finish(false, turn.why);
    };
    const took = (): string => duration(Math.max(1, clock.now() - started));
    const abort = (): void => finish(null, 'the check was given up');
    // Behind the poll phase: an answer that waits in the kernel while this process was held up still counts.
    const cancelLimit = clock.after(limitMs, () =>
      setImmediate(() => finish(false, lateness(limitMs, stage, talk))),
    );

    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const { ok, evidence } = judgeError(error);
      finish(ok, evidence);
    });
    // A server that goes away while keys are exchanged: an error of TLS does not always follow.
    if (tls !== undefined)
      socket.once('close', () => finish(false, 'connection closed while TLS was set up'));
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      stage = 'open';
      if (tls !== undefined) warning = inspect?.(socket as TLSSocket);
      if (talk === null) return finish(true);
      socket.removeAllListeners('close');
      if (talk.isSaidOnly) {
        socket.write(talk.opening ?? '', (error) => error || finish(true));
        return;
      }
      socket.on('data', (piece: Buffer) => decide(talk.push(piece)));
      socket.once('end', () => decide(talk.end()));
      if (talk.opening !== null) socket.write(talk.opening);
    });
  });
}

const good = { ok: true } as const;

/** A talk that says something and wants no answer. */
const said = (opening: string): Talk => ({
  opening,
  isSaidOnly: true,
  push: () => good,
  end: () => good,
  soFar: () => '',
});

/** Send and expect (Piranha reference 3.2). Without expect, sending is all: it ends when the kernel has the text. */
export function converse(
  target: Target,
  options: ConversationOptions,
  limitMs: number,
  deps: CheckDeps,
): Promise<CheckResult> {
  const line = { target, limitMs, deps };
  const send = options.send === null || options.send === '' ? null : options.send;
  if (options.expect !== null) return hold({ opening: send, ...answerReader(options.expect) }, line);
  return hold(send === null ? null : said(send), line);
}

/** A name for SNI; an address is none (RFC 6066). */
export const serverName = (name: string): { readonly servername?: string } =>
  isIP(name) === 0 ? { servername: name } : {};
