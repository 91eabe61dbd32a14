/** What one row of the table of commands says. Usage, help, completion and the man page follow from the rows. */
import type { Outcome } from './outcome.ts';
import type { Paint } from './paint.ts';

/** What the shell offers where a value stands. */
export type Completes = 'file' | 'virtual-server' | 'real-server' | 'none';

export interface OptionRow {
  /** Without its dashes. */
  readonly name: string;
  /** One letter, for the short form. */
  readonly letter?: string;
  /** Name of the value; a switch has none. */
  readonly takes?: string;
  readonly completes?: Completes;
  readonly choices?: readonly string[];
  /** What a value must look like, and that in words: "a number of seconds". */
  readonly fits?: { readonly pattern: RegExp; readonly words: string };
  readonly help: string;
}

export interface ArgumentRow {
  readonly name: string;
  readonly completes: Completes;
  readonly choices?: readonly string[];
  /** What a value must look like, and that in words. */
  readonly fits?: OptionRow['fits'];
  readonly isOptional?: true;
}

/** The groups of the usage, in order. */
export const groups = {
  files: 'files, without an agent (- is standard input)',
  router: 'this router',
  servers: 'real servers',
  console: 'console',
  shell: 'help',
} as const;

export interface CommandRow {
  readonly name: string;
  readonly group: keyof typeof groups;
  readonly arguments: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  /** One line. */
  readonly help: string;
  /** Paragraphs for `--help` of the command and for the man page. */
  readonly details?: readonly string[];
  /** Command lines without `shoalctl`, each with what it does. */
  readonly examples?: readonly (readonly [line: string, does: string])[];
  /** Not for people: stands in no list. */
  readonly isHidden?: true;
  run(given: Given): Outcome | Promise<Outcome>;
}

/** What was given on the command line, read by its row. */
export interface Given {
  readonly args: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | null;
  readonly json: boolean;
  readonly socket: string;
  /** For standard output. */
  readonly paint: Paint;
  /** For standard error. */
  readonly errorPaint: Paint;
}
