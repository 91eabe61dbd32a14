/**
 * The first request after an apply: nobody has asked at this address before. A real server is up some moments before the
 * kernel has it; a client in between was refused, while the status said that it was in the table.
 */
import { applyConfig } from '#e2e/cluster/by-hand.ts';
import { runningText, virtualLines } from '#e2e/cluster/virtual-servers.ts';
import { expect, test } from '#e2e/fixtures.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { until } from '#e2e/lab/process.ts';
import { startCaller, startServant } from '#e2e/lab/talk.ts';

const ROUNDS = 5;
const LIMIT_MS = 60_000;
/** Real servers listen there, a port a round: what was checked before is known already. */
const portOf = (round: number): number => 9200 + round;
const vipOf = (index: number): string => `192.0.2.${200 + index}`;

const virtual = (lab: Lab, name: string, address: string, round: number): string =>
  virtualLines({
    name,
    lines: [`address = ${address} eth0`, `port = ${portOf(round)}`, 'scheduler = rr'],
    servers: lab.realServers.map((server) => ({ name: server.name, address: server.address })),
  });

test('the first request is answered: at once where the real servers are known, else when the status has their weights', async ({
  rested: lab,
}) => {
  const { r1 } = lab;
  const base = await runningText(r1);
  const ports = Array.from({ length: ROUNDS }, (_, round) => `tcp/${portOf(round)}`);
  const servants = await Promise.all(lab.realServers.map(({ name }) => startServant(name, ports)));
  const caller = startCaller();
  const first = async (host: string, round: number): Promise<string | null> =>
    (await caller.ask({ host, port: portOf(round), count: 1 }))[0] ?? null;
  const apply = async (text: string): Promise<void> =>
    expect(await r1.agent.rpc.request('config.apply', { text }, LIMIT_MS)).toMatchObject({ applied: true });
  /** Rounds in which a real server was up before the kernel had it. */
  let early = 0;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = base + virtual(lab, 'fresh', vipOf(round), round);
      await apply(text);
      await until(
        `the real servers of round ${round}`,
        async () => {
          const { health } = await r1.agent.status();
          const rows = health.filter(({ virtualServer }) => virtualServer === 'fresh');
          if (rows.every(({ state }) => state === 'up') && rows.some(({ weight }) => weight === null))
            early += 1;
          return rows.length === lab.realServers.length && rows.every(({ weight }) => weight !== null);
        },
        { timeoutMs: 60_000, everyMs: 1 },
      );
      expect(await first(vipOf(round), round), `round ${round}, real servers just found up`).toMatch(/^rs/);
      const sibling = vipOf(ROUNDS + round);
      await apply(text + virtual(lab, 'sibling', sibling, round));
      expect(await first(sibling, round), `round ${round}, real servers known, right after the push`).toMatch(
        /^rs/,
      );
    }
    console.log(`${2 * ROUNDS} first requests answered; up before the kernel had them: ${early} times`);
  } finally {
    await caller.stop();
    await applyConfig(r1, base);
    for (const servant of servants) await servant.stop();
  }
});
