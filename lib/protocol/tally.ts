/** How many real servers of each virtual server are up. Pure. */
import type { HealthStatus } from './messages.ts';

/** By the virtual server's name: how many are up, of how many that are active. */
export type Tallies = Readonly<Record<string, readonly [up: number, active: number]>>;

export function talliesOf(health: readonly HealthStatus[]): Tallies {
  const tallies = new Map<string, [up: number, active: number]>();
  for (const { virtualServer, state } of health) {
    const tally = tallies.get(virtualServer) ?? [0, 0];
    tallies.set(virtualServer, tally);
    if (state === 'disabled') continue;
    tally[1] += 1;
    if (state === 'up') tally[0] += 1;
  }
  return Object.fromEntries(tallies);
}
