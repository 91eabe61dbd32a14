'use client';
import { useSyncExternalStore } from 'react';

/** One timer for every age on the page; it runs only while somebody looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    second = Math.floor(Date.now() / 1000);
    timer = setInterval(() => {
      second = Math.floor(Date.now() / 1000);
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const current = (): number => {
  if (second === 0) second = Math.floor(Date.now() / 1000);
  return second;
};

/** The browser's time in ms, in whole seconds; null while rendering on the server, where ages are not known. */
export function useNow(): number | null {
  const value = useSyncExternalStore<number | null>(subscribe, current, () => null);
  return value === null ? null : value * 1000;
}
