/** Both agents start at once and nobody holds the VIP, fifty times: one serves, the primary where the rules say so. */
import { withConfig, withLines } from '#e2e/cluster/by-hand.ts';
import { storyOf, tellLogs, untilRole, watchRouters, watchVip, wireNow } from '#e2e/cluster/witness.ts';
import { longestOverlap } from '#e2e/lab/arp.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { routerPlaces, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { type HeartbeatWire, watchHeartbeats } from '#e2e/lab/wire.ts';
import { expect, test } from '../fixtures.ts';

const STARTS = 50;
const SEED = 20_261_126;
const KEEPALIVE_MS = 400;
const DEADTIME_MS = 1600;
/** How late a word may be said, heard and answered in the emulator. */
const CROSSING_MS = 400;
/** What the programs that read the table and put the addresses on may take there, one after the other. */
const PROGRAMS_MS = 4000;

const PORT = 539;
/** Where a heartbeat has its sender's state, its sender's session and the session that it echoes. */
const STATE_AT = 7;
const SESSION_AT = 16;
const ECHO_AT = 32;
const SESSION_BYTES = 8;
/** As the byte of a heartbeat counts them. */
const states = ['listening', 'standby', 'acquiring', 'active', 'releasing', 'stopped', 'fault'] as const;
type State = (typeof states)[number];

interface Word {
  /** Seconds. */
  readonly at: number;
  readonly by: 'r1' | 'r2';
  readonly state: State;
  readonly session: string;
  readonly echo: string;
}

function wordsSince(wire: HeartbeatWire, from: number): Word[] {
  const hex = (payload: Buffer, at: number) => payload.subarray(at, at + SESSION_BYTES).toString('hex');
  return wire
    .seen()
    .filter(({ at }) => at >= from)
    .map(({ at, from: sender, payload }) => ({
      at,
      by: sender === routerPlaces.r1.public ? 'r1' : 'r2',
      state: states[payload[STATE_AT] ?? 0] ?? 'fault',
      session: hex(payload, SESSION_AT),
      echo: hex(payload, ECHO_AT),
    }));
}

/** Seeded numbers from 0 to 1. */
function draws(seed: number): () => number {
  let last = seed;
  return () => {
    last = (Math.imul(last, 1_103_515_245) + 12_345) >>> 0;
    return (last >>> 8) / 2 ** 24;
  };
}

/** How much later than r1 the agent of r2 is started, in ms: at once, then anything up to a dead time and more, both ways. */
function offsets(): number[] {
  const draw = draws(SEED);
  return Array.from({ length: STARTS }, (_, n) =>
    n % 5 === 0 ? 0 : Math.round((2 * draw() - 1) * 1.5 * DEADTIME_MS),
  );
}

/** Neither agent runs, nobody holds the VIP. The standby first: nobody takes over. */
async function endBoth({ r1, r2 }: Lab): Promise<void> {
  await r2.agent.killForGood();
  await r1.agent.killForGood();
  await Promise.all([r1, r2].map(takeAddressesOff));
}

const takeAddressesOff = async (router: Router): Promise<void> => {
  const script = 'for n in 0 1; do ip -4 addr flush dev "eth$n" label "eth$n:1"; done; ip -o -4 addr show';
  expect((await router.sh(script)).stdout).not.toContain(` ${vip}/`);
};

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function startBoth({ r1, r2 }: Lab, offsetMs: number): Promise<void> {
  await Promise.all([
    wait(Math.max(0, -offsetMs)).then(() => r1.agent.startAgain()),
    wait(Math.max(0, offsetMs)).then(() => r2.agent.startAgain()),
  ]);
}

/** The last words of both, three each: r1 is active and r2 is standby. */
function isAtRest(words: readonly Word[]): boolean {
  const last = (by: Word['by']) => words.filter((word) => word.by === by).slice(-3);
  const isSteady = (by: Word['by'], state: State) =>
    last(by).length === 3 && last(by).every((word) => word.state === state);
  return isSteady('r1', 'active') && isSteady('r2', 'standby');
}

/** Why it took the service the last time, in its own words. */
const lastReason = async (router: Router): Promise<string> =>
  (await router.agent.log()).match(/event=taking-over.*/g)?.at(-1) ?? '';

const isClaim = ({ state }: Word): boolean => state === 'acquiring' || state === 'active';
const msBetween = (from: number, to: number): number => Math.round((to - from) * 1000);

/** How long a router that had begun to speak was silent at most, of those words. */
function longestSilence(words: readonly Word[]): number {
  const gaps = (['r1', 'r2'] as const).flatMap((by) => {
    const moments = words.filter((word) => word.by === by).map(({ at }) => at);
    return moments.slice(1).map((at, n) => msBetween(moments[n] ?? at, at));
  });
  return Math.max(0, ...gaps);
}

/**
 * Whether the backup claimed the service although it must have heard a primary that hears it, within a dead time.
 */
function hasTakenInSpite(words: readonly Word[]): boolean {
  const claim = words.find((word) => word.by === 'r2' && isClaim(word));
  if (claim === undefined) return false;
  return words.some(({ by, echo, at, state }) => {
    const before = msBetween(at, claim.at);
    const isInTime = before > CROSSING_MS && before < DEADTIME_MS - CROSSING_MS;
    return by === 'r1' && state !== 'fault' && echo === claim.session && isInTime;
  });
}

