/**
 * Watches the world after every step and says which promise of DESIGN 5.5 was broken. It judges by what the kernels
 * hold and by what the world did, not by what the machines think; their words are read only for the cause they name.
 */
import type { MachineState, PulseAction } from '#agent/pulse/state.ts';
import type { Side } from './network.ts';
import { otherSide } from './network.ts';
import type { SimRouter } from './router.ts';
import type { World } from './world.ts';
import { configuredWaitMs, isCalm, isConnected, longestDeadtime, sides } from './world.ts';

export interface Violation {
  readonly promise: 1 | 2 | 3 | 4 | 5 | 6;
  readonly at: number;
  readonly message: string;
}

export interface Referee {
  onAction(router: SimRouter, action: PulseAction, before: MachineState): void;
  /** After each step of the world; the first violation, or null. */
  judge(): Violation | null;
}

/** Clocks run up to 0.5 % apart. */
const CLOCK_SLACK = 1.02;
const HOLD_DOWN_DEADTIMES = 3;

interface Takeover {
  readonly at: number;
  readonly cause: 'silence' | 'word';
}

export function createReferee(getWorld: () => World): Referee {
  let violation: Violation | null = null;
  let calmSince = 0;
  let nobodySince: number | null = 0;
  let bothSince: number | null = null;
  const faultySince: Partial<Record<Side, number>> = {};
  /** Not before then can a router be blamed that nobody serves: it waits for a known reason. */
  let excusedUntil = 0;
  let handoverAt: number | null = null;
  let lastPreemptionAt = Number.NEGATIVE_INFINITY;
  let expectAnnounce: { side: Side; since: number; by: number } | null = null;
  const announcedAt: Record<Side, number> = { primary: -1, backup: -1 };
  const takeovers: Partial<Record<Side, Takeover>> = {};
  /** From a living partner. */
  const falseTakeovers: Partial<Record<Side, { readonly at: number; readonly deadtimeMs: number }>> = {};
  const releasedBecause: Partial<Record<Side, string>> = {};

  const now = () => getWorld().timeline.now();
  const blame = (promise: Violation['promise'], message: string) => {
    violation ??= { promise, at: now(), message };
  };
  const lateness = (world: World) => {
    const { weather } = world.network;
    return (
      4 * (weather.delay + weather.jitter) +
      2 * (world.routers.primary.effectMs + world.routers.backup.effectMs)
    );
  };
  /** Dead time and two heartbeats, and what the wire and the kernels need. */
  const bound = (world: World) => {
    const keepalive = Math.max(...sides.map((side) => world.routers[side].config.keepaliveMs));
    return CLOCK_SLACK * (longestDeadtime(world) + 2 * keepalive) + lateness(world);
  };

  function onTakeover(router: SimRouter, message: string) {
    const world = getWorld();
    const { side } = router;
    const other = world.routers[otherSide(side)];
    const deadtime = router.config.deadtimeMs / CLOCK_SLACK;
    const isFromSilence = message.startsWith('partner dead');
    if (router.toldFault !== null) blame(3, `${side} takes over with a fault: ${router.toldFault}`);
    if (isFromSilence) {
      if (now() - router.awakeSince < deadtime)
        blame(6, `${side} takes over ${fromWake(router)} after it woke up`);
      judgeFalseTakeover(router, other);
    } else {
      judgeWord(router, other);
    }
    takeovers[side] = { at: now(), cause: isFromSilence ? 'silence' : 'word' };
    if (
      now() - calmSince > 7 * longestDeadtime(world) + configuredWaitMs(world) + bound(world) &&
      now() > excusedUntil + 4 * longestDeadtime(world) + configuredWaitMs(world)
    ) {
      blame(4, `${side} takes over without a cause: ${message}`);
    }
  }

  const fromWake = (router: SimRouter) => `${(now() - router.awakeSince).toFixed(0)} ms`;

  /** Promise 4: a partner that was taken for dead and lives. */
  function judgeFalseTakeover(router: SimRouter, other: SimRouter) {
    if (!other.isHolding || !other.isRunning || router.isBroken) return;
    const last = falseTakeovers[router.side];
    const deadtimeMs = Math.min(router.config.deadtimeMs, other.config.deadtimeMs) / CLOCK_SLACK;
    const configured = router.config.holdDownMs;
    const holdDown = configured ?? HOLD_DOWN_DEADTIMES * Math.min(deadtimeMs, last?.deadtimeMs ?? deadtimeMs);
    if (last !== undefined && last.at > router.awakeSince && now() - last.at < holdDown / CLOCK_SLACK) {
      blame(4, `${router.side} takes over from a living partner twice within the hold-down`);
    }
    falseTakeovers[router.side] = { at: now(), deadtimeMs };
  }

  /** Promise 5: who takes the service on the partner's word must find the addresses free. */
  function judgeWord(router: SimRouter, other: SimRouter) {
    const { weather } = getWorld().network;
    // A machine whose clock stood still with it cannot know how old a word is that was kept from arriving until then.
    if (!other.isHolding || router.hearsOldWord) return;
    const theirs = takeovers[other.side];
    const crossedMs = 2 * (weather.delay + weather.jitter) + router.config.deadtimeMs * CLOCK_SLACK;
    const isCrossed = theirs?.cause === 'silence' && now() - theirs.at < crossedMs;
    if (!isCrossed) blame(5, `${router.side} takes the service on its partner's word, which still has it`);
  }

  function onHandover(router: SimRouter, message: string) {
    handoverAt = now();
    // What follows a handover has another cause than what went before.
    delete falseTakeovers[router.side];
    if (!message.includes('(preemption)')) return;
    const { config } = router;
    const holdDown = config.holdDownMs ?? HOLD_DOWN_DEADTIMES * config.deadtimeMs;
    if (now() - lastPreemptionAt < holdDown / CLOCK_SLACK / 2) {
      blame(4, 'two preemptions within the hold-down');
    }
    lastPreemptionAt = now();
  }

  function judgeNobody(world: World, holders: readonly Side[]) {
    if (holders.length > 0) {
      if (nobodySince !== null) judgeGap(world, nobodySince);
      nobodySince = null;
      return;
    }
    nobodySince ??= now();
    const since = Math.max(nobodySince, calmSince, excusedUntil);
    const able = sides.filter((side) => canServe(world.routers[side]));
    if (able.length > 0 && now() - since > bound(world)) {
      blame(1, `nobody serves for ${(now() - since).toFixed(0)} ms, though ${able.join(' and ')} can`);
    }
  }

  /** Promise 5: between release and takeover passes no more than the wire and `ip` need. */
  function judgeGap(world: World, since: number) {
    if (handoverAt === null || since < handoverAt || calmSince > handoverAt) return;
    // Who was to take it cannot any more: that is no planned handover.
    const isAble = (router: SimRouter) => router.isAwake() && !router.isBroken && router.fault === null;
    if (!sides.every((side) => isAble(world.routers[side]))) return;
    if (now() - since > lateness(world))
      blame(5, `a handover left nobody for ${(now() - since).toFixed(0)} ms`);
    handoverAt = null;
  }

  function judgeBoth(world: World, holders: readonly Side[]) {
    const [winner] = holders;
    if (holders.length === 2) {
      bothSince ??= now();
      const since = Math.max(bothSince, calmSince);
      if (now() - since > bound(world))
        blame(2, `both hold the addresses for ${(now() - since).toFixed(0)} ms`);
      return;
    }
    if (bothSince !== null && winner !== undefined && calmSince < bothSince) onConflictOver(world, winner);
    if (bothSince !== null && winner !== undefined && isCalm(world)) {
      expectAnnounce = { side: winner, since: bothSince, by: now() + bound(world) };
    }
    bothSince = null;
  }

  function onConflictOver(world: World, winner: Side) {
    const { primary } = world.routers;
    const isWithdrawal = releasedBecause.primary?.startsWith('partner active') === true;
    if (
      isWithdrawal &&
      winner === 'backup' &&
      primary.config.preempt &&
      primary.isPowered &&
      canServe(primary)
    ) {
      blame(2, 'both were active, preemption is on, and the primary withdrew');
    }
  }

  function judgeAnnounce(world: World) {
    if (expectAnnounce === null || now() < expectAnnounce.by) return;
    const { side, since } = expectAnnounce;
    if (isCalm(world) && calmSince < since && world.routers[side].isHolding && announcedAt[side] < since) {
      blame(2, `${side} won and did not announce again`);
    }
    expectAnnounce = null;
  }

  function judgeFaulty(world: World) {
    for (const side of sides) {
      const router = world.routers[side];
      const other = world.routers[otherSide(side)];
      const isWrong = router.fault !== null && router.isHolding && router.isAwake() && canServe(other);
      if (!isWrong || !isConnected(world)) {
        delete faultySince[side];
        continue;
      }
      const since = faultySince[side] ?? now();
      faultySince[side] = since;
      const blamedFrom = Math.max(since, calmSince, excusedUntil);
      if (now() - blamedFrom > bound(world)) blame(3, `${side} has a fault and keeps the service`);
    }
  }

  function judgeAnswers(world: World) {
    for (const { side, askedAt } of sides.map((each) => world.routers[each])) {
      if (askedAt === null) continue;
      const waited = now() - Math.max(askedAt, calmSince);
      if (waited > 4 * longestDeadtime(world) + bound(world)) blame(1, `${side}: a command got no answer`);
    }
  }

  return {
    onAction(router, action) {
      if (action.type === 'announce') announcedAt[router.side] = now();
      if (action.type !== 'log') return;
      // Becoming active announces by itself; an administrator's stop ends the story of a hold-down.
      if (action.kind === 'became-active') announcedAt[router.side] = now();
      const isStop = action.kind === 'releasing' && action.message.startsWith('stopping');
      if (action.kind === 'stopped' || isStop) delete falseTakeovers[router.side];
      if (action.kind === 'releasing') releasedBecause[router.side] = action.message;
      if (action.kind === 'taking-over') onTakeover(router, action.message);
      if (action.kind === 'releasing' && action.message.startsWith('handing over'))
        onHandover(router, action.message);
    },
    judge() {
      const world = getWorld();
      calmSince = isCalm(world) ? Math.max(calmSince, world.disturbedAt()) : now();
      const { primary, backup } = world.routers;
      if (isWaiting(primary) || isWaiting(backup)) excusedUntil = now();
      const holders = holdersOf[holds(primary) ? 1 : 0][holds(backup) ? 1 : 0];
      judgeNobody(world, holders);
      judgeBoth(world, holders);
      judgeAnnounce(world);
      judgeFaulty(world);
      judgeAnswers(world);
      return violation;
    },
  };
}

type HolderList = readonly Side[];

/** Asked after every step: no lists are made. */
const holdersOf: readonly [readonly [HolderList, HolderList], readonly [HolderList, HolderList]] = [
  [[], ['backup']],
  [['primary'], ['primary', 'backup']],
];

/** A frozen machine answers nobody. */
const holds = (router: SimRouter): boolean => router.isHolding && !router.isFrozen;

function canServe(router: SimRouter): boolean {
  if (!router.isAwake() || router.fault !== null || router.isBroken) return false;
  return !router.state.isLeaving;
}

/**
 * Hold-down after a conflict, the wait after a failed acquisition, or a partner that is heard and does not answer, which
 * a recording that never arrived before can feign for a dead time (session.ts): bounded by the machine, and known.
 */
function isWaiting(router: SimRouter): boolean {
  if (!router.isAwake()) return false;
  const { role, heldUntil, isHeldByOneWay } = router.state;
  return heldUntil > router.clock() || (role.name === 'fault' && role.retryAt !== null) || isHeldByOneWay;
}
