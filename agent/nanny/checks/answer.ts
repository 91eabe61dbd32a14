/** Reads an answer piece by piece and says as early as possible whether it is the expected one. */
import type { Expectation } from '#lib/lvs/checks.ts';
import { compileEre } from '#lib/lvs/ere.ts';
import { quote } from './words.ts';

/** An expression is looked for in this much of the answer. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** null: undecided, more is needed. `why` is the evidence of a failure. */
export type Verdict =
  /** `why`: evidence in place of `answered`, completed by `in 3 ms`. */
  { readonly ok: true; readonly why?: string } | { readonly ok: false; readonly why: string } | null;

export interface AnswerReader {
  /** One piece as it arrived. */
  push(piece: Buffer): Verdict;
  /** The server has ended its answer. */
  end(): Exclude<Verdict, null>;
  /** The limit has passed: what to say beside it, such as `only "HT" of "HTTP" came`; '' when nothing came. */
  soFar(): string;
}

const good = { ok: true } as const;

function anyAnswer(): AnswerReader {
  return { push: () => good, end: () => good, soFar: () => '' };
}

function prefixReader(text: string): AnswerReader {
  const wanted = Buffer.from(text, 'utf8');
  let got = Buffer.alloc(0);
  const expected = `expected ${quote(text)}`;
  return {
    push(piece) {
      const room = wanted.length - got.length;
      got = Buffer.concat([got, piece.subarray(0, room)]);
      if (!got.equals(wanted.subarray(0, got.length))) {
        const shown = firstLine(Buffer.concat([got, piece.subarray(room, room + 128)]).toString('latin1'));
        return { ok: false, why: `answer began with ${quote(shown)}, ${expected}` };
      }
      return got.length === wanted.length ? good : null;
    },
    end: () => ({
      ok: false,
      why:
        got.length === 0
          ? 'connection closed without an answer'
          : `answer ended after ${quote(got.toString('latin1'))}, ${expected}`,
    }),
    soFar: () => (got.length === 0 ? '' : `only ${quote(got.toString('latin1'))} came, ${expected}`),
  };
}

/** Status line of an answer, or its first bytes when it begins with a line end. */
const firstLine = (answer: string): string => answer.split(/[\r\n]/, 1)[0] || answer;

function regexReader(pattern: string): AnswerReader {
  // Both sides as bytes, as the C locale of Piranha's nanny has them.
  const compiled = compileEre(Buffer.from(pattern, 'utf8').toString('latin1'));
  if (!compiled.ok) {
    const why = `the expected expression cannot be read: ${compiled.message}`;
    return { push: () => ({ ok: false, why }), end: () => ({ ok: false, why }), soFar: () => why };
  }
  const matcher = compiled.ere.matcher();
  const expected = `expected the expression ${quote(pattern)}`;
  let head = '';
  let length = 0;
  const told = () => (length === 0 ? '' : `answer began with ${quote(firstLine(head))}, ${expected}`);
  return {
    push(piece) {
      const part = piece.subarray(0, MAX_ANSWER_BYTES - length).toString('latin1');
      if (head.length < 64) head += part.slice(0, 64 - head.length);
      length += part.length;
      if (matcher.feed(part)) return good;
      return length < MAX_ANSWER_BYTES ? null : { ok: false, why: `no match in the first 64 KiB: ${told()}` };
    },
    end() {
      if (matcher.feed('')) return good;
      return { ok: false, why: told() || `connection closed without an answer, ${expected}` };
    },
    soFar: told,
  };
}

/**
 * A reader for one answer. Prefix: decided at the first byte that differs. Regular expression: tested whenever
 * something arrives; `$` is the end of what has arrived by then, as it was for Piranha's single read.
 */
export function answerReader(expect: Expectation): AnswerReader {
  if (expect.mode === 'regex') return regexReader(expect.text);
  return expect.text === '*' || expect.text === '' ? anyAnswer() : prefixReader(expect.text);
}
