/** The weight in the kernel's table: health, then load, then what an administrator decided. Pure. */
import { type Load, loadedWeight } from './load.ts';
import type { MemberPlan } from './members.ts';
import type { InForce } from './overrides.ts';

type Weighed = Pick<MemberPlan, 'settings'>;

/** The healthy weight under the load; one that still grows is not raised by it. */
function underLoad(healthy: number, { settings }: Weighed, load: Load): number {
  const loaded = loadedWeight(settings.weight, load);
  return healthy === settings.weight ? loaded : Math.min(healthy, loaded);
}

/**
 * `healthy` is what health says: null = down, 0 = kept for its connections. Nothing brings back what is down; a fixed
 * weight stands for growth and for the share of a load, not for a load agent that asks for no connections.
 */
export function weighed(
  healthy: number | null,
  plan: Weighed,
  load: Load,
  { isDrained, isDisabled, fixedWeight }: InForce,
): number | null {
  if (healthy === null || isDisabled) return null;
  if (healthy === 0 || (load.order === 'out' && plan.settings.quiesce)) return 0;
  if (load.order === 'out') return null;
  if (isDrained || load.order === 'drain') return 0;
  return fixedWeight ?? underLoad(healthy, plan, load);
}
