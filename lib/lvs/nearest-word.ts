/** "Did you mean …": the known word that a mistyped one is nearest to. */

const LONGEST_WORD = 40;

/** Edit distance with adjacent letters swapped as one edit. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (previous[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] as number;
}

/** The nearest of `known`, or null when none is near: at most a third of the letters may differ. */
export function nearestWord(word: string, known: Iterable<string>): string | null {
  if (word.length < 2 || word.length > LONGEST_WORD) return null;
  const given = word.toLowerCase();
  let best: { readonly word: string; readonly edits: number } | null = null;
  for (const candidate of known) {
    const allowed = Math.max(1, Math.floor(Math.max(given.length, candidate.length) / 3));
    if (Math.abs(given.length - candidate.length) > allowed) continue;
    const edits = distance(given, candidate.toLowerCase());
    if (edits <= allowed && (best === null || edits < best.edits)) best = { word: candidate, edits };
  }
  return best?.word ?? null;
}
