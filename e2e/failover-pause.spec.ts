/** The agent or its whole machine stands still for a while: what it missed is no silence of the partner. */
import { withConfig, withLines } from '#e2e/cluster/by-hand.ts';
import { DEADTIME_SECONDS, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import { claimedAfter, storyOf, untilRole, watchVip, wireNow } from '#e2e/cluster/witness.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from './fixtures.ts';

const DEADTIME_MS = DEADTIME_SECONDS * 1000;
/** Both may be active until they have heard each other: promise 2. */
const LONGEST_SPLIT_MS = DEADTIME_MS + 2 * KEEPALIVE_SECONDS * 1000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** r1 alone owns the VIP, on the wire and by both routers' word; r2 has not kept it. */
async function expectAtRest(lab: Lab): Promise<void> {
  const { r1, r2 } = lab;
  await untilRole(r1, 'active');
  await untilRole(r2, 'standby');
  // One that is about to take over is told as standby, and withdraws when it has heard its partner.
  await until('r2 to be without the VIP', async () => !(await r2.addresses('eth0')).includes(vip));
  await untilRole(r2, 'standby');
  expect(await r1.addresses('eth0')).toContain(vip);
}

test('the agent of the active router stopped for half a dead time: nothing happens', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  // Long enough for an emulator that has no processor for a moment not to add the other half.
  const deadtimeSeconds = 6;
  const giveBack = await withConfig(lab, withLines(`#@ deadtime_ms = ${deadtimeSeconds * 1000}`));
  try {
    const before = [await r1.agent.status(), await r2.agent.status()];
    const seen = await watchVip(lab);
    // On the router itself, and without the start of a program: what these take in the emulator is no part of the pause.
    const pause =
      'f=/run/lab-pause; rm -f $f; mkfifo $f; exec 9<>$f; rm $f; p=$(cat /run/shoal-agent.pid); ' +
      'kill -STOP "$p"; read -rt "$1" -u 9; kill -CONT "$p"';
    await r1.on(['bash', '-c', pause, 'bash', String(0.5 * deadtimeSeconds)]);
    await seen.ownedBy(r1, 25);
    const { claims, report } = await seen.stop();
    expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
    expect(report.refused).toBe(0);
    const after = [await r1.agent.status(), await r2.agent.status()];
    expect(after.map(({ roleSince }) => roleSince)).toEqual(before.map(({ roleSince }) => roleSince));
  } finally {
    await giveBack();
  }
});

for (const deadtimes of [1.1, 3]) {
  test(`the agent of the active router stopped for ${deadtimes} dead times: two owners end when it goes on`, async ({
    rested: lab,
  }) => {
    const { r1, r2 } = lab;
    const seen = await watchVip(lab);
    await r1.agent.signal('STOP');
    const stoppedAt = performance.now();
    if (deadtimes > 2) await untilRole(r2, 'active');
    await sleep(deadtimes * DEADTIME_MS - (performance.now() - stoppedAt));
    await r1.agent.signal('CONT');
    const at = wireNow();
    await expectAtRest(lab);
    await seen.ownedBy(r1);
    const { claims, starvedMs } = await seen.stop();
    const late = claimedAfter(claims, r2, at);
    expect(late, storyOf(lab, claims, at)).toBeLessThanOrEqual(LONGEST_SPLIT_MS + starvedMs);
    const wasTaken = claims.some(({ mac }) => mac === r2.mac('pub'));
    if (deadtimes > 2) expect(wasTaken, 'the partner took over').toBe(true);
    if (wasTaken) {
      const last = claims.findLast(({ mac }) => mac === r2.mac('pub'))?.at ?? 0;
      const announced = claims.findLast((claim) => claim.announced && claim.mac === r1.mac('pub'))?.at ?? 0;
      expect(announced, 'the owner announces after the last word of the other').toBeGreaterThan(last);
    }
    expect(await lab.client.curl(`http://${vip}/`)).not.toBeNull();
    console.log(
      `stopped for ${deadtimes} dead times: the loser claimed the VIP ${late} ms longer, a router had no processor for ${starvedMs} ms`,
    );
  });
}

for (const [what, freeze, thaw] of [
  ['agent', (router: Router) => router.agent.signal('STOP'), (router: Router) => router.agent.signal('CONT')],
  ['machine', (router: Router) => router.pause(), (router: Router) => router.resume()],
] as const) {
  test(`the ${what} of the standby router stands still for 3 dead times: it does not take over afterwards`, async ({
    rested: lab,
  }) => {
    const { r1, r2 } = lab;
    const before = await r1.agent.status();
    const seen = await watchVip(lab);
    await freeze(r2);
    await sleep(3 * DEADTIME_MS);
    await thaw(r2);
    // A router that believed the silence would act at once; one that listens first hears its partner.
    await until('r2 to hear r1 again', async () => {
      const { peer, role } = await r2.agent.status();
      return role === 'standby' && peer.state === 'alive' && (peer.lastHeardMsAgo ?? Infinity) < DEADTIME_MS;
    });
    await seen.ownedBy(r1, 25);
    const { claims, report, starvedMs } = await seen.stop();
    expect(new Set(claims.map(({ mac }) => mac))).toEqual(new Set([r1.mac('pub')]));
    expect((await r1.agent.status()).roleSince).toBe(before.roleSince);
    expect(report.refused).toBe(0);
    expect(report.longestGapMs).toBeLessThan(DEADTIME_MS + starvedMs);
  });
}
