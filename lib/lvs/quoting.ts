/**
 * How a text is written as one token so that Piranha reads the same text back. There are no escapes in lvs.cf:
 * a form is tried and read again, which keeps this file true to the lexer.
 */
import { readTokens } from './lexer.ts';

interface Reason {
  readonly message: string;
  readonly hint: string;
}

const unwritable = /[\r\n\0]/;

/** Whether Piranha reads `lead form tail` as its words with `text` in the middle. */
function readsBack(form: string, text: string, tail: string): boolean {
  const { tokens, unclosed } = readTokens(`x ${form}${tail}`, 0, 'piranha');
  return unclosed === null && tokens.length === (tail === '' ? 2 : 3) && tokens[1]?.text === text;
}

const plainWord = /^[A-Za-z0-9_.:/%+,@-]+$/;

function formOf(text: string, tail: string): string | null {
  if (plainWord.test(text)) return text;
  if (unwritable.test(text)) return null;
  return [`"${text}"`, `'${text}'`, text].find((form) => readsBack(form, text, tail)) ?? null;
}

/** Takes out what cannot be written. Validation reports such a text; this keeps it from breaking the file. */
const mended = (text: string): string => text.replace(/[\r\n\0]/g, ' ').replace(/"/g, "'");

/** A value at the end of its line: bare where possible, else between quotes. */
export const encloseValue = (text: string): string => formOf(text, '') ?? `"${mended(text)}"`;

/** A word that others follow on its line: the name of a block, an item of a list. */
export const encloseInside = (text: string): string =>
  formOf(text, ' {') ?? (mended(text).replace(/[ \t']+/g, '_') || '_');

/** Whether a text can be written as such a word. */
export const canStandInside = (text: string): boolean => formOf(text, ' {') !== null;

/** A raw token, quotes included (send, expect …), as it stands; mended only when it is not one token. */
export function rawToken(raw: string): string {
  if (!unwritable.test(raw)) {
    const { tokens, unclosed } = readTokens(`x ${raw}`, 0, 'piranha');
    if (unclosed === null && tokens.length === 2 && tokens[1]?.length === raw.length) return raw;
  }
  return `"${mended(raw)}"`;
}

/** Why a text cannot stand as a value in lvs.cf, or null when it can. */
export function whyNotHoldable(text: string): Reason | null {
  if (/[\r\n]/.test(text))
    return {
      message: 'lvs.cf cannot hold a line break inside a value',
      hint: 'write \\r\\n for the end of a line',
    };
  if (text.includes('\0')) return { message: 'lvs.cf cannot hold a NUL character', hint: 'remove it' };
  if (text.includes('"') && text.includes("'"))
    return {
      message: 'lvs.cf cannot hold both kinds of quotes in one value',
      hint: 'use only one of " and \'',
    };
  return null;
}

/** Why a text cannot be the name of a block (virtual server, real server), or null when it can. For form fields. */
export function whyNotName(name: string): Reason | null {
  if (plainWord.test(name)) return null;
  if (name === '') return { message: 'The name is missing', hint: 'give it a name such as web' };
  const reason = whyNotHoldable(name);
  if (reason) return { ...reason, hint: 'use letters, digits, blanks and - _ .' };
  if (canStandInside(name)) return null;
  return {
    message: `lvs.cf cannot hold the name ${name}: its quotes would end it early`,
    hint: 'leave the quotes out',
  };
}
