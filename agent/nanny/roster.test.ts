/** From one configuration to another: a real server that stays keeps what its checks and its administrator said. */
import { expect, test } from 'vitest';
import { configPair } from '#lib/ipvs/config-pairs.ts';
import type { Member } from './member.ts';
import { createOverrides } from './overrides.ts';
import { createRoster } from './roster.ts';
import { createVirtualClock } from './virtual-clock.ts';

const verdicts = ['good', 'bad', 'drain', 'disable', 'none', 'good', 'good'] as const;
const PAIRS = 2000;

const identityOf = ({ plan }: Member): string => `${plan.service} ${plan.key}`;

const sightOf = (member: Member) => {
  const { state, weight, evidence, overrides } = member.status();
  return { state, weight, evidence, overrides };
};

test('states, weights and overrides of real servers that a new configuration does not change are kept', () => {
  let kept = 0;
  for (let seed = 0; seed < PAIRS; seed += 1) {
    const [before, after] = configPair(seed);
    const overrides = createOverrides([]);
    const roster = createRoster(overrides, {
      clock: createVirtualClock(),
      log: { event: () => {} },
      onChange: () => {},
      inForce: overrides.of,
    });
    roster.follow(before, { services: [] });
    for (const [index, member] of roster.all().entries()) {
      const verdict = verdicts[(seed + index) % verdicts.length];
      if (verdict === 'good' || verdict === 'bad')
        member.judge({ ok: verdict === 'good', evidence: verdict, durationMs: 1 });
      else if (member.plan.idle === null && (verdict === 'drain' || verdict === 'disable'))
        overrides.replace([
          ...overrides.list(),
          {
            virtualServer: member.plan.virtualServer,
            realServer: member.plan.realServer,
            kind: verdict,
            weight: null,
            by: null,
            at: null,
          },
        ]);
    }
    for (const member of roster.all()) member.refresh();
    // Names repeat in these configurations, and an override belongs to a name: such servers are another matter.
    const isUnique = (member: Member, all: readonly Member[]): boolean =>
      all.filter(
        ({ plan }) =>
          plan.virtualServer === member.plan.virtualServer && plan.realServer === member.plan.realServer,
      ).length === 1;
    const all = roster.all();
    const known = new Map(
      all
        .filter((member) => member.plan.idle === null && isUnique(member, all))
        .map((member) => [identityOf(member), { plan: member.plan, sight: sightOf(member) }]),
    );
    roster.follow(after, { services: [] });
    // Two of one address and port are refused before they get here; their identity is their order.
    if ([...all, ...roster.all()].some((member) => identityOf(member).includes('('))) continue;
    for (const member of roster.all()) {
      const was = known.get(identityOf(member));
      if (was === undefined || !isUnique(member, roster.all())) continue;
      if (JSON.stringify(was.plan.settings) !== JSON.stringify(member.plan.settings)) continue;
      expect(sightOf(member), `pair ${seed}`).toEqual(was.sight);
      kept += 1;
    }
  }
  expect(kept).toBeGreaterThan(PAIRS / 2);
}, 240_000);
