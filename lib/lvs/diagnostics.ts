/** What is wrong with a configuration: data, never an exception. */

export type Severity = 'error' | 'warning' | 'hint';

/** Where a value sits in the model: `['virtualServers', 0, 'servers', 2, 'address']`, `['global', 'keepaliveSeconds']`. */
export type ModelPath = readonly (string | number)[];

export interface Diagnostic {
  /** Stable, kebab-case; listed in the catalogue. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, where, and what was expected: one sentence for a person. */
  readonly message: string;
  /** How to mend it, where that is not obvious from the message. */
  readonly hint?: string;
  /** 1-based; present when the fault was found in a text. */
  readonly line?: number;
  /** 1-based, in characters. */
  readonly column?: number;
  /** Characters. */
  readonly length?: number;
  /** Present when the fault belongs to a value of the model. */
  readonly path?: ModelPath;
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((diagnostic) => diagnostic.severity === 'error');
