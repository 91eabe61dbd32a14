/** A push on trial in words. Pure. */
import type { LiveTrial } from '#lib/protocol/live.ts';

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** The shortest time that a router gives; null when none can be asked. `sinceMs`: how old its word is. */
export function secondsLeft(trial: LiveTrial, sinceMs: number): number | null {
  const all = trial.routers.flatMap((router) => router.secondsLeft ?? []);
  return all.length === 0 ? null : Math.max(0, Math.min(...all) - Math.floor(sinceMs / 1000));
}

/** Who returns to what ran before, and who cannot be asked. */
export function whoReturns({ routers }: LiveTrial): string {
  const counting = routers.filter((router) => router.secondsLeft !== null).map(({ name }) => name);
  const silent = routers
    .filter(({ state, secondsLeft: left }) => state === 'trial' && left === null)
    .map(({ name }) => name);
  const said =
    counting.length === 0
      ? ''
      : `${listed(counting)} ${counting.length === 1 ? 'returns' : 'return'} to what ran before unless you keep it.`;
  const unknown =
    silent.length === 0
      ? ''
      : `${listed(silent)} cannot be asked; without a word ${silent.length === 1 ? 'it returns' : 'they return'} by ${silent.length === 1 ? 'itself' : 'themselves'}.`;
  return [said, unknown].filter((part) => part !== '').join(' ');
}

/** How long a trial may last, for a choice: seconds. */
export const trialLengths = [30, 60, 120, 300, 600, 3600] as const;
