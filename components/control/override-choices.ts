/** What an administrator can decide about one real server now, and what has been decided. Pure. */
import type { LiveRouter } from '#lib/protocol/live.ts';
import type { HealthStatus, Override } from '#lib/protocol/messages.ts';
import { overrideOf } from '#lib/protocol/override.ts';
import type { HealthRow } from './health.ts';

export type Decision = 'drain' | 'undrain' | 'disable' | 'enable' | 'fix-weight' | 'free-weight';

export interface Choice {
  readonly decision: Decision;
  /** In the menu. */
  readonly text: string;
  /** On the button that does it. */
  readonly verb: string;
  /** What happens, in full. */
  readonly description: string;
  readonly danger: boolean;
}

const stays =
  'It holds on both routers, over pushes and restarts, until it is taken back or the real server leaves the configuration.';

/** The choices that make sense for this state of one real server. */
export function choicesFor(
  virtualServer: string,
  realServer: string,
  health: HealthStatus,
): readonly Choice[] {
  const who = `${realServer} of ${virtualServer}`;
  const choice = (decision: Decision, verb: string, description: string, danger = false): Choice => ({
    decision,
    text: `${verb}…`,
    verb: `${verb} ${realServer}`,
    description,
    danger,
  });
  const isDisabled = overrideOf('disable', health) !== null;
  return [
    overrideOf('drain', health) === null
      ? choice(
          'drain',
          'Drain',
          `${who} gets no new connections; those that are open go on until they end. ${isDisabled ? 'It is no longer disabled: while its check succeeds, it stands in the routing table with weight 0. ' : ''}${stays}`,
        )
      : choice('undrain', 'Undrain', `${who} gets new connections again, as soon as its check succeeds.`),
    isDisabled
      ? choice(
          'enable',
          'Enable',
          `${who} serves again, as soon as its check succeeds; its weight grows as after any return.`,
        )
      : choice(
          'disable',
          'Disable',
          `${who} leaves the routing table at once: its open connections break. To let them end first, drain it. Its check goes on. ${stays}`,
          true,
        ),
    choice(
      'fix-weight',
      'Fix weight',
      `${who} gets this weight whatever configuration, slow start and load say. ${stays}`,
    ),
    ...(overrideOf('weight', health) === null
      ? []
      : [choice('free-weight', 'Free weight', `${who} has the weight of the configuration again.`)]),
  ];
}

export interface ShownOverride {
  readonly override: Override;
  /** Routers that can be asked and do not know of it; after a failover it would not hold there. */
  readonly missingOn: readonly string[];
}

/** What has been decided about a real server on any router, and which routers do not know. */
export function shownOverrides(row: HealthRow, routers: readonly LiveRouter[]): readonly ShownOverride[] {
  const seen = row.seen.flatMap((health, index) => {
    const router = routers[index];
    return health === null || router === undefined ? [] : [{ health, name: router.name }];
  });
  const first = row.leading === null ? [] : [row.leading];
  return (['drain', 'disable', 'weight'] as const).flatMap((kind) => {
    const [override] = [...first, ...seen.map(({ health }) => health)].flatMap(
      (health) => overrideOf(kind, health) ?? [],
    );
    if (override === undefined) return [];
    const missingOn = seen
      .filter(({ health }) => overrideOf(kind, health)?.weight !== override.weight)
      .map(({ name }) => name);
    return [{ override, missingOn }];
  });
}
