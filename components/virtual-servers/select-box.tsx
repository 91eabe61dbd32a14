'use client';
import type { Selection } from './use-selection.ts';

const look = 'size-4 cursor-pointer accent-accent align-middle';

/** Chooses one row; with Shift, every row from the one that was chosen last. */
export function SelectBox({
  id,
  name,
  selection,
}: {
  readonly id: string;
  readonly name: string;
  readonly selection: Selection;
}) {
  return (
    <input
      type="checkbox"
      aria-label={`Choose ${name}`}
      className={look}
      checked={selection.has(id)}
      onChange={(event) =>
        selection.toggle(id, event.nativeEvent instanceof PointerEvent && event.nativeEvent.shiftKey)
      }
    />
  );
}

/** Chooses every row that the table shows. */
export function SelectAllBox({
  ids,
  label,
  selection,
}: {
  readonly ids: readonly string[];
  readonly label: string;
  readonly selection: Selection;
}) {
  const chosen = ids.filter((id) => selection.has(id)).length;
  return (
    <input
      type="checkbox"
      aria-label={label}
      className={look}
      checked={chosen > 0 && chosen === ids.length}
      ref={(box) => {
        if (box) box.indeterminate = chosen > 0 && chosen < ids.length;
      }}
      onChange={(event) => selection.setAll(ids, event.target.checked)}
    />
  );
}
