/** The service changes hands again and again. */
import { hasRole, watchVip } from '#e2e/cluster/witness.ts';
import { until } from '#e2e/lab/process.ts';
import { expect, test } from '../fixtures.ts';

test.setTimeout(1_800_000);

const SWITCHOVERS = 60;
const EVERY_MS = 5000;
/** A client of a web server waits longer than this; a SYN that is held back is sent again after 1 s. */
const PATIENT_MS = 10_000;

test('a switchover every 5 s for five minutes under a stream of requests: no request fails', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const leftOpen = async (): Promise<number> => {
    const logs = await Promise.all(lab.routers.map((router) => router.agent.log()));
    return logs.join('').split('handover-with-open').length - 1;
  };
  const leftBefore = await leftOpen();
  const seen = await watchVip(lab, PATIENT_MS);
  for (let n = 0; n < SWITCHOVERS; n += 1) {
    const next = performance.now() + EVERY_MS;
    const [from, to] = n % 2 === 0 ? [r1, r2] : [r2, r1];
    expect(await from.agent.rpc.request('switchover', {}), `switchover ${n + 1}`).toMatchObject({
      done: true,
    });
    await until(`${to.name} to be active`, () => hasRole(to, 'active'), { timeoutMs: 30_000, everyMs: 200 });
    await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
  }
  await seen.ownedBy(r1);
  const { claims, report } = await seen.stop();
  const left = (await leftOpen()) - leftBefore;
  const changes = claims.filter(({ mac }, n) => n > 0 && mac !== claims[n - 1]?.mac).length;
  console.log(
    `${report.answered} requests, ${report.late} late, ${report.refused} refused (of these in flight ${report.cutOff}), longest gap ${report.longestGapMs} ms; ${left} of ${SWITCHOVERS} switchovers left connections open`,
  );
  expect(changes).toBeGreaterThanOrEqual(SWITCHOVERS);
  expect({ late: report.late, refused: report.refused }).toEqual({ late: 0, refused: 0 });
});
