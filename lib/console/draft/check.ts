/**
 * Whether an edit of the draft may be stored. A draft may be unfinished, so that not every error of the whole
 * configuration stops a save; what this edit itself makes wrong does. Pure.
 */
import type { Diagnostic, ModelPath } from '#lib/lvs/diagnostics.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import type { FieldError } from '../contract.ts';
import { configOf, type Draft, placeOf, placesOf } from './draft.ts';

/** As many as a form can show. */
const MOST_WARNINGS = 50;

export type EditCheck =
  | { readonly ok: true; readonly warnings: readonly Diagnostic[] }
  | {
      readonly ok: false;
      readonly message: string;
      readonly fields: Readonly<Record<string, FieldError>>;
    };

const startsWith = (path: ModelPath, prefix: ModelPath): boolean =>
  prefix.length <= path.length && prefix.every((part, index) => path[index] === part);

/** The row that a diagnostic points at and the key inside it; `rowId` null when it names no row. */
function targetOf(
  draft: Draft,
  diagnostic: Diagnostic,
): { readonly rowId: string | null; readonly key: string | null } {
  let found: { rowId: string; depth: number } | null = null;
  const path = diagnostic.path ?? [];
  for (const place of placesOf(draft)) {
    if (startsWith(path, place.path) && place.path.length > (found?.depth ?? 0)) {
      found = { rowId: place.row.id, depth: place.path.length };
    }
  }
  const key = found === null ? undefined : path[found.depth];
  return { rowId: found?.rowId ?? null, key: typeof key === 'string' ? key : null };
}

/** Names a diagnostic independently of the place of its row, which other edits move. */
const identityOf = (draft: Draft, diagnostic: Diagnostic): string => {
  const { rowId, key } = targetOf(draft, diagnostic);
  return JSON.stringify([diagnostic.code, rowId, key, diagnostic.message]);
};

const fieldErrorOf = (diagnostic: Diagnostic): FieldError =>
  diagnostic.hint === undefined
    ? { message: diagnostic.message }
    : { message: diagnostic.message, hint: diagnostic.hint };

export interface Edit {
  readonly before: Draft;
  readonly after: Draft;
  /** The row that was edited. */
  readonly rowId: string;
  /** Fields that the person had before the eyes. */
  readonly submitted: ReadonlySet<string>;
}

/**
 * Refuses an edit for an error that
 * - points at a submitted field of the edited row, unless it was there before and the field holds a value that
 *   the edit left alone (a file that was taken in may carry one; an empty field must be filled);
 * - is new and points at another block of the same kind, because only a conflict of the two can cause it.
 * Everything else comes back as a warning: it stops pushing, not saving.
 */
export function checkEdit(edit: Edit): EditCheck {
  const { before, after, rowId, submitted } = edit;
  const found = validateConfig(configOf(after));
  const errors = found.filter((diagnostic) => diagnostic.severity === 'error');
  const known = new Set(
    errors.length === 0
      ? []
      : validateConfig(configOf(before))
          .filter((diagnostic) => diagnostic.severity === 'error')
          .map((diagnostic) => identityOf(before, diagnostic)),
  );
  const place = placeOf(after, rowId);
  const fields: Record<string, FieldError> = {};
  const others: Diagnostic[] = [];
  for (const error of errors) {
    const target = targetOf(after, error);
    const isKnown = known.has(identityOf(after, error));
    if (target.rowId === rowId) {
      if (
        target.key === null
          ? isKnown
          : !submitted.has(target.key) || (isKnown && isFilled(after, rowId, target.key))
      )
        continue;
      if (target.key === null) others.push(error);
      else fields[target.key] ??= fieldErrorOf(error);
    } else if (!isKnown && target.rowId !== null && place?.siblings.some((row) => row.id === target.rowId)) {
      if (target.key !== null && submitted.has(target.key)) fields[target.key] ??= fieldErrorOf(error);
      else others.push(error);
    }
  }
  const first = others[0]?.message ?? Object.values(fields)[0]?.message;
  if (first === undefined) {
    return {
      ok: true,
      warnings: found.filter(({ severity }) => severity !== 'hint').slice(0, MOST_WARNINGS),
    };
  }
  return { ok: false, message: `Not saved. ${first}`, fields };
}

function isFilled(draft: Draft, rowId: string, key: string): boolean {
  const value = placeOf(draft, rowId)?.row.settings[key];
  return value !== undefined && value !== null && value !== '';
}
