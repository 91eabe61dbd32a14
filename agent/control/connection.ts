/**
 * One client on the agent's socket. Requests are served one after the other, so answers keep the order of the
 * questions; notifications go between them. A client that sends what is no message, or does not read what it
 * asked for, is let go.
 */

import type { Socket } from 'node:net';
import { createLineReader, decodeRequest, encodeLine, type Request } from '#lib/protocol/codec.ts';
import type { AgentMessage } from '#lib/protocol/messages.ts';
import { reasonOf } from '../runtime/attempt.ts';
import { handlers, type Session } from './handlers.ts';
import { Refusal } from './refusal.ts';
import type { Router } from './router.ts';
import { statusOf } from './status.ts';

/** A reader that lags by more than this is let go. */
const LONGEST_BACKLOG_BYTES = 16 * 1024 * 1024;
/** Above this, status is not sent: the next one replaces it. */
const BUSY_BACKLOG_BYTES = 256 * 1024;
const SHORTEST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 3_600_000;
/** Changes within this time make one status. */
const COALESCE_MS = 20;

export interface Connection {
  /** Something changed that a subscriber wants to see soon. */
  changed(): void;
  close(): void;
}

export function serveConnection(router: Router, socket: Socket, onClose: () => void): Connection {
  const reader = createLineReader();
  let waiting: string[] = [];
  let isBusy = false;
  let isRefused = false;
  let hasSaidAll = false;
  let subscription: Subscription | null = null;

  const send = (message: AgentMessage): void => {
    if (socket.destroyed || !socket.writable) return;
    socket.write(encodeLine(message));
    if (socket.writableLength <= LONGEST_BACKLOG_BYTES) return;
    // Gone before it is told: the event goes to every subscriber, and this one was one.
    socket.destroy();
    router.log.event(
      'warning',
      'client-dropped',
      'A client of the agent does not read its messages and was let go',
    );
  };
  const session: Session = {
    subscribe(intervalMs) {
      subscription?.end();
      subscription = createSubscription(router, {
        intervalMs: Math.min(Math.max(intervalMs, SHORTEST_INTERVAL_MS), LONGEST_INTERVAL_MS),
        send,
        isBusy: () => socket.writableLength > BUSY_BACKLOG_BYTES,
      });
    },
  };
  const serve = async (line: string): Promise<void> => {
    const decoded = decodeRequest(line);
    if (!decoded.ok) {
      send({ id: decoded.id, error: { code: decoded.code, message: decoded.message } });
      // What is no message at all shows that this is no client of ours.
      if (decoded.id === null) close();
      return;
    }
    const answer =
      isRefused && decoded.value.method !== 'hello'
        ? REFUSED
        : await answerTo(router, decoded.value, session);
    if ('error' in answer && answer.error.code === 'protocol-version') isRefused = true;
    send({ id: decoded.value.id, ...answer });
  };
  const serveAll = async (): Promise<void> => {
    isBusy = true;
    socket.pause();
    while (waiting.length > 0 && !socket.destroyed) {
      const lines = waiting;
      waiting = [];
      for (const line of lines) if (line.trim() !== '' && !socket.destroyed) await serve(line);
    }
    isBusy = false;
    if (hasSaidAll) close();
    else socket.resume();
  };
  const close = (): void => {
    subscription?.end();
    subscription = null;
    socket.end();
    socket.destroySoon();
  };
  socket.on('data', (chunk: Buffer) => {
    const lines = reader.push(chunk);
    if (lines === null) {
      send({ id: null, error: { code: 'bad-message', message: 'This line is longer than the agent takes' } });
      return close();
    }
    waiting.push(...lines);
    if (!isBusy) void serveAll();
  });
  // Who has said all may still want the answers.
  socket.on('end', () => {
    hasSaidAll = true;
    if (!isBusy) close();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    subscription?.end();
    onClose();
  });
  return { changed: () => subscription?.soon(), close };
}

const REFUSED = {
  error: {
    code: 'protocol-version',
    message: 'You speak another version of the protocol; nothing else is answered',
  },
};

type Answer = { result: unknown } | { error: { code: string; message: string } };

async function answerTo(router: Router, request: Request, session: Session): Promise<Answer> {
  try {
    return { result: await call(router, request, session) };
  } catch (error) {
    if (error instanceof Refusal) return { error: { code: error.code, message: error.message } };
    const message = reasonOf(error);
    router.log.event('error', 'request-failed', `${request.method}: ${message}`);
    return { error: { code: 'internal', message } };
  }
}

/** The parameters were checked against the schema of this very method. */
function call(router: Router, request: Request, session: Session): Promise<unknown> {
  const handler = handlers[request.method] as (
    router: Router,
    params: Request['params'],
    session: Session,
  ) => Promise<unknown>;
  // The name alone: parameters may hold a key.
  router.log.debug('request', { method: request.method });
  return handler(router, request.params, session);
}

interface Subscription {
  soon(): void;
  end(): void;
}

interface SubscriptionOptions {
  readonly intervalMs: number;
  readonly send: (message: AgentMessage) => void;
  readonly isBusy: () => boolean;
}

function createSubscription(router: Router, { intervalMs, send, isBusy }: SubscriptionOptions): Subscription {
  let ended = false;
  let isSending = false;
  let cancel = (): void => {};
  let dueAt = Number.POSITIVE_INFINITY;
  const schedule = (delayMs: number): void => {
    const at = router.clock.now() + delayMs;
    if (ended || at >= dueAt) return;
    cancel();
    dueAt = at;
    cancel = router.clock.after(delayMs, () => void push());
  };
  const push = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY;
    if (ended || isSending) return;
    isSending = true;
    const status = isBusy() ? null : await statusOf(router).catch(() => null);
    isSending = false;
    if (ended) return;
    if (status !== null) send({ notification: 'status', status });
    schedule(intervalMs);
  };
  const endEvents = router.log.onEvent((event) => send({ notification: 'event', event }));
  schedule(0);
  return {
    soon: () => schedule(COALESCE_MS),
    end() {
      ended = true;
      cancel();
      endEvents();
    },
  };
}
