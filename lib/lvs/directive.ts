/** The shape of one row of the table of directives (directives.ts) and the model types that follow from it. */
import type { Kind } from './kinds.ts';

/** The four panels of the console, named as Piranha named them; `none` is not shown in a form. */
export type Panel =
  | 'global'
  | 'redundancy'
  | 'virtual-server'
  | 'real-server'
  | 'monitoring'
  | 'failover'
  | 'none';

/**
 * used: Shoal acts on it. kept: obsolete, without effect, read and written back.
 * ignored: Piranha parsed it and never consulted it; so does Shoal.
 */
export type DirectiveStatus = 'used' | 'kept' | 'ignored';

export interface Directive<Value = unknown> {
  /** Spelling in lvs.cf. The only place where it stands. */
  readonly name: string;
  /** Key in the model. */
  readonly key: string;
  readonly kind: Kind<Value>;
  /** The value that an absent directive has: Piranha's parser default, not its GUI's. */
  readonly default: Value;
  /** `piranha`: an ordinary line. `shoal`: a `#@` line, which Piranha takes for a comment. */
  readonly dialect: 'piranha' | 'shoal';
  readonly status: DirectiveStatus;
  readonly panel: Panel;
  readonly label: string;
  /** One or two sentences in our own words, shown at the field and in the reference. */
  readonly help: string;
  /**
   * For a value that Piranha does not take (`Kind.isPiranhaValue`): the nearest one that it takes. The formatter then
   * writes `name = fallback` followed by `#@ name = value`. Without it, the whole block stands on `#@` lines.
   */
  readonly piranhaFallback?: Value;
  /** The row matters only while another row of its block has one of these values; forms hide it otherwise. */
  readonly only?: { readonly key: string; readonly among: readonly unknown[] };
  /** Piranha ignores a value that it cannot read instead of refusing the file: a warning, not an error. */
  readonly invalidIsIgnored?: boolean;
  /** Written even when the value equals the default. */
  readonly always?: boolean;
}

/** Whether Piranha can hold the value on a plain line, as it is or by a fallback. */
export function holdsPlain(directive: Directive, value: unknown): boolean {
  if (directive.dialect === 'shoal' || directive.piranhaFallback !== undefined) return true;
  return directive.kind.isPiranhaValue?.(value) ?? true;
}

type ValueOf<Row> = Row extends { kind: Kind<infer Value> } ? Value : never;

/** The settings object that a list of rows describes. */
export type SettingsOf<Rows extends readonly unknown[]> = {
  -readonly [Row in Rows[number] as Row extends { key: infer Key extends string }
    ? Key
    : never]: ValueOf<Row>;
};
