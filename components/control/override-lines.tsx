import { Pin } from 'lucide-react';
import type { ActionResult } from '#lib/console/contract.ts';
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus, Override } from '#lib/protocol/messages.ts';
import { fixedWeightOf, overrideText } from '#lib/protocol/override.ts';
import { Age } from '../live/age.tsx';
import type { ActionRun } from '../ui/use-action.ts';
import type { OverrideActions } from './actions.ts';
import type { HealthRow } from './health.ts';
import { shownOverrides } from './override-choices.ts';

/** Every router is told; one that has it already stays as it is. */
function again(
  actions: OverrideActions,
  virtualServer: string,
  { realServer }: HealthRow,
  { kind, weight }: Override,
): Promise<ActionResult> {
  if (kind === 'weight') return actions.setWeight(virtualServer, realServer, weight);
  return actions[kind](virtualServer, realServer);
}

interface OverrideLinesProps {
  readonly virtualServer: string;
  readonly actions: OverrideActions;
  readonly action: ActionRun;
  readonly row: HealthRow;
  readonly routers: readonly LiveRouter[];
}

/** Who decided what about a real server, and since when; a line each. */
export function OverrideLines({ virtualServer, row, routers, actions, action }: OverrideLinesProps) {
  return shownOverrides(row, routers).map(({ override, missingOn }) => (
    <p key={override.kind} className="text-xs text-info">
      {overrideText(override)}
      {override.at !== null && (
        <>
          , <Age at={override.at} suffix=" ago" />
        </>
      )}
      {missingOn.length > 0 && (
        <span className="text-warn">
          ; not on {missingOn.join(', ')}{' '}
          <button
            type="button"
            className="rounded font-medium text-accent hover:underline"
            aria-label={`Send again: ${row.realServer} of ${virtualServer} ${overrideText(override)}`}
            disabled={action.busy !== null}
            onClick={() => action.run('send again', () => again(actions, virtualServer, row, override))}
          >
            Send again
          </button>
        </span>
      )}
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