/** What one start was, by the words on the wire. */
function judge(words: readonly Word[]) {
  const first = (by: Word['by']) => words.find((word) => word.by === by)?.at ?? Number.NaN;
  const [firstOfR1, firstOfR2] = [first('r1'), first('r2')];
  const begun = Math.min(firstOfR1, firstOfR2);
  const claimed = words.find(isClaim)?.at ?? Number.NaN;
  const served = words.find(({ state }) => state === 'active');
  const silence = longestSilence(words.filter(({ at }) => at <= claimed));
  return {
    /** How much later than r1 r2 said its first word. */
    offsetMs: msBetween(firstOfR1, firstOfR2),
    /** An emulated router stood still in the middle: whoever did listens for a dead time of its own. */
    stoodStillMs: silence > KEEPALIVE_MS + CROSSING_MS ? silence : 0,
    claimedMs: msBetween(begun, claimed),
    servedMs: msBetween(begun, served?.at ?? Number.NaN),
    servedBy: served?.by ?? 'nobody',
    claimants: [...new Set(words.filter(isClaim).map(({ by }) => by))].sort().join(' and '),
    isTakenInSpite: hasTakenInSpite(words),
  };
}

test(`both agents started at once, ${STARTS} times: one is active within deadtime and two heartbeats, never two for longer than one`, async ({
  rested: lab,
}) => {
  test.setTimeout(1_500_000);
  const { r1, r2 } = lab;
  const timing = withLines(`#@ keepalive_ms = ${KEEPALIVE_MS}`, `#@ deadtime_ms = ${DEADTIME_MS}`);
  const giveBack = await withConfig(lab, timing);
  const wire = await watchHeartbeats('br-pub', PORT);
  const seen = await watchVip(lab, 1000);
  const failed: string[] = [];
  const claimants: string[] = [];
  const slowest = { claimedMs: 0, servedMs: 0, overlapMs: 0 };
  let steady = 0;
  try {
    for (const [n, asked] of offsets().entries()) {
      await endBoth(lab);
      const from = wireNow();
      const starvedMs = watchRouters(lab);
      await startBoth(lab, asked);
      await until(`start ${n + 1} to end in rest`, () => isAtRest(wordsSince(wire, from)), {
        timeoutMs: 60_000,
      });
      await seen.ownedBy(r1, 3);
      await until('a client to be served', () => lab.client.curl(`http://${vip}/`, 1));
      const seenOnce = judge(wordsSince(wire, from));
      const { offsetMs, stoodStillMs, claimedMs, servedMs } = seenOnce;
      const claims = seen.claims().filter(({ at }) => at >= from);
      const overlapMs = longestOverlap(claims, vip)?.ms ?? 0;
      const waitedMs = starvedMs();
      claimants.push(seenOnce.claimants);
      const line = `start ${n + 1}: r2 ${offsetMs} ms after r1, claimed by ${seenOnce.claimants} after ${claimedMs} ms, ${seenOnce.servedBy} active after ${servedMs} ms, two owners ${overlapMs} ms, stood still ${stoodStillMs} ms, without a processor ${waitedMs} ms`;
      console.log(line);
      if (seenOnce.isTakenInSpite)
        failed.push(`${line}: the backup, though the primary was heard: ${await lastReason(r2)}`);
      if (overlapMs > KEEPALIVE_MS + CROSSING_MS + waitedMs) {
        failed.push(`${line}: two owners: ${storyOf(lab, claims, from)}`);
        await tellLogs(lab);
      }
      if (stoodStillMs > 0) continue;
      steady += 1;
      slowest.claimedMs = Math.max(slowest.claimedMs, claimedMs);
      slowest.servedMs = Math.max(slowest.servedMs, servedMs);
      slowest.overlapMs = Math.max(slowest.overlapMs, overlapMs);
      const promisedMs = DEADTIME_MS + 2 * KEEPALIVE_MS;
      if (!(claimedMs <= promisedMs + CROSSING_MS)) failed.push(`${line}: nobody claims it`);
      if (!(servedMs <= promisedMs + PROGRAMS_MS)) failed.push(`${line}: nobody serves`);
    }
    console.log(`${steady} of ${STARTS} starts steady; the slowest of them: ${JSON.stringify(slowest)}`);
    expect(failed).toEqual([]);
    expect(steady, 'starts in which no emulated router stood still').toBeGreaterThanOrEqual(STARTS / 5);
    expect(claimants.filter((who) => who === 'r1').length).toBeGreaterThanOrEqual(STARTS / 4);
    expect(claimants, 'the backup alone for longer than a dead time').toContain('r1 and r2');
    await untilRole(r1, 'active');
    await untilRole(r2, 'standby');
  } finally {
    await seen.stop();
    await wire.stop();
    for (const router of lab.routers) if (!(await router.agent.pid())) await router.agent.startAgain();
    for (const router of lab.routers) await router.agent.waitUntilAnswers();
    await giveBack();
  }
});
