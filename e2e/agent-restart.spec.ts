/** The agent is killed and somebody meddles with the kernel: traffic goes on, the table comes back. */
import { withPatience } from '#e2e/cluster/by-hand.ts';
import { costOfThreeStarts } from '#e2e/cluster/emulator.ts';
import { DEADTIME_SECONDS } from '#e2e/cluster/example.ts';
import { watchRouters } from '#e2e/cluster/witness.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { expect, test } from './fixtures.ts';

/** Programs that change the kernel; each is wrapped so that every call leaves a line. */
const watched = ['ipvsadm', 'ip', 'arping'];
const record = '/run/lab-calls';

async function recordCalls(router: Router): Promise<void> {
  for (const name of watched) {
    const real = (await router.on(['which', name])).trim();
    const wrapper = `#!/bin/sh\necho "${name} $*" >>${record}\nexec ${real} "$@"\n`;
    await router.writeFile(`/usr/local/sbin/${name}`, wrapper, '755');
  }
}

async function forgetCalls(router: Router): Promise<void> {
  await router.on(['rm', '-f', record, ...watched.map((name) => `/usr/local/sbin/${name}`)]);
}

/** Calls that change the table or the addresses; reading is no command, announcing changes neither. */
const isCommand = (call: string): boolean => !/^(ipvsadm -[SL]|ip -j addr show|arping )/.test(call);

test('kill -9 of the agent: no answer is lost, and the next agent adopts without one command', async ({
  rested: lab,
}) => {
  const { r1 } = lab;
  const giveBack = await withPatience(lab);
  await recordCalls(r1);
  try {
    const before = { table: await r1.routingTable(), run: (await r1.agent.status()).runId };
    const connections = async (): Promise<number> => {
      const stats = await r1.on(['ipvsadm', '-Ln', '--stats', '--exact']);
      return Number(/^TCP\s+\S+:80\s+(\d+)/m.exec(stats)?.[1]);
    };
    const counted = await connections();
    // An answer that the emulator makes slow while it starts an agent is one; what counts is how long there is none.
    const starvedMs = watchRouters(lab);
    const probe = await lab.client.probe(vip, 80, 1000);
    await r1.on(['rm', '-f', record]);
    await r1.agent.kill();
    const status = await until(
      'another agent to run',
      async () => {
        const now = await r1.agent.status();
        return now.runId !== before.run && now.role === 'active' && now;
      },
      { timeoutMs: 120_000 },
    );
    // The new one has checked every real server and heard its partner: whatever it wanted to do, it has done.
    await until('the checks of the new agent', async () => {
      const { health, peer } = await r1.agent.status();
      return (
        peer.state === 'alive' && health.every(({ checkedAt, state }) => state === 'disabled' || checkedAt)
      );
    });
    const report = await probe.stop();
    expect(report.refused).toBe(0);
    // Much less than it takes to find out that the agent is gone and to take over: nobody noticed.
    expect(report.longestGapMs).toBeLessThan(DEADTIME_SECONDS * 1000 - 500 + starvedMs());
    expect(await r1.routingTable()).toEqual(before.table);
    expect(await connections(), 'the counters of the kernel go on').toBeGreaterThan(counted);
    const calls = (await r1.readFile(record)).trim().split('\n');
    expect(
      calls.some((call) => call.startsWith('ipvsadm -S')),
      'calls are recorded',
    ).toBe(true);
    expect(calls.filter(isCommand)).toEqual([]);
    expect(status.addresses.join()).toContain(vip);
    expect((await lab.r2.agent.status()).role).toBe('standby');
  } finally {
    await forgetCalls(r1);
    await giveBack();
  }
});

test('what somebody changes in the kernel comes back within 2 s, with an event', async ({
  rested: lab,
  shoal,
}) => {
  const { r1 } = lab;
  const table = (await r1.routingTable()).sort();
  const isBack = async (): Promise<boolean> =>
    JSON.stringify((await r1.routingTable()).sort()) === JSON.stringify(table);

  expect(await isBack()).toBe(true);
  const emulatorMs = await costOfThreeStarts(r1);
  const starvedMs = watchRouters(lab);

  for (const meddle of [
    ['ipvsadm', '-e', '-t', `${vip}:80`, '-r', `${lab.rs1.address}:80`, '-m', '-w', '9'],
    ['ipvsadm', '-C'],
  ]) {
    await r1.on(meddle);
    const at = performance.now();
    await until(`the table after ${meddle.join(' ')}`, isBack, { everyMs: 50 });
    expect(performance.now() - at).toBeLessThanOrEqual(2000 + emulatorMs + starvedMs());
  }
  const address = (await r1.on(['sh', '-c', `ip -o -4 addr show to ${vip}`])).match(/inet (\S+)/)?.[1] ?? '';
  await r1.on(['ip', 'addr', 'del', address, 'dev', 'eth0']);
  const at = performance.now();
  await until('the VIP to be back', async () => (await r1.addresses('eth0')).includes(vip), { everyMs: 50 });
  expect(performance.now() - at).toBeLessThanOrEqual(2000 + emulatorMs + starvedMs());
  await expect(shoal.events()).toContainText(/came back|repaired|put back|restored|changed by hand/i);
});
