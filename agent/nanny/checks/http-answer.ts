/** Reads an HTTP/1 answer piece by piece: status line, headers, body. Pure, and bounded whatever the server sends. */
import type { HttpOptions } from '#lib/lvs/checks.ts';
import { compileEre } from '#lib/lvs/ere.ts';
import type { Verdict } from './answer.ts';
import { quote } from './words.ts';

/** Longest status line and headers. */
const MAX_HEAD_BYTES = 64 * 1024;
/** The text is looked for in this much of the body. */
const MAX_BODY_BYTES = 64 * 1024;

export interface HttpReader {
  push(piece: Buffer): Verdict;
  end(): Exclude<Verdict, null>;
  soFar(): string;
}

/** What is done with the bytes of the body, already freed from their chunks. */
interface BodyReader {
  /** Latin-1 text. */
  push(text: string): Verdict;
  end(): Exclude<Verdict, null>;
}

type Framing = (
  text: string,
) => { readonly body: string; readonly isLast: boolean } | { readonly fault: string };

const bad = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });

const rangesText = (status: HttpOptions['status']): string =>
  status.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');

function findText(text: string, answered: string): BodyReader {
  const wanted = Buffer.from(text, 'utf8').toString('latin1');
  let tail = '';
  return {
    push(piece) {
      tail += piece;
      if (tail.includes(wanted)) return { ok: true, why: answered };
      tail = wanted.length > 1 ? tail.slice(1 - wanted.length) : '';
      return null;
    },
    end: () => bad(`${answered}, but its body has no ${quote(text)}`),
  };
}

function findPattern(pattern: string, answered: string): BodyReader {
  const compiled = compileEre(Buffer.from(pattern, 'utf8').toString('latin1'));
  if (!compiled.ok) {
    const fault = bad(`the expression for the body cannot be read: ${compiled.message}`);
    return { push: () => fault, end: () => fault };
  }
  const matcher = compiled.ere.matcher();
  return {
    push: (piece) => (matcher.feed(piece) ? { ok: true, why: answered } : null),
    end: () =>
      matcher.feed('')
        ? { ok: true, why: answered }
        : bad(`${answered}, but nothing in its body fits the expression ${quote(pattern)}`),
  };
}

/** Takes the lengths of chunks away (RFC 9112, 7.1). */
function unchunked(): Framing {
  let left = 0;
  let line = '';
  let state: 'length' | 'data' | 'data-end' | 'done' = 'length';
  return (text) => {
    let body = '';
    for (let at = 0; at < text.length && state !== 'done'; ) {
      if (state === 'data') {
        const part = text.slice(at, at + left);
        body += part;
        at += part.length;
        left -= part.length;
        if (left === 0) state = 'data-end';
        continue;
      }
      const newline = text.indexOf('\n', at);
      line += text.slice(at, newline === -1 ? undefined : newline);
      if (line.length > 1024) return { fault: 'a chunk of its body has no length' };
      if (newline === -1) break;
      at = newline + 1;
      if (state === 'data-end') state = 'length';
      else {
        const digits = /^([0-9a-f]{1,8})[ \t]*(;.*)?\r?$/i.exec(line)?.[1];
        if (digits === undefined)
          return { fault: `a chunk of its body has the length ${quote(line.trim())}` };
        left = Number.parseInt(digits, 16);
        state = left === 0 ? 'done' : 'data';
      }
      line = '';
    }
    return { body, isLast: state === 'done' };
  };
}

/** Ends after a number of bytes; never when it is not known. */
function counted(length: number): Framing {
  let left = length;
  return (text) => {
    const body = text.slice(0, left);
    left -= body.length;
    return { body, isLast: left === 0 };
  };
}

function framingOf(head: string): Framing {
  const value = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(head)?.[1] ?? '';
  if (/chunked$/i.test(value('transfer-encoding'))) return unchunked();
  const length = value('content-length');
  return counted(/^\d{1,15}$/.test(length) ? Number(length) : Number.POSITIVE_INFINITY);
}

/** A reader for one answer to one request. */
export function httpReader({ status, body }: Pick<HttpOptions, 'status' | 'body'>): HttpReader {
  let head = '';
  let framing: Framing | null = null;
  let reader: BodyReader | null = null;
  let answered = '';
  let bodyBytes = 0;

  /** The status line decides unless a text is looked for; null: the head is not whole. */
  const readHead = (): Verdict | { readonly rest: string } => {
    const line = /^(?:\r?\n)*([^\r\n]*)\r?\n/.exec(head)?.[1];
    if (line === undefined) return head.length > MAX_HEAD_BYTES ? bad('the status line has no end') : null;
    const code = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(line)?.[1];
    if (code === undefined) return bad(`answer began with ${quote(line)}, expected an HTTP status line`);
    const number = Number(code);
    answered = `answered ${code}`;
    const isInterim = number < 200 && number !== 101;
    const fits = status.some(([first, last]) => number >= first && number <= last);
    if (!isInterim && !fits) return bad(`${answered}, expected ${rangesText(status)}`);
    if (!isInterim && body === null) return { ok: true, why: answered };
    const end = /\r?\n\r?\n/.exec(head);
    if (end === null)
      return head.length > MAX_HEAD_BYTES ? bad(`${answered}, but its headers have no end`) : null;
    const rest = head.slice(end.index + end[0].length);
    if (isInterim) {
      head = rest;
      return rest === '' ? null : readHead();
    }
    framing = framingOf(head.slice(0, end.index));
    const { text = '', isRegex = false } = body ?? {};
    reader = isRegex ? findPattern(text, answered) : findText(text, answered);
    return { rest };
  };

  const readBody = (text: string): Verdict => {
    const framed = framing?.(text);
    if (framed === undefined || reader === null) return null;
    if ('fault' in framed) return bad(`${answered}, but ${framed.fault}`);
    const room = MAX_BODY_BYTES - bodyBytes;
    const part = framed.body.slice(0, room);
    bodyBytes += part.length;
    const verdict = reader.push(part);
    if (verdict !== null) return verdict;
    return framed.isLast || bodyBytes >= MAX_BODY_BYTES ? reader.end() : null;
  };

  return {
    push(piece) {
      const text = piece.toString('latin1');
      if (reader !== null) return readBody(text);
      head += text;
      const turn = readHead();
      return turn !== null && 'rest' in turn ? readBody(turn.rest) : turn;
    },
    end() {
      if (reader !== null) return reader.end();
      return bad(
        head === ''
          ? 'connection closed without an answer'
          : `connection closed ${answered === '' ? `after ${quote(head)}` : `in the headers of ${answered.slice(9)}`}`,
      );
    },
    soFar() {
      if (answered !== '') return `${answered}, but the rest did not come`;
      return head === '' ? '' : `only ${quote(head)} came`;
    },
  };
}
