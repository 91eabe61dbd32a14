'use client';
import { useEffect, useState } from 'react';
import type { ClusterBrief, Overview } from '#lib/protocol/overview.ts';
import { openStream } from '../live/open-stream.ts';

interface LiveOverview {
  readonly clusters: readonly ClusterBrief[];
  /** The console does not answer: what is shown is old. */
  readonly lost: boolean;
}

/** All clusters as they are now: from the page first, then from the event stream. */
export function useOverview(initial: Overview): LiveOverview {
  const [streamed, setStreamed] = useState<Overview | null>(null);
  const [lost, setLost] = useState(false);
  useEffect(
    () =>
      openStream<Overview>('/api/overview/live', {
        onValue: (overview) => {
          setStreamed(overview);
          setLost(false);
        },
        onLost: () => setLost(true),
      }),
    [],
  );
  // A page that was rendered anew after an action knows more than the last event.
  const newest = streamed !== null && streamed.at > initial.at ? streamed : initial;
  return { clusters: newest.clusters, lost };
}
