/** syncdaemon = 1: a connection that is open for long survives a switchover and the death of the active router. */
import { withConfig, withLines } from '#e2e/cluster/by-hand.ts';
import { untilRole, watchVip } from '#e2e/cluster/witness.ts';
import { vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from '../fixtures.ts';

test.setTimeout(600_000);

const BYTES = 6_000_000;
/** The download takes a minute at least. */
const BYTES_PER_SECOND = 100_000;
/** The client takes in no more than it has read: else all of it, and the end, has passed the router long before. */
const receiveBuffer = (bytes: number) =>
  ['sysctl', '-qw', `net.ipv4.tcp_rmem=4096 ${Math.min(bytes, 131_072)} ${bytes}`] as const;
const SMALL = 65_536;
const USUAL = 6_291_456;
/** No other client has it: the requests of the witness are synchronised, too. */
const CLIENT_PORT = 61_234;

test('a download goes on through a switchover and then a failover, and arrives whole', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const giveBack = await withConfig(lab, withLines('syncdaemon = 1', 'syncd_iface = eth1', 'syncd_id = 7'));
  try {
    await untilRole(r1, 'active');
    for (const server of lab.realServers) server.publish('long', BYTES);
    expect(await lab.client.exec(receiveBuffer(SMALL))).toMatchObject({ code: 0 });
    const established = async (router: typeof r1) =>
      (await router.on(['ipvsadm', '-Lcn']))
        .split('\n')
        .some((line) => line.includes('ESTABLISHED') && line.includes(`:${CLIENT_PORT} `));
    const seen = await watchVip(lab);
    let isOver = false;
    const argv = [
      'curl',
      '-sf',
      '--local-port',
      String(CLIENT_PORT),
      '--limit-rate',
      String(BYTES_PER_SECOND),
    ] as const;
    const download = lab.client
      .exec([...argv, '-w', '%{size_download}', '-o', '/dev/null', `http://${vip}/long`], {
        timeoutMs: 300_000,
      })
      .finally(() => {
        isOver = true;
      });
    await until('r1 to carry the connection', () => established(r1), { timeoutMs: 30_000 });
    await until('r2 to know the connection', () => established(r2), { timeoutMs: 30_000 });

    expect(await r1.agent.rpc.request('switchover', {})).toMatchObject({ done: true });
    await untilRole(r2, 'active');
    await seen.ownedBy(r2);
    expect(isOver, 'the download still runs').toBe(false);
    await until('r1 to know the connection', () => established(r1), { timeoutMs: 30_000 });

    await r2.kill();
    await untilRole(r1, 'active');
    await seen.ownedBy(r1);
    expect(isOver, 'the download still runs').toBe(false);
    expect(await download).toMatchObject({ code: 0, stdout: String(BYTES) });
    const { report } = await seen.stop();
    console.log(`longest gap for another client: ${report.longestGapMs} ms`);
  } finally {
    await lab.client.exec(receiveBuffer(USUAL));
    if (!r2.isRunning()) await r2.boot();
    await r2.agent.waitUntilAnswers();
    await giveBack();
  }
});
