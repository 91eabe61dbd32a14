/** What the value kinds answer with, and how they quote what they were given. */
import type { KindResult, ValueToken } from './kinds.ts';

export const good = <Value>(value: Value): KindResult<Value> => ({ ok: true, value });

export const bad = (message: string, hint?: string, at = 0): KindResult<never> =>
  hint === undefined ? { ok: false, at, message } : { ok: false, at, message, hint };

/** The text of the first token; '' when there is none. */
export const first = (tokens: readonly ValueToken[]): string => tokens[0]?.text ?? '';

/** A text inside a sentence, cut where it is long. */
export const shown = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
