'use client';
import { memo, useEffect, useRef, useState } from 'react';
import type { LiveSnapshot } from '#lib/protocol/live.ts';
import { Moment } from '../live/age.tsx';
import { eventLook } from '../status/looks.ts';
import { toneInk } from '../ui/badge.tsx';
import { Card } from '../ui/card.tsx';

type Events = LiveSnapshot['events'];

const keyOf = (event: Events[number]): string => `${event.router} ${event.at} ${event.sequence}`;

/** What happened on the routers, newest first. */
export const EventList = memo(function EventList({ events }: { readonly events: Events }) {
  return (
    <Card title="Events" className="flex max-h-[60rem] flex-col">
      {events.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">
          Nothing yet. Failovers, real servers that fail or return, pushes and repairs show here as they
          happen.
        </p>
      ) : (
        <ol
          aria-label="Events, newest first"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="min-h-0 divide-y divide-line/70 overflow-y-auto"
        >
          {events.map((event) => {
            const { Icon, tone, word } = eventLook[event.severity];
            return (
              <li key={keyOf(event)} className="flex gap-2 px-4 py-1.5 text-sm">
                <Icon aria-label={word} role="img" className={`mt-0.5 size-4 shrink-0 ${toneInk[tone]}`} />
                <div className="min-w-0">
                  <p className="break-words">{event.message}</p>
                  <p className="text-xs text-muted">
                    {event.router} · <Moment at={event.at} />
                  </p>
                </div>
              </li>
            );
          })}
        </ol>
      )}
      <Announcer events={events} />
    </Card>
  );
});

/** Tells a screen reader what changed; what was there when the page opened is not news. */
function Announcer({ events }: { readonly events: Events }) {
  const newest = events.find(({ severity }) => severity !== 'info') ?? events[0];
  const key = newest ? keyOf(newest) : '';
  const first = useRef(key);
  const [text, setText] = useState('');
  useEffect(() => {
    if (!newest || key === first.current) return;
    setText(`${newest.router}: ${newest.message}`);
  }, [newest, key]);
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
