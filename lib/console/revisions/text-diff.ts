/** Line difference of two texts (Myers, "An O(ND) Difference Algorithm", 1986). Pure. */
import type { TextChange } from '../contract.ts';

/** Beyond this many differences the middle is shown as replaced: nobody reads so long a difference. */
const MOST_EDITS = 800;

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const all = (kind: TextChange['kind'], lines: readonly string[]): readonly TextChange[] =>
  lines.map((text) => ({ kind, text }));

/** A difference of fewer lines is given as it is. */
const MANY_LINES = 4000;
/** Unchanged lines that stay in sight around a change. */
const CONTEXT = 3;

/** Every line of both texts, in order; what both share stands once. A very long difference is shortened. */
export const diffTexts = (before: string, after: string): readonly TextChange[] =>
  shortened(wholeDiff(before, after));

/** Without the unchanged lines that nobody reads, and cut where nobody reads on: a browser shows the rest. */
function shortened(lines: readonly TextChange[]): readonly TextChange[] {
  if (lines.length <= MANY_LINES) return lines;
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, line) => {
    if (kind !== 'same') near.fill(1, Math.max(0, line - CONTEXT), line + CONTEXT + 1);
  });
  const short: TextChange[] = [];
  let skipped = 0;
  const flush = (): void => {
    if (skipped > 0) short.push({ kind: 'skipped', text: String(skipped) });
    skipped = 0;
  };
  for (const [line, change] of lines.entries()) {
    if (near[line] === 0) {
      skipped += 1;
      continue;
    }
    flush();
    if (short.length >= MANY_LINES) return [...short, { kind: 'cut', text: String(lines.length - line) }];
    short.push(change);
  }
  flush();
  return short;
}

function wholeDiff(before: string, after: string): readonly TextChange[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail += 1;
  return [
    ...all('same', old.slice(0, head)),
    ...diffMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...all('same', tail === 0 ? [] : old.slice(-tail)),
  ];
}

function diffMiddle(old: readonly string[], now: readonly string[]): readonly TextChange[] {
  const trace = searchPath(old, now);
  if (trace === null) return [...all('removed', old), ...all('added', now)];
  const changes: TextChange[] = [];
  let x = old.length;
  let y = now.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = isDown(reach, diagonal, edits);
    const from = down ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      changes.push({ kind: 'same', text: old[x] ?? '' });
    }
    if (edits === 0) break;
    if (down) changes.push({ kind: 'added', text: now[fromY] ?? '' });
    else changes.push({ kind: 'removed', text: old[fromX] ?? '' });
    x = fromX;
    y = fromY;
  }
  return changes.reverse();
}

const isDown = (reach: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits ||
  (diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));

/** Furthest x on each diagonal before each number of edits; null when there are too many. */
function searchPath(
  old: readonly string[],
  now: readonly string[],
): readonly ReadonlyMap<number, number>[] | null {
  let reach = new Map<number, number>([[1, 0]]);
  const trace: ReadonlyMap<number, number>[] = [];
  for (let edits = 0; edits <= Math.min(MOST_EDITS, old.length + now.length); edits += 1) {
    trace.push(reach);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(reach, diagonal, edits)
        ? (reach.get(diagonal + 1) ?? 0)
        : (reach.get(diagonal - 1) ?? 0) + 1;
      let y = x - diagonal;
      while (x < old.length && y < now.length && old[x] === now[y]) {
        x += 1;
        y += 1;
      }
      next.set(diagonal, x);
      if (x >= old.length && y >= now.length) return trace;
    }
    reach = next;
  }
  return null;
}
