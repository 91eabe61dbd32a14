/**
 * State of a form over rows of the table of directives: what is stored, what was typed, what is wrong. Pure, so
 * that the rules of saving, conflict and reload can be tested without a browser.
 */
import type { FieldError, FieldValues, SaveResult } from '#lib/console/contract.ts';
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { Directive } from '#lib/lvs/directive.ts';
import { checkField } from './check-field.ts';
import { isShown } from './layout.ts';
import type { Taken } from './taken-words.ts';

type Conflict = NonNullable<Extract<SaveResult, { ok: false }>['conflict']>;

export interface FormState {
  /** What the console holds, and its version. */
  readonly stored: FieldValues;
  readonly version: number;
  readonly values: FieldValues;
  readonly errors: Readonly<Record<string, FieldError>>;
  readonly warnings: readonly Diagnostic[];
  readonly outcome:
    | { readonly kind: 'none' }
    /** `taken`: what others saved meanwhile, in other fields. */
    | { readonly kind: 'saved'; readonly taken?: Taken }
    | { readonly kind: 'refused'; readonly message: string }
    | { readonly kind: 'conflict'; readonly message: string; readonly conflict: Conflict };
  /** By key: what was typed over another person's value before that value was loaded. */
  readonly typedBefore: FieldValues;
}

/** A field that is not a directive: the name of a block. */
export const NAME = 'name';

export const startForm = (
  stored: FieldValues,
  version: number,
  warnings: readonly Diagnostic[],
): FormState => ({
  stored,
  version,
  values: stored,
  errors: {},
  warnings,
  outcome: { kind: 'none' },
  typedBefore: {},
});

export const changedKeys = (state: FormState): readonly string[] =>
  Object.keys(state.values).filter((key) => state.values[key] !== state.stored[key]);

const without = <Value>(record: Readonly<Record<string, Value>>, key: string) =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));

/** A value was typed. A fault that is shown already is judged again at once, a new one only when the field is left. */
export function typed(state: FormState, rows: readonly Directive[], key: string, value: string): FormState {
  const next = {
    ...state,
    values: { ...state.values, [key]: value },
    outcome: state.outcome.kind === 'saved' ? ({ kind: 'none' } as const) : state.outcome,
    typedBefore: without(state.typedBefore, key),
  };
  return state.errors[key] === undefined ? next : left(next, rows, key);
}

/** A field was left: what is wrong with it by itself? An untouched field is as the console holds it. */
export function left(state: FormState, rows: readonly Directive[], key: string): FormState {
  const row = rows.find((directive) => directive.key === key);
  const value = state.values[key] ?? '';
  const error = row && value !== state.stored[key] ? checkField(row, value) : null;
  return {
    ...state,
    errors: error ? { ...state.errors, [key]: error } : without(state.errors, key),
  };
}

/** Before sending: every changed field that shows is judged. */
export function checked(state: FormState, rows: readonly Directive[]): FormState {
  return changedKeys(state)
    .filter((key) => isShown(key, state.values))
    .reduce((next, key) => left(next, rows, key), state);
}

/** What the console answered to a save of `sent`. A refusal keeps everything that was typed. */
export function answered(state: FormState, sent: FieldValues, result: SaveResult): FormState {
  if (result.ok) {
    const { taken } = result;
    const theirs = Object.entries(taken?.values ?? {});
    // What was typed into such a field while the save was under way stays; the next save tells.
    const untouched = theirs.filter(([key]) => state.values[key] === sent[key]);
    return {
      ...state,
      stored: { ...sent, ...Object.fromEntries(theirs) },
      values: { ...state.values, ...Object.fromEntries(untouched) },
      version: result.version,
      warnings: result.warnings,
      errors: {},
      outcome: taken && taken.changes.length > 0 ? { kind: 'saved', taken } : { kind: 'saved' },
      typedBefore: {},
    };
  }
  const { message, fields, conflict } = result;
  return {
    ...state,
    errors: fields,
    outcome: conflict ? { kind: 'conflict', message, conflict } : { kind: 'refused', message },
  };
}

/**
 * Newer values came from the console. Untouched fields take them. After a conflict those that both changed take them
 * too and keep what was typed in sight; without one, what is being typed stays and the save will tell.
 */
export function reloaded(
  state: FormState,
  stored: FieldValues,
  version: number,
  warnings: readonly Diagnostic[],
): FormState {
  if (version === state.version)
    return sameWarnings(state.warnings, warnings) ? state : { ...state, warnings };
  const touched = changedKeys(state);
  if (touched.length > 0 && state.outcome.kind !== 'conflict') return state;
  const typedInto = (keys: readonly string[]): FieldValues =>
    Object.fromEntries(keys.map((key) => [key, state.values[key] ?? '']));
  const met = touched.filter((key) => stored[key] !== state.stored[key]);
  const mine = typedInto(touched.filter((key) => !met.includes(key)));
  return {
    ...startForm(stored, version, warnings),
    values: { ...stored, ...mine },
    typedBefore: typedInto(met.filter((key) => state.values[key] !== stored[key])),
  };
}

const sameWarnings = (a: readonly Diagnostic[], b: readonly Diagnostic[]): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/** Back to what the console holds. */
export const discarded = (state: FormState): FormState =>
  startForm(state.stored, state.version, state.warnings);

/** Remarks of validation by model key: the last part of a diagnostic's path that is a field of this form. */
export function remarksByKey(
  warnings: readonly Diagnostic[],
  keys: ReadonlySet<string>,
): Readonly<Record<string, readonly FieldError[]>> {
  const remarks: Record<string, FieldError[]> = {};
  for (const { path, message, hint } of warnings) {
    const key = path?.at(-1);
    if (typeof key !== 'string' || !keys.has(key)) continue;
    const list = remarks[key] ?? [];
    list.push(hint === undefined ? { message } : { message, hint });
    remarks[key] = list;
  }
  return remarks;
}
