'use client';
import { Clock } from 'lucide-react';
import type { LivePush } from '#lib/protocol/live.ts';
import { useLive } from '../live/live-provider.tsx';
import { type Look, outcomeLook } from '../status/looks.ts';
import { StateBadge } from '../status/state-badge.tsx';
import { Spinner } from '../ui/button.tsx';
import { sentence } from '../ui/sentence.ts';

const waiting: Look = { word: 'waits', tone: 'neutral', Icon: Clock };

const lookOf = (state: LivePush['steps'][number]['state']): Look =>
  state === 'waiting' ? waiting : outcomeLook[state];

/** A push as it runs, whoever began it: one line for each router, standby first. */
export function PushSteps() {
  const push = useLive().snapshot?.push ?? null;
  return (
    <div role="status">
      {push !== null && (
        <section
          aria-label="Push in progress"
          className="rounded-lg border border-info/40 bg-surface px-4 py-2.5"
        >
          <p className="flex items-center gap-2 font-semibold">
            <Spinner />
            {push.serial === null
              ? `${push.by} begins a push: the routers are asked for their state`
              : `${push.by} pushes revision ${push.serial}`}
          </p>
          {push.steps.length > 0 && (
            <ol className="mt-1.5 flex flex-col gap-1 text-sm">
              {push.steps.map((step) => (
                <li key={step.name} className="grid grid-cols-[5rem_8rem_minmax(0,1fr)] items-center gap-2">
                  <span className="truncate font-semibold">{step.name}</span>
                  <span>
                    <StateBadge look={lookOf(step.state)} />
                  </span>
                  <span className="text-muted">{sentence(step.message)}</span>
                </li>
              ))}
            </ol>
          )}
        </section>
      )}
    </div>
  );
}
