'use client';
import type { ReactNode } from 'react';
import { Notice } from '../ui/notice.tsx';
import { formatClock } from './duration.ts';
import { useLive } from './live-provider.tsx';

/** Over live pages: says when the console itself has gone, because everything below is then old. */
export function StreamNotice() {
  const { stream } = useLive();
  if (stream.state !== 'lost') return null;
  return (
    <Notice
      tone="bad"
      title={`Console not reachable since ${formatClock(new Date(stream.since).toISOString())}`}
    >
      Nothing on this page is current; what is shown in grey is the last that was known. The browser keeps
      trying. If this stays, check that the console runs and that you are still signed in.
    </Notice>
  );
}

/** Greys its content out while the console cannot be reached. */
export function Stale({ children }: { readonly children: ReactNode }) {
  const { stream } = useLive();
  return <div className={stream.state === 'lost' ? 'grayscale' : undefined}>{children}</div>;
}
