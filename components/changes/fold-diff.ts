/** Folds the stretches of a difference that nobody needs to read. Pure. */
import type { TextChange } from '#lib/console/contract.ts';

export type DiffPart =
  /** `line` counts the lines of the difference from 0: a stable key. */
  | (TextChange & { readonly kind: Exclude<TextChange['kind'], 'skipped'>; readonly line: number })
  | { readonly kind: 'fold'; readonly line: number; readonly count: number };

/** Lines that stay in sight around a change. */
const CONTEXT = 3;

/** Unchanged lines further than CONTEXT from a change become one fold, unless the fold would save nothing. */
export function foldDiff(lines: readonly TextChange[]): readonly DiffPart[] {
  const changed = lines.flatMap(({ kind }, line) => (kind === 'same' || kind === 'skipped' ? [] : [line]));
  const near = new Set(
    changed.flatMap((line) => Array.from({ length: 2 * CONTEXT + 1 }, (_, step) => line - CONTEXT + step)),
  );
  const parts: DiffPart[] = [];
  let hidden: Exclude<DiffPart, { kind: 'fold' }>[] = [];
  const flush = () => {
    const [first] = hidden;
    if (first && hidden.length > 1) parts.push({ kind: 'fold', line: first.line, count: hidden.length });
    else parts.push(...hidden);
    hidden = [];
  };
  lines.forEach((change, line) => {
    if (change.kind === 'skipped') {
      flush();
      parts.push({ kind: 'fold', line, count: Number(change.text) });
      return;
    }
    const part = { kind: change.kind, text: change.text, line };
    if (!near.has(line)) {
      hidden.push(part);
      return;
    }
    flush();
    parts.push(part);
  });
  flush();
  return parts;
}
