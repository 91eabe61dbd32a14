/** Asks an agent over `shoalctl rpc` on a kept SSH session: the way the console does, without its cost per question. */
import type { ChildProcess } from 'node:child_process';
import { createLineReader, decodeAgentMessage, decodeResult, encodeLine } from '#lib/protocol/codec.ts';
import { type MethodName, type ParamsOf, PROTOCOL_VERSION, type ResultOf } from '#lib/protocol/messages.ts';
import type { Remote } from './remote.ts';

/** Most answers take milliseconds; a machine that is busy with other things keeps the emulator waiting. */
const ANSWER_LIMIT_MS = 30_000;
/** A session begins with two programs of a router that is emulated, and busy. */
const HELLO_LIMIT_MS = 45_000;

type Settle = (answer: { readonly result: unknown } | { readonly problem: string }) => void;

export class AgentRpc {
  readonly #remote: Remote;
  #session: ChildProcess | null = null;
  readonly #waiting = new Map<number, Settle>();
  #lastId = 0;

  constructor(remote: Remote) {
    this.#remote = remote;
  }

  /** Asks and returns the checked answer; opens a session if there is none. Rejects with the agent's own words. */
  async request<Name extends MethodName>(
    method: Name,
    params: ParamsOf<Name>,
    limitMs = ANSWER_LIMIT_MS,
  ): Promise<ResultOf<Name>> {
    if (this.#session === null) {
      this.#open();
      await this.#ask('hello', { protocol: PROTOCOL_VERSION, client: 'lab' }, HELLO_LIMIT_MS);
    }
    const decoded = decodeResult(method, await this.#ask(method, params, limitMs));
    if (!decoded.ok) throw new Error(`${this.#remote.name}, ${method}: ${decoded.message}`);
    return decoded.value;
  }

  close(): void {
    this.#session?.kill();
    this.#session = null;
  }

  #open(): void {
    const session = this.#remote.converse(['shoalctl', 'rpc']);
    const reader = createLineReader();
    session.stdout?.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk) ?? []) this.#take(line);
    });
    session.stdin?.on('error', () => {});
    session.on('close', () => {
      if (this.#session === session) this.#session = null;
      for (const settle of this.#waiting.values()) settle({ problem: 'the session ended' });
    });
    this.#session = session;
  }

  #take(line: string): void {
    const decoded = decodeAgentMessage(line);
    if (!decoded.ok || 'notification' in decoded.value) return;
    const message = decoded.value;
    const settle = this.#waiting.get(message.id ?? this.#lastId);
    settle?.('error' in message ? { problem: message.error.message } : { result: message.result });
  }

  #ask(method: MethodName, params: unknown, limitMs: number): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        // A dead router does not hang up; the next question opens a session of its own.
        this.close();
        settle({ problem: `no answer within ${limitMs} ms` });
      }, limitMs);
      const settle: Settle = (answer) => {
        clearTimeout(limit);
        this.#waiting.delete(id);
        if ('result' in answer) resolve(answer.result);
        else reject(new Error(`${this.#remote.name} to ${method}: ${answer.problem}`));
      };
      this.#waiting.set(id, settle);
      this.#session?.stdin?.write(encodeLine({ id, method, params }));
    });
  }
}
