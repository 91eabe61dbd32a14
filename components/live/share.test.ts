import { describe, expect, it } from 'vitest';
import { shareStructure } from './share.ts';

describe('shareStructure', () => {
  const before = {
    routers: [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 2 },
    ],
    sync: { state: 'in-sync' },
  };

  it('gives the old object back when nothing differs', () => {
    expect(shareStructure(before, structuredClone(before))).toBe(before);
  });

  it('keeps the parts that did not change and replaces the path to what did', () => {
    const after = structuredClone(before);
    (after.routers[1] as { weight: number }).weight = 3;
    const shared = shareStructure(before, after);
    expect(shared).toEqual(after);
    expect(shared.routers[0]).toBe(before.routers[0]);
    expect(shared.sync).toBe(before.sync);
    expect(shared.routers[1]).not.toBe(before.routers[1]);
  });

  it('follows lists that grow and shrink, keys that come and go, and null', () => {
    expect(shareStructure([1, 2], [1])).toEqual([1]);
    expect(shareStructure([{ a: 1 }], [{ a: 1 }, { b: 2 }])).toEqual([{ a: 1 }, { b: 2 }]);
    expect(shareStructure({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
    expect(shareStructure({ status: { at: 'x' } }, { status: null })).toEqual({ status: null });
    expect(shareStructure(null, { a: undefined })).toEqual({ a: undefined });
    expect(shareStructure([], {})).toEqual({});
  });
});
