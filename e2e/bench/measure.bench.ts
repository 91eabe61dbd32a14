/** Measures what docs/measurements.md says, and writes that page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { gzipSync } from 'node:zlib';
import { exampleConfig, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { projectRoot, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { ConsolePage } from '../console-page.ts';
import { test } from '../fixtures.ts';

type Row = readonly [what: string, value: string];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const spread = (values: readonly number[], unit: string): string =>
  `median ${Math.round(median(values))} ${unit}, worst ${Math.round(Math.max(...values))} ${unit} (${values.length} runs)`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

const rows: Row[] = [];

/** Said at once: what was measured before a failure is not lost. */
function measured(row: Row): void {
  rows.push(row);
  console.log(row.join(': '));
}

const panels = ['control', 'global', 'redundancy', 'virtual-servers', 'changes', 'routers'] as const;

/** From the click on Push to the result on the page. */
async function pushTimes(shoal: ConsolePage, runs: number): Promise<number[]> {
  const { page } = shoal;
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await shoal.openVirtualServer('web');
    await page.getByLabel('Persistence', { exact: true }).fill(String(60 + run));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved in the draft.').first().waitFor();
    await shoal.open('changes');
    await shoal.plannedTable('r2');
    const before = performance.now();
    await shoal.push(`Measurement ${run}`);
    await shoal.pushResult('r1').getByText('applied', { exact: true }).waitFor();
    await shoal.pushResult('r2').getByText('applied', { exact: true }).waitFor();
    times.push(performance.now() - before);
  }
  return times;
}

/** Largest paint in ms and compressed JavaScript in kB of a page, loaded with an empty cache. */
async function loadOf(shoal: ConsolePage, path: string): Promise<{ paintMs: number; scriptKb: number }> {
  const signedIn = shoal.page.context();
  const context = await signedIn.browser()?.newContext({ storageState: await signedIn.storageState() });
  if (!context) throw new Error('the browser has gone');
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return;
    scripts.push(
      response.body().then(
        (body) => gzipSync(body).length,
        () => 0,
      ),
    );
  });
  await page.goto(path);
  await page.waitForLoadState('load');
  const paintMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  const sizes = await Promise.all(scripts);
  await context.close();
  return { paintMs, scriptKb: sizes.reduce((sum, size) => sum + size, 0) / 1000 };
}

function consoleMemory(): string {
  const pid = /session-(\d+)\.json$/.exec(process.env.SHOAL_TEST_SESSION ?? '')?.[1] ?? '';
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return megabytes(Number(resident) * 1024);
}

/** Kills the active router under the probe; returns the longest time without an answer, in ms. */
async function failoverGap(lab: Lab): Promise<number> {
  const isActive = async (router: Lab['r1']): Promise<boolean> =>
    (await router.agent.status()).role === 'active';
  await until('r1 to be active', () => isActive(lab.r1), { timeoutMs: 90_000 });
  await until('r2 to be standby', async () => (await lab.r2.agent.status()).role === 'standby', {
    timeoutMs: 90_000,
  });
  const probe = await lab.client.probe(vip);
  await lab.r1.kill();
  await until('r2 to be active', () => isActive(lab.r2), { everyMs: 50 });
  await until('the VIP to answer', () => lab.client.curl(`http://${vip}/`, 1));
  const { longestGapMs } = await probe.stop();
  await lab.r1.boot();
  return longestGapMs;
}

async function failoverGaps(lab: Lab, runs: number): Promise<number[]> {
  const gaps: number[] = [];
  for (let run = 0; run < runs; run += 1) gaps.push(await failoverGap(lab));
  await until('r1 to be active again', async () => (await lab.r1.agent.status()).role === 'active', {
    timeoutMs: 90_000,
  });
  return gaps;
}

async function applyOnBoth(lab: Lab, text: string): Promise<void> {
  for (const router of [lab.r2, lab.r1]) {
    await router.on(
      [
        'sh',
        '-c',
        'cat > /etc/sysconfig/ha/lvs.cf.new && mv /etc/sysconfig/ha/lvs.cf.new /etc/sysconfig/ha/lvs.cf',
      ],
      { stdin: text },
    );
    await router.on(['shoalctl', 'reload']);
  }
}

test('measurements', async ({ shoal, rested: lab }) => {
  test.setTimeout(1_500_000);
  const cluster = await shoal.clusterPath();
  measured(['Memory of the console (RSS), at rest', consoleMemory()]);
  for (const router of lab.routers) {
    const { memoryBytes } = await router.agent.status();
    measured([`Memory of the agent on ${router.name} (RSS), at rest`, megabytes(memoryBytes)]);
  }
  const version = await lab.r1.on(['ipvsadm', '--version']);
  measured([
    '*Push* to applied on both routers, seen in the browser',
    spread(await pushTimes(shoal, 6), 'ms'),
  ]);
  for (const panel of panels) {
    const loads = [];
    for (let run = 0; run < 3; run += 1) loads.push(await loadOf(shoal, `${cluster}/${panel}`));
    measured([
      `Page ${panel}: largest paint; first-load JavaScript, gzip`,
      `${Math.round(median(loads.map(({ paintMs }) => paintMs)))} ms; ${Math.round(loads[0]?.scriptKb ?? 0)} kB`,
    ]);
  }
  measured([
    `Failover, heartbeat ${KEEPALIVE_SECONDS} s, deadtime 3 s: longest gap for a client`,
    spread(await failoverGaps(lab, 2), 'ms'),
  ]);
  const fast = ['#@ keepalive_ms = 100', '#@ deadtime_ms = 300'];
  await applyOnBoth(lab, exampleConfig({ serial: 9000, global: fast }));
  measured([
    'Failover, heartbeat 0.1 s, deadtime 0.3 s: longest gap for a client',
    spread(await failoverGaps(lab, 4), 'ms'),
  ]);
  measured(['Memory of the console (RSS), after all this', consoleMemory()]);
  const page = [
    '# Measurements',
    '',
    'Written by `node lib/bootstrap/run.mjs bench`, which takes about five minutes: the real console, Chromium and two',
    'routers in QEMU without hardware acceleration, all on one machine. Routers on real hardware answer faster: in the',
    'emulator, starting one program takes 50 to 400 ms, and a push starts a handful.',
    '',
    `Machine: ${cpus().length} cores, Node.js ${process.version}, ${version.trim().split('\n')[0]}.`,
    '',
    '| what | measured |',
    '| --- | --- |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    '',
    'The client sends one HTTP request every 25 ms, each on a connection of its own; the gap is the longest time between',
    'two good answers. The active router dies by SIGKILL of its machine.',
    '',
  ].join('\n');
  writeFileSync(`${projectRoot}/docs/measurements.md`, page);
  console.log(page);
});
