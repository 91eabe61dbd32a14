/** Diagnostics as a compiler prints them. Pure. */
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import { splitLines } from '#lib/lvs/lexer.ts';
import { type Colour, type Paint, plainPaint } from './paint.ts';
import { printable, sourceCells } from './terminal-text.ts';

type Shown = Pick<Diagnostic, 'severity' | 'message'> & {
  readonly hint?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly length?: number | undefined;
  readonly path?: readonly (string | number)[] | undefined;
};

/** How diagnostics are shown. */
export interface Showing {
  /** The text that they are about: each is then shown with its line and a caret under its place. */
  readonly source?: string | undefined;
  readonly paint?: Paint | undefined;
}

/** Columns of a source line that are shown; of a longer one, the part around the fault. */
const SHOWN_COLUMNS = 100;
/** Columns that stay in sight before the fault. */
const BEFORE_FAULT = 30;

const colours: Readonly<Record<Diagnostic['severity'], Colour>> = {
  error: 'red',
  warning: 'yellow',
  hint: 'cyan',
};

/**
 * `lvs.cf:12:5: error: sentence`, then the line of the source with a caret under the fault, and the hint on a line
 * of its own.
 */
export function diagnosticLines(
  file: string,
  diagnostics: readonly Shown[],
  { source, paint = plainPaint }: Showing = {},
): string[] {
  const lines = source === undefined ? [] : splitLines(source.replace(/^\uFEFF/, ''));
  const gutter = Math.max(4, String(lines.length).length);
  return diagnostics.flatMap((diagnostic) => {
    const { line, column, severity, message, hint } = diagnostic;
    const place = printable(line === undefined ? file : `${file}:${line}:${column ?? 1}`);
    return [
      `${paint(`${place}:`, 'bold')} ${paint(`${severity}:`, 'bold', colours[severity])} ${printable(message)}`,
      ...excerpt(diagnostic, lines[(line ?? 0) - 1], { gutter, paint }),
      ...(hint === undefined ? [] : [`    ${paint('hint:', 'bold')} ${printable(hint)}`]),
    ];
  });
}

/** Nothing for a fault that has no place of its own: something is missing in the whole file. */
function excerpt(
  { line = 0, column = 1, length = 0, severity }: Shown,
  text: string | undefined,
  { gutter, paint }: { readonly gutter: number; readonly paint: Paint },
): string[] {
  if (text === undefined || length === 0) return [];
  const cells = sourceCells(text);
  /** Columns before each cell. */
  const offsets = [0];
  for (const { width } of cells) offsets.push((offsets.at(-1) ?? 0) + width);
  const offsetOf = (index: number): number => offsets[Math.min(index, cells.length)] ?? 0;
  const widthOf = (from: number, to: number): number => offsetOf(to) - offsetOf(from);
  const start = column - 1;
  // From which cell on the line is shown: the fault and something before it are in sight.
  let first = 0;
  if (offsetOf(start + length) > SHOWN_COLUMNS)
    while (first < start && widthOf(first, start) > BEFORE_FAULT) first += 1;
  let last = first;
  while (last < cells.length && widthOf(first, last + 1) <= SHOWN_COLUMNS) last += 1;
  const [cutBefore, cutAfter] = [first > 0 ? '…' : '', last < cells.length ? '…' : ''];
  const shown = cells.slice(first, last).map((cell) => cell.text);
  const blanks = ' '.repeat(cutBefore.length + widthOf(first, start));
  const carets = '^'.repeat(Math.max(1, widthOf(start, Math.min(start + length, last))));
  const edge = (number: string): string => paint(`${number.padStart(gutter + 1)} |`, 'blue');
  return [
    `${edge(String(line))} ${cutBefore}${shown.join('')}${cutAfter}`.trimEnd(),
    `${edge('')} ${blanks}${paint(carets, 'bold', colours[severity])}`,
  ];
}

/** `2 errors, 1 warning`. */
export function countText(diagnostics: readonly Shown[]): string {
  const counts = (['error', 'warning', 'hint'] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return counts.length === 0 ? 'no faults' : counts.join(', ');
}
