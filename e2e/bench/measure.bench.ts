/** Measures what docs/measurements.md says, and writes that page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { Locator } from '@playwright/test';
import { DEADTIME_SECONDS, exampleConfig, KEEPALIVE_SECONDS } from '#e2e/cluster/example.ts';
import type { Lab } from '#e2e/lab/lab.ts';
import { projectRoot, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { ConsolePage } from '../console-page.ts';
import { expect, test } from '../fixtures.ts';

type Row = readonly [what: string, value: string];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const spread = (values: readonly number[], unit: string): string =>
  `median ${Math.round(median(values))} ${unit}, worst ${Math.round(Math.max(...values))} ${unit} (${values.length} runs)`;
const middle = (loads: readonly Load[], what: keyof Load): number =>
  Math.round(median(loads.map((load) => load[what])));
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

const elsewhere = [
  'One status over the kept SSH connection, sshd on loopback | 0.7 ms',
  'Largest paint without a lab on the machine, fake routers: control with 40 virtual servers; the other panels | 616 ms; 140 to 432 ms',
  'The primary takes the service back: longest gap; two owners by ARP | 525 ms; 0 ms',
  'Switchover, each way: longest gap for a client | 73 and 79 ms, no failed request',
  'Restart of the agent after kill -9: longest gap for a client | 76 ms, no failed request',
];

const PUSHES = 6;
const LOADS = 5;

const rows: Row[] = [];

/** Said at once: what was measured before a failure is not lost. */
function measured(row: Row): void {
  rows.push(row);
  console.log(row.join(': '));
}

const panels = ['control', 'global', 'redundancy', 'virtual-servers', 'changes', 'routers'] as const;

interface PushTime {
  /** From the click to the result on the page. */
  readonly seen: number;
  /** What the console says it took, and each router: from sending to its answer. */
  readonly took: number;
  readonly routers: readonly number[];
}

const numberIn = async (place: Locator, pattern: RegExp): Promise<number> =>
  Number(pattern.exec(await place.innerText())?.[1]);

async function pushTimes(shoal: ConsolePage, runs: number): Promise<PushTime[]> {
  const { page } = shoal;
  const times: PushTime[] = [];
  for (let run = 0; run < runs; run += 1) {
    await shoal.openVirtualServer('web');
    await page.getByLabel('Persistence', { exact: true }).fill(String(60 + run));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved in the draft.').first().waitFor();
    await shoal.open('changes');
    await shoal.plannedTable('r2');
    await page.getByLabel('Message', { exact: true }).fill(`Measurement ${run}`);
    const before = performance.now();
    await page.getByRole('button', { name: 'Push', exact: true }).click();
    await shoal.pushResult('r1').getByText('applied', { exact: true }).waitFor();
    await shoal.pushResult('r2').getByText('applied', { exact: true }).waitFor();
    const seen = performance.now() - before;
    const result = page.getByRole('region', { name: 'Result of the push' });
    times.push({
      seen,
      took: await numberIn(result, /Took (\d+) ms/),
      routers: [
        await numberIn(shoal.pushResult('r1'), /(\d+) ms\s*$/),
        await numberIn(shoal.pushResult('r2'), /(\d+) ms\s*$/),
      ],
    });
  }
  return times;
}

interface Load {
  readonly firstByteMs: number;
  readonly paintMs: number;
  readonly scriptKb: number;
}

