/**
 * Lines on the wire: framing and the check of every message. Shared by the agent, `shoalctl` and the console.
 * Framing works on bytes, because a character may be parted by two packets.
 */
import * as z from 'zod/mini';
import {
  type AgentMessage,
  agentMessageSchema,
  MAX_LINE_BYTES,
  type MethodName,
  methods,
  type ParamsOf,
  type ResultOf,
  requestSchema,
} from './messages.ts';

const NEWLINE = 10;

export interface LineReader {
  /** Lines that this chunk completed, without their newline; null once a line grew beyond the limit: give up. */
  push(chunk: Uint8Array): string[] | null;
}

/** Cuts a stream of bytes into lines. An unfinished line is kept as the pieces it came in and joined once. */
export function createLineReader(maxBytes: number = MAX_LINE_BYTES): LineReader {
  const decoder = new TextDecoder();
  let pieces: Uint8Array[] = [];
  let size = 0;
  const take = (last: Uint8Array): string => {
    if (pieces.length === 0) return decoder.decode(last);
    const whole = new Uint8Array(size + last.length);
    let offset = 0;
    for (const piece of [...pieces, last]) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    pieces = [];
    size = 0;
    return decoder.decode(whole);
  };
  return {
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        if (size + end - start > maxBytes) return null;
        lines.push(take(chunk.subarray(start, end)));
        start = end + 1;
      }
      if (start < chunk.length) {
        // A copy: the caller may use its buffer again.
        pieces.push(chunk.slice(start));
        size += chunk.length - start;
      }
      return size > maxBytes ? null : lines;
    },
  };
}

/** One message as a line, newline included. */
export const encodeLine = (message: unknown): string => `${JSON.stringify(message)}\n`;

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `id` is the request's number where it could be read. */
  | { readonly ok: false; readonly id: number | null; readonly code: string; readonly message: string };

const refuse = (code: string, message: string, id: number | null = null): Decoded<never> => ({
  ok: false,
  id,
  code,
  message,
});

/** Where and why a message does not fit its schema, in one sentence. */
function reasonOf(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it does not fit';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function parseJson(line: string): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(line) };
  } catch {
    return refuse('bad-message', 'This line is not JSON; each message is one JSON object on one line');
  }
}

/** A request with its parameters checked; one variant a method. */
export type Request = {
  [Name in MethodName]: { readonly id: number; readonly method: Name; readonly params: ParamsOf<Name> };
}[MethodName];

const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** Reads what a client sends. */
export function decodeRequest(line: string): Decoded<Request> {
  const json = parseJson(line);
  if (!json.ok) return json;
  // A method without parameters may be asked for without the word.
  const given = typeof json.value === 'object' ? { params: {}, ...json.value } : json.value;
  const request = z.safeParse(requestSchema, given);
  if (!request.success) return refuse('bad-message', `This is not a request: ${reasonOf(request.error)}`);
  const { id, method } = request.data;
  if (!isMethod(method))
    return refuse(
      'unknown-method',
      `This agent does not know the method "${method}"; it may be older than you`,
      id,
    );
  const params = z.safeParse(methods[method].params, request.data.params);
  if (!params.success)
    return refuse('bad-params', `The parameters of ${method} do not fit: ${reasonOf(params.error)}`, id);
  return { ok: true, value: { id, method, params: params.data } as Request };
}

/** Reads what an agent sends. The result of an answer is checked by `decodeResult`, when its method is known. */
export function decodeAgentMessage(line: string): Decoded<AgentMessage> {
  const json = parseJson(line);
  if (!json.ok) return json;
  const message = z.safeParse(agentMessageSchema, json.value);
  return message.success
    ? { ok: true, value: message.data }
    : refuse('bad-message', `The agent sent what is no message: ${reasonOf(message.error)}`);
}

/** Checks the result of an answer to `method`. */
export function decodeResult<Name extends MethodName>(
  method: Name,
  result: unknown,
): Decoded<ResultOf<Name>> {
  const checked = z.safeParse(methods[method].result, result);
  return checked.success
    ? { ok: true, value: checked.data as ResultOf<Name> }
    : refuse('bad-message', `The agent's answer to ${method} does not fit: ${reasonOf(checked.error)}`);
}
