/** Two administrators, one row: what the first did since the second one's form was made. Pure. */
import { diffConfigs } from '#lib/lvs/diff.ts';
import type { Scope } from '#lib/lvs/directives.ts';
import type { FieldValues, SaveResult } from '../contract.ts';
import { listed } from '../live/sync-state.ts';
import type { EditSince } from './data.ts';
import { configOf, type Draft, type DraftRow, withRow } from './draft.ts';
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
  /** What others saved since the form was made, the first one first; empty when that is not known any more. */
  readonly edits: readonly EditSince[];
  readonly name: string | undefined;
  readonly values: FieldValues;
}

/**
 * The refusal of a save that is based on an older version, or null when the two edits touch different fields:
 * then both hold.
 */
export function conflictOf(save: Save): Refusal | null {
  const { scope, row, edits, name, values } = save;
  const base = edits[0]?.before;
  if (base !== undefined) {
    const theirs = new Set(changedKeys(base.settings, row.settings));
    const shown = fieldsOf(scope, row.settings);
    const sameField = Object.entries(values).some(([key, text]) => theirs.has(key) && shown[key] !== text);
    const sameName = name !== undefined && base.name !== row.name && name !== row.name;
    if (!sameField && !sameName) return null;
  }
  const authors = [...new Set([...edits.map(({ by }) => by), row.updatedBy])];
  const verb = authors.length === 1 ? 'has' : 'have';
  return {
    ...refusal(
      `${listed(authors)} ${verb} changed this in the meantime. Nothing was saved; look at the change and save again`,
    ),
    conflict: { by: listed(authors), at: row.updatedAt, changes: changesOf(save) },
  };
}

/** What is different since, a sentence a field, with what this save would make of it and who it would undo. */
function changesOf({ scope, draft, row, edits, values }: Save): readonly string[] {
  const base = edits[0]?.before;
  if (base === undefined) return [];
  const shown = fieldsOf(scope, row.settings);
  const isAlone = edits.every(({ by }) => by === row.updatedBy);
  return diffConfigs(configOf(withRow(draft, { ...row, ...base })), configOf(draft)).map(
    ({ message, path }) => {
      const key = String(path.at(-1));
      const author = isAlone ? null : authorOf(edits, row, key);
      const mine = values[key];
      const yours =
        base.name === row.name &&
        mine !== undefined &&
        mine !== shown[key] &&
        mine !== fieldsOf(scope, base.settings)[key]
          ? `; you typed ${mine === '' ? 'nothing' : mine}`
          : '';
      return `${message}${author === null ? '' : `, by ${author}`}${yours}`;
    },
  );
}

/** Who changed a field last; null when nobody did: a name, or another block that moved along. */
function authorOf(edits: readonly EditSince[], row: DraftRow, key: string): string | null {
  const changed = edits.filter(({ before }, index) => {
    const after = edits[index + 1]?.before ?? row;
    return changedKeys(before.settings, after.settings).includes(key);
  });
  return changed.at(-1)?.by ?? null;
}
