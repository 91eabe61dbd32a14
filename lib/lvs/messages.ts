/**
 * The catalogue: every code that parsing and validation can report, with its severity and its sentence. A
 * sentence says what is wrong, where, and what was expected; the hint says how to mend it.
 */
import type { Diagnostic, Severity } from './diagnostics.ts';

interface Entry<Facts> {
  readonly severity: Severity;
  readonly message: (facts: Facts) => string;
  readonly hint?: (facts: Facts) => string | undefined;
}

const entry = <Facts = void>(
  severity: Severity,
  message: (facts: Facts) => string,
  hint?: (facts: Facts) => string | undefined,
): Entry<Facts> => (hint === undefined ? { severity, message } : { severity, message, hint });

/** A text of the file inside a sentence, cut where it is long. */
const shown = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

interface Word {
  readonly word: string;
  /** Where: "at the top level", "in virtual server \"web\"". */
  readonly where: string;
}

const parsing = {
  'empty-file': entry(
    'error',
    () => 'The file is empty; Piranha refuses an empty file',
    () => 'Write at least one line, for example "service = lvs".',
  ),
  'byte-order-mark': entry(
    'hint',
    () => 'The file begins with a byte order mark, which Piranha would take for a part of the first word',
    () => 'Save the file as UTF-8 without a byte order mark, or let "shoalctl fmt" write it.',
  ),
  'nul-character': entry(
    'warning',
    () => 'A NUL character stands here; Piranha reads no further, and neither does Shoal',
    () => 'Remove the NUL character.',
  ),
  'unclosed-quote': entry<Word>(
    'error',
    ({ word, where }) => `The quote ${word} that opens here ${where} is never closed on its line`,
    () =>
      'Close it at the end of the value. A quote of the same kind cannot stand inside a value that has blanks.',
  ),
  'unknown-directive': entry<Word & { readonly nearest: string | null; readonly levels: readonly string[] }>(
    'error',
    ({ word, where }) => `${shown(word)} is not a directive ${where}`,
    ({ nearest, levels }) =>
      levels.length > 0
        ? `It belongs ${levels.join(' or ')}.`
        : nearest === null
          ? 'Remove the line, or put # in front of it to keep it as a comment.'
          : `Did you mean "${nearest}"?`,
  ),
  'unknown-shoal-directive': entry<Word & { readonly nearest: string | null }>(
    'warning',
    ({ word, where }) =>
      `${shown(word)} is not a directive that this version knows ${where}; the line is kept without effect`,
    ({ nearest }) => (nearest === null ? undefined : `Did you mean "${nearest}"?`),
  ),
  'shoal-directive-plain': entry<Word>(
    'error',
    ({ word }) => `${shown(word)} is a directive of Shoal; on a plain line Piranha would refuse the file`,
    ({ word }) => `Write it as a line that begins with "#@ ${word} =".`,
  ),
  'equal-expected': entry<Word>(
    'error',
    ({ word, where }) => `An equal sign is missing behind ${shown(word)} ${where}`,
    ({ word }) => `Write "${word} = value", with a blank on each side of the equal sign.`,
  ),
  'equal-glued': entry<Word & { readonly name: string; readonly value: string }>(
    'error',
    ({ word, where }) => `${shown(word)} ${where} has no blank beside its equal sign`,
    ({ name, value }) => `Write "${name} = ${value === '' ? 'value' : value}".`,
  ),
  'missing-value': entry<Word & { readonly expected: string }>(
    'error',
    ({ word, where, expected }) => `A value is missing behind ${shown(word)} ${where}: expected ${expected}`,
  ),
  'too-many-values': entry<Word & { readonly expected: string; readonly extra: string }>(
    'error',
    ({ word, where, expected, extra }) =>
      `${shown(extra)} is too much behind ${shown(word)} ${where}: expected ${expected}`,
    () => 'Put a value with blanks between quotes; a comment needs a line of its own.',
  ),
  'invalid-value': entry<
    Word & { readonly expected: string; readonly reason: string; readonly hint: string | undefined }
  >(
    'error',
    ({ word, where, expected, reason }) => `${word} ${where}: ${reason}; expected ${expected}`,
    ({ hint }) => hint,
  ),
  'ignored-value': entry<Word & { readonly expected: string; readonly reason: string }>(
    'warning',
    ({ word, where, expected, reason }) => `${word} ${where} has no effect: ${reason}; expected ${expected}`,
  ),
  'duplicate-directive': entry<Word & { readonly line: number }>(
    'warning',
    ({ word, where, line }) =>
      `${shown(word)} is given twice ${where}; the value of line ${line} is replaced by this one`,
    () => 'Remove one of the two lines.',
  ),
  'block-name-missing': entry<Word>(
    'error',
    ({ word, where }) => `A name is missing behind ${shown(word)} ${where}`,
    ({ word }) => `Write "${word} NAME {".`,
  ),
  'block-name-unholdable': entry<Word & { readonly reason: string }>(
    'error',
    ({ word, where, reason }) => `The name behind ${shown(word)} ${where} cannot be used: ${reason}`,
  ),
  'brace-missing': entry<Word & { readonly name: string }>(
    'error',
    ({ word, name, where }) => `"{" is missing behind ${shown(`${word} ${name}`)} ${where}`,
    ({ word, name }) => `Write "${word} ${name} {" on one line, with a blank before the brace.`,
  ),
  'block-extra-words': entry<Word & { readonly extra: string }>(
    'error',
    ({ word, where, extra }) =>
      `${shown(extra)} is too much behind ${shown(word)} ${where}: expected a name and "{"`,
    () => 'Put a name with blanks between quotes.',
  ),
  'stray-closing-brace': entry(
    'error',
    () => 'This "}" closes no block',
    () => 'Remove it, or look for the block that was closed too early.',
  ),
  'text-after-brace': entry<{ readonly extra: string }>(
    'warning',
    ({ extra }) => `${shown(extra)} behind "}" is ignored`,
    () => 'Put it on a line of its own.',
  ),
  'unclosed-block': entry<{ readonly block: string; readonly line: number }>(
    'warning',
    ({ block, line }) =>
      `The file ends inside ${block}, which opened on line ${line}; the end of the file closes it`,
    () => 'Write the missing "}".',
  ),
  'block-inside-block': entry<Word & { readonly block: string; readonly line: number }>(
    'error',
    ({ word, block, line }) =>
      `${shown(word)} stands inside ${block}, which opened on line ${line} and is not closed`,
    () => 'Write the missing "}" before this line.',
  ),
  'plain-line-in-shoal-block': entry<Word & { readonly block: string; readonly line: number }>(
    'error',
    ({ word, block, line }) =>
      `${shown(word)} is a plain line inside ${block}, which opened on line ${line} with "#@"; Piranha would read it outside the block`,
    () => 'Begin every line of the block with "#@", its closing brace too.',
  ),
  'shoal-line-closes-plain-block': entry<{ readonly block: string; readonly line: number }>(
    'error',
    ({ block, line }) => `"#@ }" does not close ${block}, which opened on line ${line} on a plain line`,
    () => 'Write "}" without "#@".',
  ),
} as const;

export const catalogue = { ...parsing } as const;

export type DiagnosticCode = keyof typeof catalogue;

type FactsOf<Code extends DiagnosticCode> =
  (typeof catalogue)[Code] extends Entry<infer Facts> ? Facts : never;

type Place = Pick<Diagnostic, 'line' | 'column' | 'length' | 'path'>;

/** Makes one diagnostic from its row of the catalogue. */
export function diagnose<Code extends DiagnosticCode>(
  code: Code,
  facts: FactsOf<Code>,
  place: Place = {},
): Diagnostic {
  const row = catalogue[code] as unknown as Entry<FactsOf<Code>>;
  const hint = row.hint?.(facts);
  return {
    code,
    severity: row.severity,
    message: row.message(facts),
    ...(hint === undefined ? {} : { hint }),
    ...place,
  };
}
