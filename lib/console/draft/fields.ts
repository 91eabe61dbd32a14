/** Between form fields (texts) and settings (values of the model), by the table of directives. Pure. */
import { directivesOf, type Scope } from '#lib/lvs/directives.ts';
import { faultOf } from '#lib/lvs/field-fault.ts';
import { whyNotName } from '#lib/lvs/quoting.ts';
import type { FieldError, FieldValues } from '../contract.ts';
import type { DraftRow, RowSettings } from './draft.ts';

const settingOf = (settings: RowSettings, key: string, otherwise: unknown): unknown =>
  Object.hasOwn(settings, key) ? settings[key] : otherwise;

/** What the form fields of a row show; every directive of the scope has one. */
export function fieldsOf(scope: Scope, settings: RowSettings): FieldValues {
  return Object.fromEntries(
    directivesOf[scope].map(({ key, kind, default: absent }) => [
      key,
      kind.toField(settingOf(settings, key, absent)),
    ]),
  );
}

export type ReadFields =
  | { readonly ok: true; readonly settings: RowSettings }
  | { readonly ok: false; readonly fields: Readonly<Record<string, FieldError>> };

/**
 * Reads what was typed over what is stored. A field that still shows the stored value keeps it as it is, so that
 * a value that came with a file, and that no person could type, survives the saving of its neighbours.
 */
export function readFields(scope: Scope, stored: RowSettings, typed: FieldValues): ReadFields {
  const settings: Record<string, unknown> = { ...stored };
  const fields: Record<string, FieldError> = {};
  for (const [key, text] of Object.entries(typed)) {
    const directive = directivesOf[scope].find((row) => row.key === key);
    if (!directive || key === 'serialNumber') {
      fields[key] = { message: `There is no field "${key}" here` };
      continue;
    }
    const { kind } = directive;
    if (text === kind.toField(settingOf(stored, key, directive.default))) continue;
    const result = kind.fromField(text);
    if (result.ok) settings[key] = result.value;
    else fields[key] = faultOf(kind, result);
  }
  return Object.keys(fields).length > 0 ? { ok: false, fields } : { ok: true, settings };
}

/** What is wrong with the name of a block among its siblings; null when it is good. */
export function nameError(
  name: string,
  siblings: readonly DraftRow[],
  ownId: string | null,
): FieldError | null {
  if (name.length > 255) return { message: 'The name is longer than 255 characters' };
  const reason = whyNotName(name);
  if (reason) return reason;
  const twin = siblings.find((row) => row.name === name && row.id !== ownId);
  return twin ? { message: `The name "${name}" is in use here already`, hint: 'choose another name' } : null;
}

/** Keys whose value differs between two states of a row. */
export function changedKeys(before: RowSettings, after: RowSettings): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
