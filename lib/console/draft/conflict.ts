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

type Taken = NonNullable<Extract<SaveResult, { ok: true }>['taken']>;

/** What is left of a save beside what others saved. */
export interface Meeting {
  readonly ok: true;
  readonly name: string | undefined;
  readonly values: FieldValues;
  readonly taken: Taken;
}

/**
 * A save that is based on an older version. A form sends every field of its panel: those that it did not change
 * against that version are nobody's wish, and what others made of them stays. A field that both changed, to different
 * values, is a conflict.
 */
export function meet(save: Save): Refusal | Meeting {
  const { scope, row, edits, name, values } = save;
  const base = edits[0]?.before;
  if (base === undefined) return conflictOf(save);
  const theirs = changedKeys(base.settings, row.settings);
  const [was, shown] = [fieldsOf(scope, base.settings), fieldsOf(scope, row.settings)];
  const mine = Object.entries(values).filter(([key, text]) => !(theirs.includes(key) && text === was[key]));
  const isRenamed = base.name !== row.name;
  const myName = isRenamed && name === base.name ? undefined : name;
  const sameField = mine.some(([key, text]) => theirs.includes(key) && shown[key] !== text);
  const sameName = isRenamed && myName !== undefined && myName !== row.name;
  if (sameField || sameName) return conflictOf(save);
  const ofPanel = (key: string): boolean =>
    Object.hasOwn(values, key) || (key === 'name' && name !== undefined);
  return {
    ok: true,
    name: myName,
    values: Object.fromEntries(mine),
    taken: {
      by: listed(authorsOf(save)),
      changes: changesOf(save).flatMap(({ key, words }) => (ofPanel(key) ? words : [])),
      values: {
        ...Object.fromEntries(theirs.map((key) => [key, shown[key] ?? ''])),
        ...(isRenamed ? { name: row.name } : {}),
      },
    },
  };
}

const authorsOf = ({ edits, row }: Save): readonly string[] => [
  ...new Set([...edits.map(({ by }) => by), row.updatedBy]),
];

/** The refusal that tells the second one who changed what. */
function conflictOf(save: Save): Refusal {
  const { row } = save;
  const authors = authorsOf(save);
  const verb = authors.length === 1 ? 'has' : 'have';
  return {
    ...refusal(
      `${listed(authors)} ${verb} changed this in the meantime. Nothing was saved; look at the change and save again`,
    ),
    conflict: { by: listed(authors), at: row.updatedAt, changes: changesOf(save).map(({ words }) => words) },
  };
}

/** What is different since, a sentence a field, with what this save would make of it and who it would undo. */
function changesOf({
  scope,
  draft,
  row,
  edits,
  values,
}: Save): readonly { readonly key: string; readonly words: string }[] {
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
      return { key, words: `${message}${author === null ? '' : `, by ${author}`}${yours}` };
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
