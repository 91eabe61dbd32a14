/**
 * Value kinds of lvs.cf directives. A kind knows what a value looks like in the file (tokens), in a form
 * field (text) and in Piranha's own reading (`toJson`). It knows no directive and no other value: relations
 * between directives are rules in validate.ts.
 */

/** One token of a line. `text` is without quotes; `quote` is the character that enclosed it, if any. */
export interface ValueToken {
  readonly text: string;
  readonly quote: '"' | "'" | null;
}

/** `at` is the index of the token that is wrong (0-based), so that the parser can name its column. */
export type KindResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly at: number; readonly message: string; readonly hint?: string };

/** How the console shows a value. `choice` reads `options`. */
export type Widget =
  | 'text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'address'
  | 'address-device'
  | 'netmask'
  | 'multiline';

export interface KindOption {
  readonly value: string;
  readonly label: string;
}

export interface Kind<Value> {
  /** Completes the sentence "expected …". */
  readonly expected: string;
  readonly widget: Widget;
  /** Unit shown behind a number field: "s", "ms". */
  readonly unit?: string;
  readonly options?: readonly KindOption[];
  /** Shown in an empty field, as it is typed there. */
  readonly example?: string;
  /** How many value tokens the directive takes; 'list' takes `[ a b ]`. */
  readonly arity: 1 | 2 | 'list';
  /** Reads the tokens after the equal sign. Never throws. */
  parse(tokens: readonly ValueToken[]): KindResult<Value>;
  /** The text after the equal sign; `null` when the value means "directive absent". */
  format(value: Value): string | null;
  /** Reads what a person typed into the form field. Never throws; '' is "not set" where the kind allows it. */
  fromField(text: string): KindResult<Value>;
  /** What the form field shows for a value. */
  toField(value: Value): string;
  /**
   * Whether Piranha 0.8.6 takes the value on a plain line; absent: it takes all of them. A value that it does not
   * take stands on a `#@` line, with a fallback for Piranha or the whole block on `#@` lines.
   */
  isPiranhaValue?(value: Value): boolean;
  /** Piranha's own reading of the value, by directive name, as `shoalctl check --json` prints it. */
  toJson(name: string, value: Value): Record<string, unknown>;
}
