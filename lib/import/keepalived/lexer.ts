/**
 * One line of keepalived.conf → words and braces, as keepalived 2.2 splits it: blanks part words, double quotes
 * hold them together, `#` and `!` outside quotes begin a comment, braces stand alone wherever they are.
 */
import type { Span } from '../../lvs/positions.ts';

export interface Word extends Span {
  readonly text: string;
  /** It stood between double quotes: never a brace, never a keyword. */
  readonly isQuoted: boolean;
}

/** The line without its comment; `quoteAt` is the column of a double quote that nothing closes. */
export function withoutComment(text: string): { readonly text: string; readonly quoteAt: number | null } {
  let quoteAt: number | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '"') quoteAt = quoteAt === null ? index + 1 : null;
    else if (quoteAt === null && (character === '#' || character === '!'))
      return { text: text.slice(0, index), quoteAt };
  }
  return { text, quoteAt };
}

/** Words of a line whose comment is gone. */
export function splitWords(text: string, line: number): Word[] {
  const words: Word[] = [];
  const pattern = /"((?:[^"\\]|\\[\s\S])*)(?:"|\\?$)|[{}]|[^\s"{}]+/g;
  for (const match of text.matchAll(pattern)) {
    const [whole, quoted] = match;
    words.push({
      text: quoted ?? whole,
      isQuoted: quoted !== undefined,
      line,
      column: match.index + 1,
      length: whole.length,
    });
  }
  return words;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What the escapes of a quoted string mean, where keepalived reads them: expressions and scripts. */
export const unescapeWord = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g,
    (_, hex: string | undefined, octal: string | undefined, character: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return escapes[character as string] ?? (character as string);
    },
  );

/**
 * The program and arguments of a script: blanks part them, single quotes hold them together (keepalived.conf(5),
 * SCRIPTS).
 */
export const splitScript = (text: string): string[] =>
  [...text.matchAll(/(?:'[^']*'?|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
