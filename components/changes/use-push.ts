'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { PushReport } from '#lib/console/contract.ts';

export interface PushHow {
  readonly overwrite: boolean;
  readonly trialSeconds?: number;
  /** Hash of the draft that is shown. */
  readonly reviewed: string;
}

interface PushActions {
  readonly push: (message: string, how: PushHow) => Promise<PushReport>;
  readonly catchUp: () => Promise<PushReport>;
}

export interface Pushing {
  readonly message: string;
  readonly setMessage: (message: string) => void;
  /** Null: for good. */
  readonly trialSeconds: number | null;
  readonly setTrialSeconds: (seconds: number | null) => void;
  readonly busy: 'push' | 'overwrite' | 'catch-up' | null;
  /** The last one, until the next begins. `lost`: the console did not answer. */
  readonly report: PushReport | 'lost' | null;
  readonly push: (overwrite: boolean) => Promise<void>;
  readonly catchUp: () => Promise<void>;
}

/** Pushing, and what came of it. The message survives a push that made no revision. */
export function usePush(actions: PushActions, reviewed: string): Pushing {
  const router = useRouter();
  const [message, setMessage] = useState('');
  const [trialSeconds, setTrialSeconds] = useState<number | null>(null);
  const [busy, setBusy] = useState<Pushing['busy']>(null);
  const [report, setReport] = useState<Pushing['report']>(null);
  const run = async (name: NonNullable<Pushing['busy']>, work: () => Promise<PushReport>) => {
    setBusy(name);
    setReport(null);
    const answer = await work().catch(() => 'lost' as const);
    setBusy(null);
    setReport(answer);
    if (answer !== 'lost' && answer.serial !== null) setMessage('');
    // Nothing was made: somebody else may have changed the draft, and this page shows it then.
    else router.refresh();
  };
  return {
    message,
    setMessage,
    trialSeconds,
    setTrialSeconds,
    busy,
    report,
    push: (overwrite) =>
      run(overwrite ? 'overwrite' : 'push', () =>
        actions.push(message, {
          overwrite,
          reviewed,
          ...(trialSeconds === null ? {} : { trialSeconds }),
        }),
      ),
    catchUp: () => run('catch-up', actions.catchUp),
  };
}
