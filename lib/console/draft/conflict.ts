/** Two administrators, one row: what the first did since the second one's form was made. Pure. */
import { diffConfigs } from '#lib/lvs/diff.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import type { FieldValues, SaveResult } from '../contract.ts';
import { configOf, type Draft, type DraftRow, type RowSettings, withRow } from './draft.ts';
import { changedKeys, fieldsOf } from './fields.ts';

export type Refusal = Extract<SaveResult, { ok: false }>;

/** A refusal without a field. */
export const refusal = (message: string, fields: Refusal['fields'] = {}): Refusal => ({
  ok: false,
  message,
  fields,
});

interface Save {
  readonly scope: Scope;
  readonly draft: Draft;
  readonly row: DraftRow;
  /** What the row held when the form was made; null when that is not known any more. */
  readonly base: { readonly name: string; readonly settings: RowSettings } | null;
  readonly name: string | undefined;
  readonly values: FieldValues;
}

/**
 * The refusal of a save that is based on an older version, or null when the two edits touch different fields:
 * then both hold.
 */
export function conflictOf(save: Save): Refusal | null {
  const { scope, draft, row, base, name, values } = save;
  if (base !== null) {
    const theirs = new Set(changedKeys(base.settings, row.settings));
    const shown = fieldsOf(scope, row.settings);
    const sameField = Object.entries(values).some(([key, text]) => theirs.has(key) && shown[key] !== text);
    const sameName = name !== undefined && base.name !== row.name && name !== row.name;
    if (!sameField && !sameName) return null;
  }
  const changes =
    base === null
      ? []
      : diffConfigs(configOf(withRow(draft, { ...row, ...base })), configOf(draft)).map(
          ({ message }) => message,
        );
  return {
    ...refusal(
      `${row.updatedBy} has changed this in the meantime. Nothing was saved; look at the change and save again`,
    ),
    conflict: { by: row.updatedBy, at: row.updatedAt, changes },
  };
}
