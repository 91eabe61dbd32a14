'use client';
import { useNow } from './clock.ts';
import { formatDuration, formatMoment } from './duration.ts';
import { useLive } from './live-provider.tsx';

/** How long ago a stamp of the console or of a router was: `12 s`. The exact time is in the title. */
export function Age({ at, suffix = '' }: { readonly at: string; readonly suffix?: string }) {
  const now = useNow();
  const { clockOffset } = useLive();
  if (now === null) return <time dateTime={at}>…</time>;
  return (
    <time dateTime={at} title={formatMoment(at)} className="whitespace-nowrap">
      {formatDuration(now + clockOffset - Date.parse(at))}
      {suffix}
    </time>
  );
}

/** A moment in the browser's own time zone; the server does not know it, therefore ISO 8601 until the page runs. */
export function Moment({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {now === null ? at : formatMoment(at)}
    </time>
  );
}
