/**
 * Health of one real server in one virtual server: a pure machine that check results and time drive (Piranha
 * reference 3.5, 3.6, 3.8). The first success admits; `fall` failures in a row remove (Piranha: one); after that,
 * `rise` successes in a row bring back; the weight grows from 1/32.
 */

export interface HealthSettings {
  /** Configured weight; 0 takes no new connections. */
  readonly weight: number;
  /** Failures in a row that take a server out; at least 1. */
  readonly fall: number;
  /** Successes in a row that bring a failed server back; at least 1. */
  readonly rise: number;
  /** A failed server stays in the table with weight 0. */
  readonly quiesce: boolean;
  /** null: as Piranha, doubled every 20 s. 0: full weight at once. Else full weight after this time. */
  readonly slowStartMs: number | null;
}

/** Growth of the weight: `from` at `sinceMs`, doubled step by step. */
interface Ramp {
  readonly from: number;
  readonly sinceMs: number;
}

/** `held`: it stood in the table when this phase began, so that quiescing may keep it there. */
export type Health =
  | { readonly phase: 'unknown'; readonly held: boolean }
  | { readonly phase: 'up'; readonly ramp: Ramp | null; readonly failures: number }
  | { readonly phase: 'down'; readonly held: boolean; readonly successes: number };

/** Piranha's step: "about every 20 s" (reference 3.6). */
const PIRANHA_STEP_MS = 20_000;

/** A server of which nothing is known: its first success admits it. */
export const newHealth: Health = { phase: 'unknown', held: false };

/** Successes in a row after a failure: reentry / interval, rounded down, at least 1. */
export const riseOf = (reentryMs: number, intervalMs: number): number =>
  Math.max(1, Math.floor(reentryMs / Math.max(1, intervalMs)));

/** The weight with which a server starts. */
const initialWeight = (weight: number): number => Math.max(1, weight >> 5);

function admit(settings: HealthSettings, now: number): Health & { readonly phase: 'up' } {
  const from = initialWeight(settings.weight);
  const atOnce = settings.slowStartMs === 0 || from >= settings.weight;
  return { phase: 'up', ramp: atOnce ? null : { from, sinceMs: now }, failures: 0 };
}

/**
 * A server that was found in the kernel's table, left by an earlier run: up, and on from the weight that it has.
 * A weight of 0 that the configuration does not want may have been given for a failure: it stays until a check.
 */
export function adoptedHealth(tableWeight: number, settings: HealthSettings, now: number): Health {
  if (tableWeight <= 0 && settings.weight > 0) return { phase: 'unknown', held: true };
  const grown = tableWeight >= settings.weight || settings.slowStartMs === 0;
  return { phase: 'up', ramp: grown ? null : { from: tableWeight, sinceMs: now }, failures: 0 };
}

/** A healthy server that comes back into the table after an administrator took it out: its weight grows anew. */
export const readmitted = (health: Health, settings: HealthSettings, now: number): Health =>
  health.phase === 'up' ? { ...admit(settings, now), failures: health.failures } : health;

/** What one check result makes of it. `now` is monotonic, in ms. */
export function checked(health: Health, ok: boolean, settings: HealthSettings, now: number): Health {
  if (!ok && health.phase === 'up' && health.failures + 1 < settings.fall)
    return { ...health, failures: health.failures + 1 };
  if (!ok) return { phase: 'down', held: health.phase === 'up' || health.held, successes: 0 };
  if (health.phase === 'up') return health.failures === 0 ? health : { ...health, failures: 0 };
  if (health.phase === 'unknown') return admit(settings, now);
  const successes = health.successes + 1;
  return successes >= settings.rise ? admit(settings, now) : { ...health, successes };
}

/**
 * A new configuration: a server that has its full weight takes the new one at once; one that still grows goes on
 * growing towards it.
 */
export function reconfigured(
  health: Health,
  before: HealthSettings,
  after: HealthSettings,
  now: number,
): Health {
  if (health.phase !== 'up' || health.ramp === null) return health;
  const grown = grownWeight(health.ramp, before, now) >= before.weight;
  return grown || after.slowStartMs === 0 ? { ...health, ramp: null } : health;
}

function stepMs(ramp: Ramp, settings: HealthSettings): number {
  if (settings.slowStartMs === null) return PIRANHA_STEP_MS;
  return settings.slowStartMs / Math.max(1, Math.ceil(Math.log2(settings.weight / ramp.from)));
}

function grownWeight(ramp: Ramp, settings: HealthSettings, now: number): number {
  const step = stepMs(ramp, settings);
  const steps = step <= 0 ? Number.POSITIVE_INFINITY : Math.floor((now - ramp.sinceMs) / step);
  return Math.min(settings.weight, ramp.from * 2 ** steps);
}

/** Weight that it should have in the kernel's table; null = it should not be there. */
export function weightAt(health: Health, settings: HealthSettings, now: number): number | null {
  switch (health.phase) {
    case 'unknown':
      return health.held ? 0 : null;
    case 'up':
      return health.ramp === null ? settings.weight : grownWeight(health.ramp, settings, now);
    case 'down':
      return health.held && settings.quiesce ? 0 : null;
  }
}

/** Time in ms until the weight grows by itself; null when it has grown. Never 0. */
export function nextGrowthMs(health: Health, settings: HealthSettings, now: number): number | null {
  if (health.phase !== 'up' || health.ramp === null) return null;
  if (grownWeight(health.ramp, settings, now) >= settings.weight) return null;
  const step = stepMs(health.ramp, settings);
  const elapsed = now - health.ramp.sinceMs;
  return Math.max(1, (Math.floor(elapsed / step) + 1) * step - elapsed);
}
