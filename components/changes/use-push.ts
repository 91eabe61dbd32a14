'use client';
import { useState } from 'react';
import type { PushReport } from '#lib/console/contract.ts';

interface PushActions {
  readonly push: (message: string, how: { readonly overwrite: boolean }) => Promise<PushReport>;
  readonly catchUp: () => Promise<PushReport>;
}

export interface Pushing {
  readonly message: string;
  readonly setMessage: (message: string) => void;
  readonly busy: 'push' | 'overwrite' | 'catch-up' | null;
  /** The last one, until the next begins. `lost`: the console did not answer. */
  readonly report: PushReport | 'lost' | null;
  readonly push: (overwrite: boolean) => Promise<void>;
  readonly catchUp: () => Promise<void>;
}

/** Pushing, and what came of it. The message survives a push that made no revision. */
export function usePush(actions: PushActions): Pushing {
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState<Pushing['busy']>(null);
  const [report, setReport] = useState<Pushing['report']>(null);
  const run = async (name: NonNullable<Pushing['busy']>, work: () => Promise<PushReport>) => {
    setBusy(name);
    setReport(null);
    const answer = await work().catch(() => 'lost' as const);
    setBusy(null);
    setReport(answer);
    if (answer !== 'lost' && answer.serial !== null) setMessage('');
  };
  return {
    message,
    setMessage,
    busy,
    report,
    push: (overwrite) => run(overwrite ? 'overwrite' : 'push', () => actions.push(message, { overwrite })),
    catchUp: () => run('catch-up', actions.catchUp),
  };
}
