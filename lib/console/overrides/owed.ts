/** What a router was not told yet of an administrator's decisions, and what its own word makes of it. Pure. */
import type { HealthStatus } from '#lib/protocol/messages.ts';
import { overrideOf, overrideText } from '#lib/protocol/override.ts';
import type { OverrideMethod } from '../routers/commands.ts';

/** What shall hold for one real server; of either kind the last decision counts. */
export type Wanted =
  /** Null: it serves as the configuration says. */
  | { readonly kind: 'service'; readonly state: 'drain' | 'disable' | null }
  /** Null: it has the weight of the configuration. */
  | { readonly kind: 'weight'; readonly weight: number | null };

export function wantedBy(method: OverrideMethod, weight: number | null): Wanted {
  if (method === 'server.setWeight') return { kind: 'weight', weight };
  if (method === 'server.drain') return { kind: 'service', state: 'drain' };
  return { kind: 'service', state: method === 'server.disable' ? 'disable' : null };
}

/** `drain rs1 of web`. */
export function wantedText(wanted: Wanted, { virtualServer, realServer }: ServerNames): string {
  const who = `${realServer} of ${virtualServer}`;
  if (wanted.kind === 'weight')
    return wanted.weight === null
      ? `free the weight of ${who}`
      : `fix the weight of ${who} at ${wanted.weight}`;
  return wanted.state === null ? `put ${who} back into service` : `${wanted.state} ${who}`;
}

export interface ServerNames {
  readonly virtualServer: string;
  readonly realServer: string;
}

export interface Owed extends ServerNames {
  readonly id: string;
  readonly routerId: string;
  readonly wanted: Wanted;
  readonly by: string;
  readonly at: Date;
}

/** What a router says of a real server; undefined: it has none of these names. */
export const serverIn = (
  health: readonly HealthStatus[],
  { virtualServer, realServer }: ServerNames,
): HealthStatus | undefined =>
  health.find((row) => row.virtualServer === virtualServer && row.realServer === realServer);

export type Step =
  | { readonly kind: 'ask'; readonly method: OverrideMethod; readonly weight: number | null }
  /** It holds there already. */
  | { readonly kind: 'done' }
  /** `isContested`: somebody decided otherwise on that router since; a person says what holds. */
  | { readonly kind: 'wait'; readonly why: string; readonly isContested: boolean };

/** What to do about a debt. `health`: what the router says of its real servers; null: it cannot be asked. */
export function stepFor(debt: Owed, router: string, health: readonly HealthStatus[] | null): Step {
  const { wanted, at } = debt;
  if (health === null)
    return { kind: 'wait', why: `${router} cannot be asked; it is told when it answers`, isContested: false };
  const there = serverIn(health, debt);
  if (there === undefined)
    return {
      kind: 'wait',
      why: `${router} runs a configuration without it; it is told when it runs one that has it`,
      isContested: false,
    };
  const next = askFor(wanted, there);
  if (next === null) return { kind: 'done' };
  const later = heldThere(wanted, there).find((override) => (override.at ?? '') > at.toISOString());
  if (later === undefined) return next;
  const why = `it was decided otherwise on ${router} since: ${overrideText(later)}`;
  return { kind: 'wait', why, isContested: true };
}

/** The overrides that a decision would replace. */
const heldThere = (wanted: Wanted, health: HealthStatus) =>
  (wanted.kind === 'weight' ? (['weight'] as const) : (['drain', 'disable'] as const)).flatMap(
    (kind) => overrideOf(kind, health) ?? [],
  );

/** What brings a real server there; null when it is so. */
export function askFor(wanted: Wanted, health: HealthStatus): Extract<Step, { kind: 'ask' }> | null {
  const ask = (method: OverrideMethod, weight: number | null = null) =>
    ({ kind: 'ask', method, weight }) as const;
  if (wanted.kind === 'weight') {
    const fixed = overrideOf('weight', health)?.weight ?? null;
    return fixed === wanted.weight ? null : ask('server.setWeight', wanted.weight);
  }
  const isDrained = overrideOf('drain', health) !== null;
  const isDisabled = overrideOf('disable', health) !== null;
  if (wanted.state === 'drain') return isDrained ? null : ask('server.drain');
  if (wanted.state === 'disable') return isDisabled ? null : ask('server.disable');
  if (isDrained) return ask('server.undrain');
  return isDisabled ? ask('server.enable') : null;
}
