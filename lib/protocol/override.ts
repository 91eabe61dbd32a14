/** Overrides of administrators in words; the same in the terminal and in the browser. Pure. */
import type { HealthStatus, Override } from './messages.ts';

type Overridden = Pick<HealthStatus, 'overrides'>;

export const overrideOf = (kind: Override['kind'], { overrides }: Overridden): Override | null =>
  overrides?.find((each) => each.kind === kind) ?? null;

/** The weight that an administrator fixed; null: it follows the configuration. */
export const fixedWeightOf = (health: Overridden): number | null =>
  overrideOf('weight', health)?.weight ?? null;

/** An administrator took it out of the routing table; `disabled` alone may also mean not active in the configuration. */
export const isTakenOut = (health: Overridden): boolean => overrideOf('disable', health) !== null;

/** `drained by alice`, `weight fixed at 5`. */
export function overrideText({ kind, weight, by }: Override): string {
  const what = { drain: 'drained', disable: 'disabled', weight: `weight fixed at ${weight}` }[kind];
  return by === null ? what : `${what} by ${by}`;
}
