/** Who owns the VIP, as seen by ARP on the wire and by a client that asks for a page, from the first step to the last. */
import { type Claim, longestOverlap, type Overlap } from '#e2e/lab/arp.ts';
import type { ProbeReport } from '#e2e/lab/gaps.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { watchStarvation } from '#e2e/lab/starvation.ts';

export interface Testimony {
  /** What the client got. */
  readonly report: ProbeReport;
  /** Who claimed the VIP when, in the order of the wire. */
  readonly claims: readonly Claim[];
  readonly overlap: Overlap | null;
  /** How long the routers were late for want of a processor, in ms. */
  readonly starvedMs: number;
}

export interface Witness {
  claims(): readonly Claim[];
  /** From now on the router alone claims the VIP, for so many claims that one of the other would be among them. */
  ownedBy(router: Router, count?: number): Promise<unknown>;
  stop(): Promise<Testimony>;
}

/** Seconds since 1970, as the wire counts them. */
export const wireNow = (): number => Date.now() / 1000;

/** Counts from now how long the routers had no processor, in ms. */
export const watchRouters = ({ routers }: Lab): (() => number) =>
  watchStarvation(() => routers.flatMap(({ pid }) => pid ?? []));

/** A request of the client is lost after `limitMs`. */
export async function watchVip(lab: Lab, limitMs?: number): Promise<Witness> {
  const starvedMs = watchRouters(lab);
  const wire = await lab.watchArp();
  const asking = lab.client.askWhoHas(vip);
  const probe = await lab.client.probe(vip, 80, limitMs);
  const claims = () => wire.claims().filter(({ ip }) => ip === vip);
  return {
    claims,
    ownedBy: (router, count = 15) => {
      const from = wireNow();
      return until(
        `${router.name} alone to own the VIP on the wire`,
        () => {
          const last = claims().filter(({ at }) => at > from);
          return last.length - last.findLastIndex(({ mac }) => mac !== router.mac('pub')) > count;
        },
        { timeoutMs: 60_000 },
      );
    },
    stop: async () => {
      const report = await probe.stop();
      await asking.stop();
      await wire.stop();
      return { report, claims: claims(), overlap: longestOverlap(claims(), vip), starvedMs: starvedMs() };
    },
  };
}

/** How long after `at` (seconds) the router still claimed the VIP, in ms; 0 when it never did. */
export function claimedAfter(claims: readonly Claim[], router: Router, at: number): number {
  const last = claims.findLast(({ mac }) => mac === router.mac('pub'))?.at ?? 0;
  return Math.max(0, Math.round((last - at) * 1000));
}

export const hasRole = async (router: Router, role: string): Promise<boolean> =>
  (await router.agent.status()).role === role;

export const untilRole = (router: Router, role: string): Promise<unknown> =>
  until(`${router.name} to be ${role}`, () => hasRole(router, role), { timeoutMs: 60_000 });

/** Who claimed the VIP when, in words: seconds after `at`, of both routers. */
export function storyOf({ routers }: Lab, claims: readonly Claim[], at: number): string {
  const spells: { name: string; from: number; to: number; count: number }[] = [];
  for (const claim of claims) {
    const name = routers.find((router) => router.mac('pub') === claim.mac)?.name ?? claim.mac;
    const last = spells.at(-1);
    if (last?.name === name) Object.assign(last, { to: claim.at, count: last.count + 1 });
    else spells.push({ name, from: claim.at, to: claim.at, count: 1 });
  }
  const after = (time: number): string => (time - at).toFixed(2);
  return spells
    .map(({ name, from, to, count }) => `${name} ${after(from)}..${after(to)} (${count})`)
    .join(', ');
}

/** What the agents wrote last, for whoever reads the report of a failed test. */
export async function tellLogs({ routers }: Lab): Promise<void> {
  for (const router of routers) {
    const log = await router.agent.recentLog().catch((error: unknown) => String(error));
    console.log(`The agent of ${router.name} wrote last:\n${log}`);
  }
}
