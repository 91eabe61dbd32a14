/** One seed is one world: the same trouble at the same instants, and a verdict. */
import { step } from '#agent/pulse/machine.ts';
import { calmDown, disturbances } from './disturbances.ts';
import type { Violation } from './referee.ts';
import { createReferee } from './referee.ts';
import type { Step } from './router.ts';
import type { World } from './world.ts';
import { createWorld, longestDeadtime, sides } from './world.ts';

export interface Verdict {
  readonly seed: number;
  readonly violation: Violation | null;
  /** What happened, one line each; empty unless asked for. */
  readonly trace: readonly string[];
  readonly steps: number;
}

export interface RunOptions {
  /** A mutated machine, to show that the referee sees. */
  readonly step?: Step;
  readonly trace?: boolean;
}

const TROUBLES_MOST = 7;
const STEPS_MOST = 200_000;

export function runSeed(seed: number, options: RunOptions = {}): Verdict {
  const referee = createReferee(() => world);
  const world: World = createWorld({
    seed,
    step: options.step ?? step,
    keepTrace: options.trace === true,
    onAction: referee.onAction,
  });
  const end = planTroubles(world);
  let steps = 0;
  while (steps < STEPS_MOST && world.timeline.advance(end)) {
    steps += 1;
    const violation = referee.judge();
    if (violation !== null) return { seed, violation, trace: world.trace, steps };
  }
  return { seed, violation: null, trace: world.trace, steps };
}

/** How to see a failing seed again. */
export function replayHint(verdict: Verdict): string {
  const { seed, violation } = verdict;
  const what = violation === null ? 'no violation' : `promise ${violation.promise}: ${violation.message}`;
  const at = violation === null ? '' : ` at ${violation.at.toFixed(1)} ms`;
  return `seed ${seed}${at}: ${what}\nreplay: SIM_SEED=${seed} npx vitest run agent/sim`;
}

/** Boots both, then trouble after trouble, some close together and some after a long calm. */
function planTroubles(world: World): number {
  const { random, timeline } = world;
  const deadtime = longestDeadtime(world);
  for (const side of sides) {
    timeline.at(random.pick([0, 0, random.between(0, 3)]) * deadtime, () => {
      world.disturb(`${side} boots`);
      world.routers[side].powerOn();
    });
  }
  let time = deadtime * random.pick([0, 3]);
  const count = random.integer(1, TROUBLES_MOST);
  for (let index = 0; index < count; index += 1) {
    time += deadtime * (random.chance(0.6) ? random.between(0, 2) : random.between(5, 9));
    const trouble = random.pick(disturbances);
    const side = random.pick(['primary', 'backup']);
    timeline.at(time, () => trouble(world, side));
  }
  time += deadtime * random.between(0, 8);
  timeline.at(time, () => calmDown(world));
  return time + deadtime * 10;
}
