/** A long batch for several processes. Pure. */
import { type Step, serviceName } from '#lib/ipvs/command.ts';
import type { ServiceKey } from '#lib/ipvs/table.ts';

const keyOf = (step: Step): ServiceKey => ('service' in step ? step.service.key : step.key);

const areOfOne = (a: Step | undefined, b: Step): boolean =>
  a !== undefined && (keyOf(a) === keyOf(b) || serviceName(keyOf(a)) === serviceName(keyOf(b)));

/**
 * The steps of a plan in their order, cut into at most `count` shares of about one length. The steps of one service
 * follow each other in a plan and stay together, for each builds on the one before; those of different services do not.
 */
export function shareOut(steps: readonly Step[], count: number): readonly (readonly Step[])[] {
  const size = Math.ceil(steps.length / Math.max(1, count));
  const shares: Step[][] = [];
  for (const step of steps) {
    const share = shares.at(-1);
    if (share !== undefined && (share.length < size || areOfOne(share.at(-1), step))) share.push(step);
    else shares.push([step]);
  }
  return shares;
}
