'use client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { LiveRouter, LiveSnapshot } from '#lib/protocol/live.ts';
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

/** No message for this long: the stream is opened anew (a dead network tells nobody). */
const SILENCE_MS = 40_000;
/** How long the first message of an opened stream may take before the console counts as not reachable. */
const FIRST_MESSAGE_MS = 8_000;
const RETRY_MS = 2_000;

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
      openStream(`/api/clusters/${encodeURIComponent(clusterId)}/live`, {
        onSnapshot: (snapshot) =>
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

interface StreamEvents {
  readonly onSnapshot: (snapshot: LiveSnapshot) => void;
  readonly onLost: () => void;
}

/** Keeps an event stream open, whatever happens to it. Returns how to stop. */
function openStream(url: string, events: StreamEvents): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (delay: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, delay);
  };
  const open = () => {
    source?.close();
    source = new EventSource(url);
    wait(FIRST_MESSAGE_MS, lost);
    source.onmessage = (message: MessageEvent<string>) => {
      wait(SILENCE_MS, open);
      events.onSnapshot(JSON.parse(message.data));
    };
    source.onerror = lost;
  };
  const lost = () => {
    source?.close();
    events.onLost();
    wait(RETRY_MS, open);
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

export const useLive = (): Live => useContext(LiveContext);

/** The live state of one router of this cluster. */
export function useLiveRouter(id: string): LiveRouter | null {
  const { snapshot } = useLive();
  return useMemo(() => snapshot?.routers.find((router) => router.id === id) ?? null, [snapshot, id]);
}
