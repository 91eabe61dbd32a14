/** Line difference of two texts (Myers, "An O(ND) Difference Algorithm", 1986). Pure. */
import type { TextChange } from '../contract.ts';

/** Beyond this many differences the middle is shown as replaced: nobody reads so long a difference. */
const MOST_EDITS = 800;

/** Lines of one kind that follow each other. */
interface Run {
  readonly kind: 'same' | 'added' | 'removed';
  readonly lines: readonly string[];
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** A difference of fewer lines is given as it is. */
const MANY_LINES = 4000;
/** Unchanged lines that stay in sight around a change. */
const CONTEXT = 3;

/** Every line of both texts, in order; what both share stands once. A very long difference is shortened. */
export function diffTexts(before: string, after: string): readonly TextChange[] {
  const runs = wholeDiff(linesOf(before), linesOf(after));
  const total = runs.reduce((sum, { lines }) => sum + lines.length, 0);
  return total <= MANY_LINES ? runs.flatMap(changesOf) : shortened(runs, total);
}

const changesOf = ({ kind, lines }: Run): TextChange[] => lines.map((text) => ({ kind, text }));

const skipped = (count: number): TextChange => ({ kind: 'skipped', text: String(count) });
const cut = (count: number): TextChange => ({ kind: 'cut', text: String(count) });

/** Without the unchanged lines that nobody reads, and cut where nobody reads on: a browser shows the rest. */
function shortened(runs: readonly Run[], total: number): readonly TextChange[] {
  const short: TextChange[] = [];
  let seen = 0;
  for (const [at, run] of runs.entries()) {
    const { lines } = run;
    const first = run.kind === 'same' && at === 0 ? 0 : CONTEXT;
    const last = run.kind === 'same' && at === runs.length - 1 ? 0 : CONTEXT;
    const isLong = run.kind === 'same' && lines.length > first + last;
    const room = Math.max(0, MANY_LINES - short.length);
    const fits = isLong ? room > 0 : lines.length <= room;
    if (!fits) {
      const shown = isLong ? [] : lines.slice(0, room);
      return [...short, ...changesOf({ ...run, lines: shown }), cut(total - seen - shown.length)];
    }
    if (isLong) {
      short.push(...changesOf({ ...run, lines: lines.slice(0, first) }));
      short.push(skipped(lines.length - first - last));
      short.push(...changesOf({ ...run, lines: lines.slice(lines.length - last) }));
    } else short.push(...changesOf(run));
    seen += lines.length;
  }
  return short;
}

function wholeDiff(old: readonly string[], now: readonly string[]): readonly Run[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail += 1;
  const runs: readonly Run[] = [
    { kind: 'same', lines: old.slice(0, head) },
    ...diffMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    { kind: 'same', lines: old.slice(old.length - tail) },
  ];
  return runs.filter(({ lines }) => lines.length > 0);
}

function diffMiddle(old: readonly string[], now: readonly string[]): readonly Run[] {
  const trace = searchPath(old, now);
  if (trace === null)
    return [
      { kind: 'removed', lines: old },
      { kind: 'added', lines: now },
    ];
  const runs: Run[] = [];
  let x = old.length;
  let y = now.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = isDown(reach, diagonal, edits);
    const from = down ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - from;
    const same = Math.min(x - fromX, y - fromY);
    if (same > 0) runs.push({ kind: 'same', lines: old.slice(x - same, x) });
    if (edits === 0) break;
    if (down) runs.push({ kind: 'added', lines: now.slice(fromY, fromY + 1) });
    else runs.push({ kind: 'removed', lines: old.slice(fromX, fromX + 1) });
    x = fromX;
    y = fromY;
  }
  return runs.reverse();
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
