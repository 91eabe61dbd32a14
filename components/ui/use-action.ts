'use client';
import { useState } from 'react';
import type { ActionResult } from '#lib/console/contract.ts';
import { unreachableConsole } from './dialog.tsx';

export interface ActionRun {
  /** Name of what runs now, so that its button alone shows it. */
  readonly busy: string | null;
  readonly result: ActionResult | null;
  readonly run: (name: string, action: () => Promise<ActionResult>) => Promise<ActionResult>;
  readonly show: (result: ActionResult | null) => void;
}

/** Runs one action at a time and keeps what it answered. */
export function useAction(): ActionRun {
  const [busy, setBusy] = useState<string | null>(null);
  const [result, setResult] = useState<ActionResult | null>(null);
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
