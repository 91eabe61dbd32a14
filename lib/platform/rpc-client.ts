/**
 * The console's side of the agent protocol over any two-way stream of lines: requests answered by id, each with
 * a time limit, and notifications. Every message is checked against lib/protocol.
 */
import 'server-only';
import * as z from 'zod/mini';
import {
  type AgentEvent,
  type AgentMessage,
  agentMessageSchema,
  type MethodName,
  methods,
  type ParamsOf,
  type ResultOf,
  type RouterStatus,
} from '../protocol/messages.ts';
import type { Answer } from './router-port.ts';

export interface RpcHandlers {
  onStatus(status: RouterStatus): void;
  onEvent(event: AgentEvent): void;
  /** The partner broke the protocol; the connection is of no use any more. */
  onBroken(reason: string): void;
}

interface Waiting {
  readonly method: MethodName;
  readonly settle: (answer: Answer<unknown>) => void;
  readonly limit: NodeJS.Timeout;
}

const DEFAULT_LIMIT_MS = 10_000;

export class RpcClient {
  readonly #send: (line: string) => void;
  readonly #handlers: RpcHandlers;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(send: (line: string) => void, handlers: RpcHandlers) {
    this.#send = send;
    this.#handlers = handlers;
  }

  /** Never rejects. */
  request<Name extends MethodName>(
    method: Name,
    params: ParamsOf<Name>,
    limitMs: number = DEFAULT_LIMIT_MS,
  ): Promise<Answer<ResultOf<Name>>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.#waiting.delete(id);
        resolve({
          ok: false,
          code: 'timeout',
          message: `no answer to ${method} within ${limitMs / 1000} s; it may still take effect`,
        });
      }, limitMs);
      // The result was checked against the method's own schema before it is settled.
      const settle = (answer: Answer<unknown>): void => resolve(answer as Answer<ResultOf<Name>>);
      this.#waiting.set(id, { method, settle, limit });
      this.#send(JSON.stringify({ id, method, params }));
    });
  }

  /** Takes one line from the agent. */
  receive(line: string): void {
    const message = readMessage(line);
    if (message === null) {
      this.#handlers.onBroken(`the router sent what is no message: ${line.slice(0, 200)}`);
    } else if ('notification' in message) {
      if (message.notification === 'status') this.#handlers.onStatus(message.status);
      else this.#handlers.onEvent(message.event);
    } else if (message.id === null) {
      this.#handlers.onBroken(
        'error' in message ? message.error.message : 'the router sent an answer without a number',
      );
    } else {
      this.#settle(message.id, message);
    }
  }

  /** Answers everything that still waits: the connection is gone. */
  lose(reason: string): void {
    for (const [id, waiting] of this.#waiting) {
      this.#waiting.delete(id);
      clearTimeout(waiting.limit);
      waiting.settle({
        ok: false,
        code: 'lost',
        message: `the connection broke before the answer: ${reason}`,
      });
    }
  }

  #settle(id: number, message: Exclude<AgentMessage, { notification: string }>): void {
    const waiting = this.#waiting.get(id);
    // Late: its time limit has passed already.
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.limit);
    if ('error' in message) {
      waiting.settle({ ok: false, code: message.error.code, message: message.error.message });
      return;
    }
    const result = z.safeParse(methods[waiting.method].result, message.result);
    if (!result.success) {
      const message = `the answer to ${waiting.method} is not what this version understands: ${z.prettifyError(result.error)}`;
      waiting.settle({ ok: false, code: 'bad-answer', message });
      return;
    }
    waiting.settle({ ok: true, result: result.data });
  }
}

function readMessage(line: string): AgentMessage | null {
  try {
    const parsed = z.safeParse(agentMessageSchema, JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
