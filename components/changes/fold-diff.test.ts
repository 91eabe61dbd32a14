import { describe, expect, it } from 'vitest';
import type { TextChange } from '#lib/console/contract.ts';
import { foldDiff } from './fold-diff.ts';

const same = (count: number): TextChange[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'same', text: `line ${index}` }));
const added: TextChange = { kind: 'added', text: 'new' };

const shape = (lines: readonly TextChange[]) =>
  foldDiff(lines).map((part) => (part.kind === 'fold' ? part.count : part.kind));

describe('foldDiff', () => {
  it('keeps three lines around a change and folds the rest', () => {
    expect(shape([...same(10), added, ...same(10)])).toEqual([
      7,
      'same',
      'same',
      'same',
      'added',
      'same',
      'same',
      'same',
      7,
    ]);
  });

  it('does not fold a single line: the fold would be as long', () => {
    expect(shape([...same(4), added])).toEqual(['same', 'same', 'same', 'same', 'added']);
  });

  it('folds a text without any change to one line', () => {
    expect(shape(same(12))).toEqual([12]);
    expect(shape([])).toEqual([]);
  });

  it('loses no line', () => {
    const lines = [...same(9), added, ...same(20), { kind: 'removed', text: 'old' } as const, ...same(2)];
    const count = foldDiff(lines).reduce((sum, part) => sum + (part.kind === 'fold' ? part.count : 1), 0);
    expect(count).toBe(lines.length);
  });
});
