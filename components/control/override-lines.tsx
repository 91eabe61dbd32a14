import { Pin } from 'lucide-react';
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import { fixedWeightOf, overrideText } from '#lib/protocol/override.ts';
import { Age } from '../live/age.tsx';
import type { HealthRow } from './health.ts';
import { shownOverrides } from './override-choices.ts';

interface OverrideLinesProps {
  readonly row: HealthRow;
  readonly routers: readonly LiveRouter[];
}

/** Who decided what about a real server, and since when; a line each. */
export function OverrideLines({ row, routers }: OverrideLinesProps) {
  return shownOverrides(row, routers).map(({ override, missingOn }) => (
    <p key={override.kind} className="text-xs text-info">
      {overrideText(override)}
      {override.at !== null && (
        <>
          , <Age at={override.at} suffix=" ago" />
        </>
      )}
      {missingOn.length > 0 && <span className="text-warn">; not on {missingOn.join(', ')}</span>}
    </p>
  ));
}

/** The weight in the kernel's table; a pin marks one that an administrator fixed. */
export function WeightText({ health }: { readonly health: HealthStatus | null }) {
  if (health?.weight == null) return '–';
  if (fixedWeightOf(health) === null) return health.weight;
  return (
    <span className="inline-flex items-center gap-1 text-info" title="Fixed by an administrator">
      <Pin aria-hidden="true" className="size-3" />
      <span className="sr-only">fixed at </span>
      {health.weight}
    </span>
  );
}
