'use client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { LiveRouter, LiveSnapshot } from '#lib/protocol/live.ts';
import { openStream } from './open-stream.ts';
import { shareStructure } from './share.ts';

export type Stream =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Browser's clock, ms. */
  | { readonly state: 'lost'; readonly since: number };

interface Live {
  readonly snapshot: LiveSnapshot | null;
  readonly stream: Stream;
  /** What to add to the browser's clock to get the console's, ms. */
  readonly clockOffset: number;
}

const LiveContext = createContext<Live>({ snapshot: null, stream: { state: 'connecting' }, clockOffset: 0 });

/** One event stream for all pages of a cluster. */
export function LiveProvider({
  clusterId,
  initial,
  children,
}: {
  readonly clusterId: string;
  readonly initial: LiveSnapshot | null;
  readonly children: ReactNode;
}) {
  const [live, setLive] = useState<Live>({
    snapshot: initial,
    stream: { state: 'connecting' },
    clockOffset: 0,
  });
  useEffect(
    () =>
      openStream<LiveSnapshot>(`/api/clusters/${encodeURIComponent(clusterId)}/live`, {
        onValue: (snapshot) =>
          setLive((before) => ({
            snapshot: shareStructure(before.snapshot, snapshot),
            stream: before.stream.state === 'live' ? before.stream : { state: 'live' },
            clockOffset: steadyOffset(before.clockOffset, Date.parse(snapshot.at) - Date.now()),
          })),
        onLost: () =>
          setLive((before) =>
            before.stream.state === 'lost'
              ? before
              : { ...before, stream: { state: 'lost', since: Date.now() } },
          ),
      }),
    [clusterId],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Small wobble is the network's; a new object for it would redraw every age. */
const steadyOffset = (before: number, measured: number): number =>
  Number.isFinite(measured) && Math.abs(measured - before) > 1500 ? measured : before;

export const useLive = (): Live => useContext(LiveContext);

/** The live state of one router of this cluster. */
export function useLiveRouter(id: string): LiveRouter | null {
  const { snapshot } = useLive();
  return useMemo(() => snapshot?.routers.find((router) => router.id === id) ?? null, [snapshot, id]);
}
