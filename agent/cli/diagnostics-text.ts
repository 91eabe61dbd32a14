/** Diagnostics as a compiler prints them. Pure. */
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';

type Shown = Pick<Diagnostic, 'severity' | 'message'> & {
  readonly hint?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly path?: readonly (string | number)[] | undefined;
};

/** `lvs.cf:12:5: error: sentence`, and the hint on a line of its own. */
export function diagnosticLines(file: string, diagnostics: readonly Shown[]): string[] {
  return diagnostics.flatMap(({ line, column, severity, message, hint }) => {
    const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    return [`${place}: ${severity}: ${message}`, ...(hint === undefined ? [] : [`    hint: ${hint}`])];
  });
}

/** `2 errors, 1 warning`. */
export function countText(diagnostics: readonly Shown[]): string {
  const counts = (['error', 'warning', 'hint'] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return counts.length === 0 ? 'no faults' : counts.join(', ');
}