/** A page loaded with an empty cache: its first byte, its largest paint and its compressed JavaScript. */
async function loadOf(shoal: ConsolePage, path: string): Promise<Load> {
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
  const times = await page.evaluate(
    () =>
      new Promise<{ firstByteMs: number; paintMs: number }>((resolve) => {
        const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        const firstByteMs = navigation?.responseStart ?? 0;
        new PerformanceObserver((list) =>
          resolve({ firstByteMs, paintMs: list.getEntries().at(-1)?.startTime ?? 0 }),
        ).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  const sizes = await Promise.all(scripts);
  await context.close();
  return { ...times, scriptKb: sizes.reduce((sum, size) => sum + size, 0) / 1000 };
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

/** How long a program takes on a router: what an apply is made of. */
async function startTimes(lab: Lab): Promise<number[]> {
  const script =
    'for i in 1 2 3 4 5; do a=$(date +%s%N); ipvsadm -Sn >/dev/null; b=$(date +%s%N); echo $(( (b - a) / 1000000 )); done';
  return (await lab.r1.on(['sh', '-c', script])).trim().split('\n').map(Number);
}

test.describe.configure({ mode: 'serial', timeout: 900_000 });

test('memory at rest', async ({ shoal, rested: lab }) => {
  await shoal.open('control');
  measured(['Memory of the console (RSS), at rest', consoleMemory()]);
  for (const router of lab.routers) {
    const { memoryBytes } = await router.agent.status();
    measured([`Memory of the agent on ${router.name} (RSS), at rest`, megabytes(memoryBytes)]);
  }
});

test('push', async ({ shoal, rested }) => {
  const times = await pushTimes(shoal, PUSHES);
  measured([
    '*Push* to applied on both routers, seen in the browser',
    spread(
      times.map(({ seen }) => seen),
      'ms',
    ),
  ]);
  measured([
    '… of which the console, with both routers one after the other',
    spread(
      times.map(({ took }) => took),
      'ms',
    ),
  ]);
  measured([
    '… of which one router, from sending the configuration to its answer',
    spread(
      times.flatMap(({ routers }) => routers),
      'ms',
    ),
  ]);
  const programs = await startTimes(rested);
  measured([
    '… of which one start of `ipvsadm` on a router; each router starts it twice',
    spread(programs, 'ms'),
  ]);
});

test('pages', async ({ shoal, rested }) => {
  expect(rested.routers.length).toBe(2);
  const cluster = await shoal.clusterPath();
  for (const panel of panels) {
    const loads: Load[] = [];
    for (let run = 0; run < LOADS; run += 1) loads.push(await loadOf(shoal, `${cluster}/${panel}`));
    measured([
      `Page ${panel}: first byte; largest paint; first-load JavaScript, gzip`,
      `${middle(loads, 'firstByteMs')} ms; ${middle(loads, 'paintMs')} ms; ${middle(loads, 'scriptKb')} kB`,
    ]);
  }
});

test('failover', async ({ rested: lab }) => {
  measured([
    `Failover, heartbeat ${KEEPALIVE_SECONDS} s, deadtime ${DEADTIME_SECONDS} s: longest gap for a client`,
    spread(await failoverGaps(lab, 2), 'ms'),
  ]);
  const fast = ['#@ keepalive_ms = 100', '#@ deadtime_ms = 300'];
  await applyOnBoth(lab, exampleConfig({ serial: 9000, global: fast }));
  measured([
    'Failover, heartbeat 0.1 s, deadtime 0.3 s: longest gap for a client',
    spread(await failoverGaps(lab, 4), 'ms'),
  ]);
  measured(['Memory of the console (RSS), after all this', consoleMemory()]);
});

test('the page', async ({ lab }) => {
  const version = await lab.r1.on(['ipvsadm', '--version']);
  const page = [
    '# Measurements',
    '',
    'Written by `node lib/bootstrap/run.mjs bench`, which takes about ten minutes: the real console, Chromium and two',
    'routers in QEMU without hardware acceleration, all on one machine. Routers on real hardware answer faster: in the',
    'emulator, starting one program takes 50 to 400 ms, and a push starts a handful.',
    '',
    `Machine: ${cpus().length} cores, Node.js ${process.version}, ${version.trim().split('\n')[0]}. Load average over the last`,
    `quarter of an hour: ${loadavg()[2]?.toFixed(1)}; above ${cpus().length} the machine was busy, and times in the browser are longer than a visitor's.`,
    '',
    '| what | measured |',
    '| --- | --- |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    '',
    'A push asks the routers one after the other, the standby first, so that what is wrong shows where no traffic runs.',
    '',
    'The client sends one HTTP request every 25 ms, each on a connection of its own; the gap is the longest time between',
    'two good answers. The active router dies by SIGKILL of its machine.',
    '',
    'Measured by specs and by hand, not by this program:',
    '',
    '| what | measured |',
    '| --- | --- |',
    ...elsewhere.map((row) => `| ${row} |`),
    '',
  ].join('\n');
  writeFileSync(`${projectRoot}/docs/measurements.md`, page);
  console.log(page);
});
