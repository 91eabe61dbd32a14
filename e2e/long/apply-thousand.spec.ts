/** A thousand applies that change other services: who is served by this one notices none of them. */

import { applyConfig } from '#e2e/cluster/by-hand.ts';
import { runningText, untilUp, virtualLines } from '#e2e/cluster/virtual-servers.ts';
import { expect, test } from '#e2e/fixtures.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { startCaller, startServant } from '#e2e/lab/talk.ts';

const APPLIES = 1000;
/** After so many it is looked at what the clients saw. */
const LOOK_EVERY = 100;
const VIP = '192.0.2.127';
const PORT = 9000;
const LIMIT_MS = 30_000;

const steady = (lab: Lab): string =>
  virtualLines({
    name: 'steady',
    lines: [`address = ${VIP} eth0`, `port = ${PORT}`, 'scheduler = rr'],
    servers: lab.realServers.map(({ name, address }) => ({ name, address })),
  });

/** Other services: their weights, real servers, schedulers and VIPs differ from one apply to the next. */
function others(lab: Lab, number: number): string {
  const servers = lab.realServers.slice(0, 1 + (number % 3)).map(({ name, address }) => ({
    name,
    address,
    lines: [`weight = ${1 + (number % 7)}`],
  }));
  const other = (name: string, address: string, more: readonly string[]): string =>
    virtualLines({ name, lines: [`address = ${address} eth0`, 'check = none', ...more], servers });
  return [
    other('weights', '192.0.2.131', []),
    other('schedulers', '192.0.2.131', ['port = 81', `scheduler = ${number % 2 === 0 ? 'rr' : 'wlc'}`]),
    // Its VIP comes and goes.
    ...(number % 10 < 5 ? [other('guest', '192.0.2.132', ['persistent = 60'])] : []),
    // Shares its VIP and its real servers with the service that must not notice.
    ...(number % 5 < 2 ? [other('neighbour', VIP, ['port = 9001'])] : []),
  ].join('');
}

test('requests and a download go on during a thousand applies: none fails, none is reset', async ({
  rested: lab,
}) => {
  test.setTimeout(3_600_000);
  const { r1 } = lab;
  const base = await runningText(r1);
  const servants = await Promise.all(lab.realServers.map(({ name }) => startServant(name, [`tcp/${PORT}`])));
  const caller = startCaller();
  const call = { host: VIP, port: PORT };
  const durations: number[] = [];
  try {
    await applyConfig(r1, base + steady(lab));
    await untilUp(r1, ['steady']);
    await caller.download(call);
    expect(await caller.hold({ ...call, count: 6 })).not.toContain(null);
    await caller.startAsking(call);
    const began = performance.now();
    let answered = 0;
    const look = async (): Promise<void> => {
      const requests = await caller.stopAsking();
      const download = await caller.downloaded();
      const sorted = [...durations].sort((a, b) => a - b);
      console.log(
        `${durations.length} applies in ${Math.round((performance.now() - began) / 1000)} s, the median took ` +
          `${sorted[Math.floor(sorted.length / 2)]} ms, the worst ${sorted.at(-1)} ms; ` +
          `requests ${JSON.stringify(requests)}, download ${JSON.stringify(download)}`,
      );
      expect(requests.failed).toBe(0);
      expect(download).toMatchObject({ inOrder: true, ended: false });
      expect(await caller.held()).toEqual({ open: 6, broken: 0 });
      answered += requests.answered;
      await caller.startAsking(call);
    };
    for (let number = 0; number < APPLIES; number += 1) {
      const text = base + steady(lab) + others(lab, number);
      const result = await r1.agent.rpc.request('config.apply', { text }, LIMIT_MS);
      expect(result, `apply ${number}`).toMatchObject({ applied: true, failure: null });
      expect(result.commands.length + result.addressCommands.length).toBeGreaterThan(0);
      expect(result.commands.filter((line) => line.includes(`${VIP}:${PORT} `))).toEqual([]);
      durations.push(result.durationMs);
      if (durations.length % LOOK_EVERY === 0) await look();
    }
    expect(answered).toBeGreaterThan(APPLIES);
  } finally {
    await caller.stop();
    await applyConfig(r1, base);
    for (const servant of servants) await servant.stop();
  }
});
