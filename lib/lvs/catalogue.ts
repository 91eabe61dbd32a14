/** What a catalogue of sentences is made of: messages.ts and the catalogues of other folders have rows of this shape. */
import type { Diagnostic, Severity } from './diagnostics.ts';

export interface Entry<Facts> {
  readonly severity: Severity;
  readonly message: (facts: Facts) => string;
  readonly hint?: (facts: Facts) => string | undefined;
}

/** One row: what is wrong, where, and what was expected; how to mend it. */
export const entry = <Facts = void>(
  severity: Severity,
  message: (facts: Facts) => string,
  hint?: (facts: Facts) => string | undefined,
): Entry<Facts> => (hint === undefined ? { severity, message } : { severity, message, hint });

/** A text of the file inside a sentence, cut where it is long. */
export const shown = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

/** What a row wants to know. */
export type FactsOfEntry<Row> = Row extends Entry<infer Facts> ? Facts : never;

export type Place = Pick<Diagnostic, 'line' | 'column' | 'length' | 'path'>;

/** Makes one diagnostic from a row. */
export function fromEntry<Facts>(code: string, row: Entry<Facts>, facts: Facts, place: Place): Diagnostic {
  const hint = row.hint?.(facts);
  return {
    code,
    severity: row.severity,
    message: row.message(facts),
    ...(hint === undefined ? {} : { hint }),
    ...place,
  };
}
