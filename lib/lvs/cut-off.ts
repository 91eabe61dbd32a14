/**
 * A file that ends inside a block. It has a meaning, because Piranha closes the block there; most often it is one
 * that was cut on a full disk or in an upload, and its last virtual servers are gone. Who has something to lose by it
 * does not take it. Pure.
 */
import type { Diagnostic } from './diagnostics.ts';

/** The diagnostic that says in which block the text ended; undefined when it ended in none. */
export const openBlock = (diagnostics: readonly Diagnostic[]): Diagnostic | undefined =>
  diagnostics.find(({ code }) => code === 'unclosed-block');

/** The diagnostics with the open end as an error; `consequence` ends the sentence "It looks cut off, …". */
export const refuseCutOff = <Found extends Diagnostic>(
  diagnostics: readonly Found[],
  consequence: string,
): Found[] =>
  diagnostics.map((found) =>
    found.code === 'unclosed-block'
      ? {
          ...found,
          severity: 'error',
          message: `${found.message}. It looks cut off, ${consequence}`,
          hint: 'If nothing is missing behind it, write the missing "}"; otherwise put the whole file there.',
        }
      : found,
  );
