/**
 * One seed of a pair without a cluster key, judged by what the kernels hold: while nothing disturbs, two routers
 * never hold the addresses for longer than a heartbeat, somebody holds them after a dead time and two heartbeats if
 * anybody can, and nobody moves the service without a cause.
 */
import { step } from '#agent/pulse/machine.ts';
import type { Side } from './network.ts';
import { otherSide } from './network.ts';
import { calmPlainDown, plainTroubles } from './plain-troubles.ts';
import type { PlainWorld } from './plain-world.ts';
import { createPlainWorld, isPiranha, isPlainCalm, startStation } from './plain-world.ts';
import type { Step } from './router.ts';
import { sides } from './world.ts';

export type PlainPromise = 'one owner' | 'somebody serves' | 'no false transfer';

export interface PlainVerdict {
  readonly seed: number;
  readonly violation: {
    readonly promise: PlainPromise;
    readonly at: number;
    readonly message: string;
  } | null;
  readonly trace: readonly string[];
}

const CLOCK_SLACK = 1.02;
const TROUBLES_MOST = 6;

export function runPlainSeed(
  seed: number,
  options: { readonly step?: Step; readonly trace?: boolean } = {},
): PlainVerdict {
  let violation: PlainVerdict['violation'] = null;
  const blame = (promise: PlainPromise, message: string) => {
    violation ??= { promise, at: world.timeline.now(), message };
  };
  let calmSince = 0;
  let bothSince: number | null = null;
  let nobodySince: number | null = 0;
  let excusedUntil = 0;
  let lastHolder: Side | null = null;
  const world: PlainWorld = createPlainWorld({
    seed,
    step: options.step ?? step,
    keepTrace: options.trace === true,
    onAction(router, action) {
      if (action.type !== 'log' || action.kind !== 'taking-over') return;
      if (router.toldFault !== null) blame('no false transfer', `${router.side} takes over with a fault`);
      const isFromSilence = action.message.startsWith('partner dead');
      const isWrong = isFromSilence && world.stations[otherSide(router.side)].isHolding;
      if (isWrong && world.timeline.now() - calmSince > world.deadtimeMs / CLOCK_SLACK) {
        blame('no false transfer', `${router.side} takes a partner for dead that lives and serves`);
      }
    },
  });
  const lateness = () => {
    const { weather } = world.network;
    const effects = sides.reduce((sum, side) => sum + world.stations[side].effectMs, 0);
    return 4 * (weather.delay + weather.jitter) + 2 * effects;
  };

  const judge = () => {
    const now = world.timeline.now();
    calmSince = isPlainCalm(world) ? Math.max(calmSince, world.disturbedAt()) : now;
    if (sides.some((side) => isWaiting(world, side))) excusedUntil = now;
    const holders = sides.filter((side) => world.stations[side].isHolding);
    bothSince = holders.length === 2 ? (bothSince ?? now) : null;
    if (bothSince !== null) {
      const forMs = now - Math.max(bothSince, calmSince);
      if (forMs > CLOCK_SLACK * world.keepaliveMs + lateness())
        blame('one owner', `both hold the addresses for ${forMs.toFixed(0)} ms`);
    }
    const [holder] = holders;
    if (holders.length === 1 && holder !== lastHolder) {
      if (lastHolder !== null && now - Math.max(calmSince, excusedUntil) > 7 * world.deadtimeMs)
        blame('no false transfer', `the service moves to the ${holder} without a cause`);
      lastHolder = holder ?? null;
    }
    nobodySince = holders.length === 0 ? (nobodySince ?? now) : null;
    const able = sides.filter((side) => canServe(world, side));
    if (nobodySince === null || able.length === 0) return;
    const forMs = now - Math.max(nobodySince, calmSince, excusedUntil);
    const bound = CLOCK_SLACK * (world.deadtimeMs + 2 * world.keepaliveMs) + lateness();
    if (forMs > bound)
      blame('somebody serves', `nobody for ${forMs.toFixed(0)} ms, though ${able.join(' and ')} can`);
  };

  const end = plan(world);
  while (violation === null && world.timeline.advance(end)) judge();
  return { seed, violation, trace: world.trace };
}

function canServe(world: PlainWorld, side: Side): boolean {
  const station = world.stations[side];
  if (isPiranha(station)) return station.canServe();
  return station.isAwake() && station.fault === null && !station.state.isLeaving;
}

/** Hold-down after both were active: bounded by the machine, and known. */
function isWaiting(world: PlainWorld, side: Side): boolean {
  const station = world.stations[side];
  return !isPiranha(station) && station.isAwake() && station.state.heldUntil > station.clock();
}

function plan(world: PlainWorld): number {
  const { random, timeline, deadtimeMs } = world;
  for (const side of sides) {
    timeline.at(random.pick([0, 0, random.between(0, 3)]) * deadtimeMs, () => {
      world.disturb(`${side} starts`);
      startStation(world.stations[side]);
    });
  }
  let time = deadtimeMs * random.pick([0, 3]);
  const count = random.integer(1, TROUBLES_MOST);
  for (let index = 0; index < count; index += 1) {
    time += deadtimeMs * (random.chance(0.6) ? random.between(0, 2) : random.between(5, 9));
    const trouble = random.pick(plainTroubles);
    const side = random.pick(['primary', 'backup']);
    timeline.at(time, () => trouble(world, side));
  }
  time += deadtimeMs * random.between(0, 8);
  timeline.at(time, () => calmPlainDown(world));
  return time + deadtimeMs * 10;
}

export function plainReplayHint({ seed, violation }: PlainVerdict): string {
  if (violation === null) return `seed ${seed}: no violation`;
  const { at, promise, message } = violation;
  return `seed ${seed} at ${at.toFixed(1)} ms: ${promise}: ${message}\nreplay: PLAIN_SEED=${seed} npx vitest run agent/sim/plain`;
}
