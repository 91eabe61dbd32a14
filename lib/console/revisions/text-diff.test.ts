import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffTexts } from './text-diff.ts';

const side = (changes: ReturnType<typeof diffTexts>, kind: 'removed' | 'added') =>
  changes.filter((change) => change.kind === 'same' || change.kind === kind).map(({ text }) => text);

describe('difference of two texts', () => {
  it('shows a changed line as the old one removed and the new one added', () => {
    expect(diffTexts('a\nb\nc\n', 'a\nx\nc\n')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'same', text: 'c' },
    ]);
  });

  it('shows a first text as added altogether', () => {
    expect(diffTexts('', 'a\nb\n')).toEqual([
      { kind: 'added', text: 'a' },
      { kind: 'added', text: 'b' },
    ]);
  });

  it('gives back both texts and never more lines than both have', () => {
    // Lines that end like others, or are empty, and texts with and without an end of the last line.
    const lines = fc.array(fc.constantFrom('a', 'b', 'ba', 'cba', ''), { maxLength: 30 });
    const text = fc.tuple(lines, fc.boolean()).map(([all, isEnded]) => ({
      all: !isEnded && all.at(-1) === '' ? [...all, 'a'] : all,
      end: isEnded && all.length > 0 ? '\n' : '',
    }));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = diffTexts(before.all.join('\n') + before.end, after.all.join('\n') + after.end);
        expect(side(changes, 'removed')).toEqual(before.all);
        expect(side(changes, 'added')).toEqual(after.all);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps what both texts begin and end with together', () => {
    const line = fc.constantFrom('a', 'b', 'ba', '');
    const lines = fc.array(line, { maxLength: 6 });
    const joined = (all: readonly string[]): string => all.map((text) => `${text}\n`).join('');
    fc.assert(
      fc.property(lines, lines, lines, lines, (head, old, now, tail) => {
        const changes = diffTexts(joined([...head, ...old, ...tail]), joined([...head, ...now, ...tail]));
        const texts = (kind: string) => changes.filter((each) => each.kind === kind).length;
        expect(texts('removed')).toBeLessThanOrEqual(old.length);
        expect(texts('added')).toBeLessThanOrEqual(now.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the shortest difference: one inserted line costs one line', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index % 7}`);
    const longer = [...lines.slice(0, 100), 'new', ...lines.slice(100)];
    const changes = diffTexts(lines.join('\n'), longer.join('\n'));
    expect(changes.filter(({ kind }) => kind !== 'same')).toEqual([{ kind: 'added', text: 'new' }]);
  });

  it('is shortened when it is very long: unchanged lines are counted, and so is what nobody reads on', () => {
    const lines = Array.from({ length: 9000 }, (_, n) => `line ${n}`);
    const changed = lines.with(5000, 'changed');
    const short = diffTexts(lines.join('\n'), changed.join('\n'));
    expect(short[0]).toEqual({ kind: 'skipped', text: '4997' });
    expect(short.at(-1)).toEqual({ kind: 'skipped', text: '3996' });
    expect(
      short
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'same')
        .sort(),
    ).toEqual(['added', 'removed', 'skipped', 'skipped']);
    const all = diffTexts('', lines.join('\n'));
    expect(all.length).toBe(4001);
    expect(all.at(-1)).toEqual({ kind: 'cut', text: '5000' });
  });
});
