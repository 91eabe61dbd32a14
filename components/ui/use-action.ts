'use client';
import { useEffect, useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import { unreachableConsole } from './dialog.tsx';

export interface ActionRun {
  /** Name of what runs now, so that its button alone shows it. */
  readonly busy: string | null;
  readonly result: ActionResult | null;
  readonly run: (name: string, action: () => Promise<ActionResult>) => Promise<ActionResult>;
  readonly show: (result: ActionResult | null) => void;
}

/** Good news goes by itself; bad news stays until it is put away. */
const GOOD_NEWS_MS = 20_000;

/** Runs one action at a time and keeps what it answered. */
export function useAction(): ActionRun {
  const [busy, setBusy] = useState<string | null>(null);
  const [result, setResult] = useState<ActionResult | null>(null);
  useEffect(() => {
    if (result?.ok !== true) return;
    const timer = setTimeout(() => setResult(null), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [result]);
  return {
    busy,
    result,
    run: async (name, action) => {
      setBusy(name);
      setResult(null);
      const answer = await action().catch(() => unreachableConsole);
      setBusy(null);
      setResult(answer);
      return answer;
    },
    show: setResult,
  };
}
