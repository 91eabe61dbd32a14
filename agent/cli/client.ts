/** A client of the agent's socket. */
import { connect, type Socket } from 'node:net';
import { createLineReader, decodeAgentMessage, decodeResult, encodeLine } from '#lib/protocol/codec.ts';
import {
  type AgentMessage,
  type MethodName,
  type ParamsOf,
  PROTOCOL_VERSION,
  type ResultOf,
} from '#lib/protocol/messages.ts';

export interface RequestError {
  /** `no-agent` when nobody answers; else the agent's own code. */
  readonly code: string;
  readonly message: string;
}
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: RequestError };

export interface Client {
  request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<Answer<ResultOf<Name>>>;
  /** Called with what comes without being asked for. */
  onNotification(listener: (message: Extract<AgentMessage, { notification: string }>) => void): void;
  /** Resolves when the agent has closed the connection. */
  readonly closed: Promise<void>;
  close(): void;
}

/** A switchover may take its time, a plan of ten thousand services too. */
const ANSWER_LIMIT_MS = 120_000;

/** Says why the socket cannot be used and what to do about it. */
export function noAgent(path: string, error: unknown): RequestError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'EACCES'
      ? `You may not use ${path}: be root or a member of the group shoal`
      : `No agent answers on ${path}; start it: systemctl start shoal-agent`;
  return { code: 'no-agent', message: why };
}

/** The request has arrived, perhaps: what it asked for may still happen. */
const noAnswer = (method: MethodName, limitMs: number): RequestError => ({
  code: 'no-agent',
  message:
    `The agent has not answered to ${method} within ${limitMs / 1000} s. ` +
    'It may still carry it out: look at it with shoalctl status before you try again',
});

/** Connects and says hello; a version that does not fit is an error, and so is an answer that takes longer. */
export async function connectClient(
  path: string,
  limitMs: number = ANSWER_LIMIT_MS,
): Promise<Answer<Client>> {
  const socket = await open(path);
  if (!(socket instanceof Error)) {
    const client = clientOf(socket, path, limitMs);
    const hello = await client.request('hello', { protocol: PROTOCOL_VERSION, client: 'shoalctl' });
    if (hello.ok) return { ok: true, value: client };
    client.close();
    return hello;
  }
  return { ok: false, error: noAgent(path, socket) };
}

export function open(path: string): Promise<Socket | Error> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', resolve);
  });
}

type Waiting = (answer: Answer<unknown>) => void;

function clientOf(socket: Socket, path: string, limitMs: number): Client {
  const reader = createLineReader();
  const waiting = new Map<number, Waiting>();
  let listener: Parameters<Client['onNotification']>[0] = () => {};
  let lastId = 0;
  const settle = (id: number, answer: Answer<unknown>): void => {
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(answer);
  };
  const take = (message: AgentMessage): void => {
    if ('notification' in message) listener(message);
    else if ('result' in message) settle(message.id, { ok: true, value: message.result });
    else
      for (const id of message.id === null ? [...waiting.keys()] : [message.id])
        settle(id, { ok: false, error: message.error });
  };
  socket.on('data', (chunk: Buffer) => {
    for (const line of reader.push(chunk) ?? []) {
      const decoded = decodeAgentMessage(line);
      if (decoded.ok) take(decoded.value);
    }
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const error = { code: 'no-agent', message: `The agent closed the connection on ${path}` };
      for (const id of [...waiting.keys()]) settle(id, { ok: false, error });
      resolve();
    });
  });
  return {
    async request(method, params) {
      if (socket.destroyed) return { ok: false, error: noAgent(path, null) };
      lastId += 1;
      const id = lastId;
      const answer = await new Promise<Answer<unknown>>((resolve) => {
        const timer = setTimeout(() => settle(id, { ok: false, error: noAnswer(method, limitMs) }), limitMs);
        waiting.set(id, (value) => {
          clearTimeout(timer);
          resolve(value);
        });
        socket.write(encodeLine({ id, method, params }));
      });
      if (!answer.ok) return answer;
      const decoded = decodeResult(method, answer.value);
      return decoded.ok
        ? { ok: true, value: decoded.value }
        : { ok: false, error: { code: decoded.code, message: decoded.message } };
    },
    onNotification(next) {
      listener = next;
    },
    closed,
    close: () => socket.destroy(),
  };
}
