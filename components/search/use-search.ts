'use client';
import { useEffect, useState } from 'react';
import type { SearchAnswer } from '#lib/console/contract.ts';

export interface Search {
  readonly answer: SearchAnswer;
  /** What it answers; while it is not what stands in the field, an answer is under way. */
  readonly query: string;
  readonly failed: boolean;
}

const nothing: Search = { answer: { hits: [], total: 0 }, query: '', failed: false };

/** Faster than a hand types, so that an answer is there when it rests. */
const REST_MS = 40;

/** Asks the console while a person types; the last question counts. */
export function useSearch(query: string, clusterId: string | null): Search {
  const [search, setSearch] = useState(nothing);
  useEffect(() => {
    if (query === '') return setSearch(nothing);
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const ask = new URLSearchParams({ find: query, ...(clusterId === null ? {} : { cluster: clusterId }) });
      try {
        const response = await fetch(`/api/search?${ask}`, { signal: stop.signal });
        if (!response.ok) throw new Error(response.statusText);
        setSearch({ answer: (await response.json()) as SearchAnswer, query, failed: false });
      } catch {
        if (!stop.signal.aborted) setSearch({ ...nothing, query, failed: true });
      }
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [query, clusterId]);
  return search;
}
