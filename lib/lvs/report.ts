/** What `shoalctl check` prints: every fault with its place in the text, and what the text means. Pure. */
import { type Diagnostic, hasErrors } from './diagnostics.ts';
import type { ClusterConfig } from './model.ts';
import { parseConfig } from './parse.ts';
import { type Positions, placeOf } from './positions.ts';
import { validateConfig } from './validate.ts';

/** A diagnostic whose line and column are always known. */
export type PlacedDiagnostic = Diagnostic & { readonly line: number; readonly column: number };

/** What a text means and everything that is wrong with it. */
export interface CheckedText {
  readonly config: ClusterConfig;
  /** The text could be read: Piranha would load it. What it says may still be wrong. */
  readonly loads: boolean;
  /** By line and column. */
  readonly diagnostics: readonly PlacedDiagnostic[];
}

function placed(found: readonly Diagnostic[], positions: () => Positions): PlacedDiagnostic[] {
  if (found.length === 0) return [];
  const known = positions();
  return found.map((diagnostic) => ({ ...diagnostic, ...placeOf(known, diagnostic.path ?? []) }));
}

/** Parses and validates. */
export function checkText(text: string): CheckedText {
  const { config, diagnostics, positions } = parseConfig(text);
  return checkConfig(config, diagnostics, positions);
}

/** What was read from a text, and the faults found while reading it; adds what validation finds. */
export function checkConfig(
  config: ClusterConfig,
  diagnostics: readonly Diagnostic[],
  positions: () => Positions,
): CheckedText {
  // What could not be read is missing: rules that miss a value would report the same fault twice.
  const unread = new Set(
    diagnostics.flatMap(({ path, severity }) => (path && severity === 'error' ? [path.join('.')] : [])),
  );
  const found = placed(
    validateConfig(config).filter(({ path }) => path === undefined || !unread.has(path.join('.'))),
    positions,
  );
  const all = [...diagnostics.map((diagnostic) => ({ line: 1, column: 1, ...diagnostic })), ...found].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  return { config, loads: !hasErrors(diagnostics), diagnostics: all };
}
