/** Line difference of two texts (Myers, "An O(ND) Difference Algorithm", 1986). Pure. */
import type { TextChange } from '../contract.ts';

/** Beyond this many differences the middle is shown as replaced: nobody reads so long a difference. */
const MOST_EDITS = 800;

/** Some lines, which need not be strings yet: of a large file, most are only counted. */
type Lines = Pick<readonly string[], 'length' | 'slice'>;

/** Lines of one kind that follow each other. */
interface Run {
  readonly kind: 'same' | 'added' | 'removed';
  readonly lines: Lines;
}

/** Every line ends with a newline; no text has no line. */
const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** Whole lines of an ended text, between two offsets. */
class LinesOfText implements Lines {
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;
  readonly length: number;

  constructor(text: string, from: number, to: number) {
    this.#text = text;
    this.#from = from;
    this.#to = to;
    let count = 0;
    for (let at = from; at < to; at = text.indexOf('\n', at) + 1) count += 1;
    this.length = count;
  }

  slice(first = 0, last = this.length): string[] {
    if (first >= last) return [];
    return this.#text.slice(this.#startOf(first), this.#startOf(last) - 1).split('\n');
  }

  /** Offset of a line, found from the nearer end. */
  #startOf(line: number): number {
    if (line < this.length / 2) {
      let at = this.#from;
      for (let count = 0; count < line; count += 1) at = this.#text.indexOf('\n', at) + 1;
      return at;
    }
    let at = this.#to;
    for (let count = this.length; count > line; count -= 1) at = this.#text.lastIndexOf('\n', at - 2) + 1;
    return at;
  }
}

/** A difference of fewer lines is given as it is. */
const MANY_LINES = 4000;
/** Unchanged lines that stay in sight around a change. */
const CONTEXT = 3;

/** Every line of both texts, in order; what both share stands once. A very long difference is shortened. */
export function diffTexts(before: string, after: string): readonly TextChange[] {
  const runs = wholeDiff(ended(before), ended(after));
  const total = runs.reduce((sum, { lines }) => sum + lines.length, 0);
  return total <= MANY_LINES ? runs.flatMap(changesOf) : shortened(runs, total);
}

const changesOf = ({ kind, lines }: Run): TextChange[] => lines.slice().map((text) => ({ kind, text }));

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

/** Where the lines end that both texts begin with. */
function endOfHead(old: string, now: string): number {
  const most = Math.min(old.length, now.length);
  let at = 0;
  while (at < most && old.charCodeAt(at) === now.charCodeAt(at)) at += 1;
  return at === 0 ? 0 : old.lastIndexOf('\n', at - 1) + 1;
}

/** Length of the lines that both texts end with, behind their common head. */
function lengthOfTail(old: string, now: string, head: number): number {
  const most = Math.min(old.length, now.length) - head;
  let length = 0;
  while (length < most && old.charCodeAt(old.length - 1 - length) === now.charCodeAt(now.length - 1 - length))
    length += 1;
  if (length === 0) return 0;
  const startsLine = (text: string): boolean => {
    const at = text.length - length;
    return at === head || text[at - 1] === '\n';
  };
  return startsLine(old) && startsLine(now)
    ? length
    : old.length - (old.indexOf('\n', old.length - length) + 1);
}

function wholeDiff(old: string, now: string): readonly Run[] {
  const head = endOfHead(old, now);
  const tail = lengthOfTail(old, now, head);
  const runs: readonly Run[] = [
    { kind: 'same', lines: new LinesOfText(old, 0, head) },
    ...diffMiddle(
      new LinesOfText(old, head, old.length - tail),
      new LinesOfText(now, head, now.length - tail),
    ),
    { kind: 'same', lines: new LinesOfText(old, old.length - tail, old.length) },
  ];
  return runs.filter(({ lines }) => lines.length > 0);
}

function diffMiddle(oldLines: Lines, nowLines: Lines): readonly Run[] {
  const replaced: readonly Run[] = [
    { kind: 'removed', lines: oldLines },
    { kind: 'added', lines: nowLines },
  ];
  if (oldLines.length === 0 || nowLines.length === 0) return replaced;
  const [old, now] = [oldLines.slice(), nowLines.slice()];
  const trace = searchPath(old, now);
  if (trace === null) return replaced;
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
