'use client';
import { useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly has: (id: string) => boolean;
  /** `withRange`: everything from the row that was chosen last. */
  readonly toggle: (id: string, withRange: boolean) => void;
  readonly setAll: (ids: readonly string[], chosen: boolean) => void;
  readonly clear: () => void;
}

/** Rows that were chosen, by id; `shown` is what the table shows, in its order. */
export function useSelection(shown: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string | null>(null);
  return {
    ids,
    has: (id) => ids.has(id),
    toggle: (id, withRange) => {
      const next = new Set(ids);
      const chosen = !ids.has(id);
      const [from, to] = [shown.indexOf(last ?? ''), shown.indexOf(id)].sort((a, b) => a - b);
      const range = withRange && from !== undefined && from >= 0 ? shown.slice(from, (to ?? 0) + 1) : [id];
      for (const each of range) chosen ? next.add(each) : next.delete(each);
      setIds(next);
      setLast(id);
    },
    setAll: (all, chosen) => {
      const next = new Set(ids);
      for (const each of all) chosen ? next.add(each) : next.delete(each);
      setIds(next);
    },
    clear: () => setIds(new Set()),
  };
}
