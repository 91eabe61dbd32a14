/**
 * Whether an edit of the draft may be stored. A draft may be unfinished, so that not every error of the whole
 * configuration stops a save; what this edit itself makes wrong does. Pure.
 */
import type { Diagnostic } from '#lib/lvs/diagnostics.ts';
import type { FieldError } from '../contract.ts';
import { type Draft, type DraftRow, placeOf, virtualsOf, withRow } from './draft.ts';
import { faultsOf } from './faults.ts';

/** As many as a form can show. */
const MOST_WARNINGS = 50;

export type EditCheck =
  | { readonly ok: true; readonly warnings: readonly Diagnostic[] }
  | {
      readonly ok: false;
      readonly message: string;
      readonly fields: Readonly<Record<string, FieldError>>;
    };

/** The row that a diagnostic points at and the key inside it; `rowId` null when it names no row. */
function targetOf(
  draft: Draft,
  diagnostic: Diagnostic,
): { readonly rowId: string | null; readonly key: string | null } {
  const [list, index, below, at, last] = diagnostic.path ?? [];
  const named = (row: DraftRow | undefined, key: string | number | undefined) => ({
    rowId: row?.id ?? null,
    key: row !== undefined && typeof key === 'string' ? key : null,
  });
  if (list === 'global') return named(draft.cluster, index);
  if (list !== 'virtualServers' && list !== 'failoverServices') return named(undefined, undefined);
  const block = virtualsOf(draft, list === 'virtualServers' ? 'virtual' : 'failover')[Number(index)];
  const server = below === 'servers' ? block?.servers[Number(at)] : undefined;
  return server ? named(server, last) : named(block, below);
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
 * - is new and points at another field of the edited block (of the global settings it does not count: they are
 *   spread over two panels, and one must be saved before the other);
 * - is new and points at a sibling of the edited block, because only a conflict of the two can cause it.
 * Everything else comes back as a warning: it stops pushing, not saving.
 */
export function checkEdit(edit: Edit): EditCheck {
  const { after, rowId } = edit;
  const place = placeOf(after, rowId);
  const errors = errorsAbout(after, rowId);
  const known = new Set(
    errors.length === 0 ? [] : errorsAbout(edit.before, rowId).map((error) => identityOf(edit.before, error)),
  );
  const fields: Record<string, FieldError> = {};
  const messages: string[] = [];
  for (const error of errors) {
    const { rowId: target, key } = targetOf(after, error);
    const isKnown = known.has(identityOf(after, error));
    const isSibling = target !== rowId && place?.siblings.some((row) => row.id === target) === true;
    const refuses =
      target === rowId
        ? key !== null && edit.submitted.has(key)
          ? !isKnown || !isFilled(after, rowId, key)
          : !isKnown && place?.scope !== 'global'
        : isSibling && !isKnown;
    if (!refuses) continue;
    messages.push(error.message);
    if (key !== null) fields[key] ??= fieldErrorOf(error);
  }
  if (messages[0] !== undefined) return { ok: false, message: `Not saved. ${messages[0]}`, fields };
  const warnings = faultsOf(after).filter(({ severity }) => severity !== 'hint');
  return { ok: true, warnings: warnings.slice(0, MOST_WARNINGS) };
}

const errorsOf = (draft: Draft): readonly Diagnostic[] =>
  faultsOf(draft).filter(({ severity }) => severity === 'error');

/**
 * The draft's errors, and those that the filled fields of the edited block would cause if it were active: a wrong
 * value is told when it is typed, not when the block is switched on.
 */
function errorsAbout(draft: Draft, rowId: string): readonly Diagnostic[] {
  const now = errorsOf(draft);
  const seen = new Set(now.map((error) => identityOf(draft, error)));
  const then = errorsOf(asIfActive(draft, rowId)).filter((error) => {
    const { rowId: target, key } = targetOf(draft, error);
    if (target === null || key === null || seen.has(identityOf(draft, error))) return false;
    return isFilled(draft, target, key);
  });
  return [...now, ...then];
}

/** The draft with the edited block, and the block around it, switched on. */
function asIfActive(draft: Draft, rowId: string): Draft {
  const place = placeOf(draft, rowId);
  if (!place || place.scope === 'global') return draft;
  const around = draft.virtuals.find(({ servers }) => servers.some(({ id }) => id === rowId));
  const rows = around ? [around, place.row] : [place.row];
  return rows.reduce(
    (changed, row) =>
      row.settings.enabled === true
        ? changed
        : withRow(changed, { ...row, settings: { ...row.settings, enabled: true } }),
    draft,
  );
}

function isFilled(draft: Draft, rowId: string, key: string): boolean {
  const value = placeOf(draft, rowId)?.row.settings[key];
  return value !== undefined && value !== null && value !== '';
}
