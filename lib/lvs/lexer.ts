/**
 * Lines and tokens of lvs.cf (Piranha reference 1.1). There are two readings of a line. Piranha's own has odd
 * rules for quotes, and a file that Piranha loads must mean the same here, so it is tried first. The plain
 * reading differs in one point: a quoted token that ends before the first blank ends there, whatever follows.
 * It makes `send = "x"` with a blank behind it and `"a" "b"` mean what they look like.
 */
import type { ValueToken } from './kinds.ts';

/** Takes blanks off both ends: spaces and tabs only, as the grammar knows them. */
export function withoutBlanks(text: string): string {
  const isBlank = (index: number): boolean => text[index] === ' ' || text[index] === '\t';
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return text.slice(start, end);
}

export interface Token extends ValueToken {
  /** 1-based, in characters; of the opening quote if there is one. */
  readonly column: number;
  /** With the quotes. */
  readonly length: number;
}

export interface SourceLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
}

/** One way to read a line. `unclosed` is the column of a quote that is never closed; tokens end before it. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly unclosed: number | null;
}

type Quoting = 'piranha' | 'plain';

/**
 * Visits the lines of a text; their numbers begin with 1. Lines end with LF, CRLF or CR; a final line end opens no
 * further line. A list of all lines would outlive the reading of each, which a large file feels.
 */
export function eachLine(text: string, visit: (line: SourceLine) => void): void {
  const lineEnd = /\r\n|\r/g;
  const body = text.includes('\r') ? text.replace(lineEnd, '\n') : text;
  for (let start = 0, number = 1; start < body.length; number += 1) {
    const found = body.indexOf('\n', start);
    const end = found === -1 ? body.length : found;
    visit({ number, text: body.slice(start, end) });
    start = end + 1;
  }
}

/** All lines of a text. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  eachLine(text, (line) => lines.push(line.text));
  return lines;
}

// Codes, not characters: these three see every character of a large file.
const isBlankAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09;
};

/** Index of the first character from `from` on that is no blank; the length of the text if there is none. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlankAt(text, at)) at += 1;
  return at;
}

function skipWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlankAt(text, at)) at += 1;
  return at;
}

/** Index of the closing quote of a token that opens at `start`; -1 when there is none. */
function closingQuote(text: string, start: number, quoting: Quoting): number {
  const quote = text[start] as string;
  const wordEnd = skipWord(text, start);
  const closesInWord = wordEnd - start >= 2 && text[wordEnd - 1] === quote;
  if (wordEnd === text.length) return closesInWord ? wordEnd - 1 : -1;
  if (quoting === 'plain' && closesInWord) return wordEnd - 1;
  return text.indexOf(quote, wordEnd);
}

/** Tokens of `text` from index `from` on. Linear in the length of the text. */
export function readTokens(text: string, from: number, quoting: Quoting): Reading {
  const tokens: Token[] = [];
  for (let at = skipBlanks(text, from); at < text.length; at = skipBlanks(text, at)) {
    const start = at;
    const opening = text[start];
    if (opening === '"' || opening === "'") {
      const close = closingQuote(text, start, quoting);
      if (close === -1) return { tokens, unclosed: start + 1 };
      at = close + 1;
      tokens.push({
        text: text.slice(start + 1, close),
        quote: opening,
        column: start + 1,
        length: at - start,
      });
    } else {
      at = skipWord(text, start);
      tokens.push({ text: text.slice(start, at), quote: null, column: start + 1, length: at - start });
    }
  }
  return { tokens, unclosed: null };
}

const sameTokens = (a: Reading, b: Reading): boolean =>
  a.unclosed === b.unclosed &&
  a.tokens.length === b.tokens.length &&
  a.tokens.every((token, index) => token.length === b.tokens[index]?.length);

const hasQuote = (text: string, from: number): boolean =>
  text.indexOf('"', from) !== -1 || text.indexOf("'", from) !== -1;

/** The ways to read a line, best first: Piranha's unless it fails, then the plain one where it differs. */
export function readingsOf(text: string, from: number): readonly [Reading, ...Reading[]] {
  const piranha = readTokens(text, from, 'piranha');
  if (!hasQuote(text, from)) return [piranha];
  const plain = readTokens(text, from, 'plain');
  if (sameTokens(piranha, plain)) return [piranha];
  return piranha.unclosed === null ? [piranha, plain] : [plain, piranha];
}
