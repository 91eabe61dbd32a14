/**
 * Program: console-bench. The built console and Chromium, without a lab: one cluster of 2 277 virtual and 37 205 real
 * servers, then 50 clusters. Writes docs/measurements-console.md.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { type ConsoleProcess, freePort, launchConsole } from '#e2e/cluster/console-process.ts';
import { projectRoot } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import browserSettings from '../../playwright.config.ts';
import { REAL_SERVERS, textOf, VIRTUAL_SERVERS } from './large-config.ts';

const RUNS = 5;
const CLUSTERS = 50;
const START_LIMIT_MS = 240_000;
/** A busy machine takes long; the limit is not what is measured. */
const PATIENCE_MS = 600_000;

const rows: (readonly [what: string, value: string])[] = [];

/** Said at once: what was measured before a failure is not lost. */
function measured(what: string, value: string): void {
  rows.push([what, value]);
  console.log(`${what}: ${value}`);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const spread = (values: readonly number[]): string =>
  `median ${Math.round(median(values))} ms, worst ${Math.round(Math.max(...values))} ms (${values.length})`;

const folder = mkdtempSync(join(tmpdir(), 'shoal-bench-'));
const password = randomBytes(12).toString('hex');

async function start(seed: string | null): Promise<ConsoleProcess> {
  const running = launchConsole({
    port: await freePort(),
    data: folder,
    logFile: join(folder, 'console.log'),
    env: {
      SHOAL_ADMIN_USER: 'admin',
      SHOAL_ADMIN_PASSWORD: password,
      ...(seed === null ? {} : { SHOAL_SEED: seed }),
    },
  });
  await running.untilItAnswers(START_LIMIT_MS);
  return running;
}

const open = (readonly: boolean) => new Database(join(folder, 'shoal.db'), { readonly });

function realServers(): number {
  const db = open(true);
  const row = db.prepare('SELECT count(*) AS count FROM "RealServer"').get() as { count: number };
  db.close();
  return row.count;
}

/** 49 more clusters, each with 20 virtual servers. */
function addClusters(): void {
  const db = open(false);
  const at = new Date().toISOString().replace('Z', '+00:00');
  const remarks = '{"comments":[],"unknown":[]}';
  const cluster = db.prepare(
    'INSERT INTO "Cluster" ("id","name","settings","remarks","version","updatedBy","updatedAt","createdAt") VALUES (?,?,?,?,1,?,?,?)',
  );
  const virtual = db.prepare(
    'INSERT INTO "VirtualServer" ("id","clusterId","kind","position","name","settings","remarks","version","updatedBy","updatedAt") VALUES (?,?,?,?,?,?,?,1,?,?)',
  );
  db.transaction(() => {
    for (let n = 2; n <= CLUSTERS; n += 1) {
      const id = randomUUID();
      cluster.run(id, `Cluster ${n}`, '{}', remarks, 'bench', at, at);
      for (let v = 0; v < 20; v += 1) {
        const settings = JSON.stringify({ vip: { address: `203.0.113.${v}`, device: 'eth0:1' } });
        virtual.run(randomUUID(), id, 'virtual', v, `site${v}`, settings, remarks, 'bench', at);
      }
    }
  })();
  db.close();
}

/** A page loaded with an empty cache. */
async function load(page: Page, url: string) {
  const browser = page.context().browser();
  const context = await browser?.newContext({ storageState: await page.context().storageState() });
  if (!context) throw new Error('the browser has gone');
  const fresh = await context.newPage();
  const scripts: Promise<number>[] = [];
  fresh.on('response', (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return;
    scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await fresh.goto(url, { waitUntil: 'load', timeout: PATIENCE_MS });
  await fresh.getByRole('heading', { level: 1 }).first().waitFor({ timeout: PATIENCE_MS });
  const times = await fresh.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return {
      firstByte: entry?.responseStart ?? 0,
      loaded: entry?.loadEventEnd ?? 0,
      page: entry?.decodedBodySize ?? 0,
      elements: document.querySelectorAll('*').length,
    };
  });
  const sizes = await Promise.all(scripts);
  await context.close();
  return { ...times, scripts: sizes.reduce((sum, size) => sum + size, 0) };
}

async function measurePages(page: Page, url: string, paths: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, path] of Object.entries(paths)) {
    const loads: Awaited<ReturnType<typeof load>>[] = [];
    for (let run = 0; run < RUNS; run += 1) loads.push(await load(page, `${url}${path}`));
    const middle = (key: keyof (typeof loads)[number]): number =>
      Math.round(median(loads.map((each) => each[key])));
    measured(
      `Page ${name}: first byte; loaded; HTML; elements; JavaScript, gzip`,
      `${middle('firstByte')} ms; ${middle('loaded')} ms; ${Math.round(middle('page') / 1000)} kB; ${middle('elements')}; ${Math.round(middle('scripts') / 1000)} kB`,
    );
  }
}

/** From a key to the next picture, as the browser itself measures it; shorter than 16 ms is not told. */
async function typingTimes(page: Page, label: string, text: string): Promise<number[]> {
  await page.evaluate(() => {
    const kept = window as unknown as { durations: number[] };
    kept.durations = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.name === 'keydown') kept.durations.push(entry.duration);
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  // While the page streams in, its parts stand in it twice.
  const field = page.getByLabel(label, { exact: true }).filter({ visible: true });
  await field.waitFor({ timeout: PATIENCE_MS });
  await field.focus();
  for (const letter of text) {
    await page.keyboard.press(letter);
    await page.waitForTimeout(60);
  }
  const durations = await page.evaluate(() => (window as unknown as { durations: number[] }).durations);
  const unseen = Array.from({ length: Math.max(0, text.length - durations.length) }, () => 16);
  return [...durations, ...unseen];
}

async function searchTimes(page: Page, cluster: string): Promise<void> {
  const queries = ['10.100.3.7', '10.100.3.0/24', 'rs12345', '80', 'vs22', 'nothing of that name'];
  const times = await page.evaluate(
    async ([ask, id, runs]) => {
      const all: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        for (const query of ask) {
          const began = performance.now();
          const answer = await fetch(`/api/search?cluster=${id}&find=${encodeURIComponent(query)}`);
          await answer.json();
          all.push(performance.now() - began);
        }
      }
      return all;
    },
    [queries, cluster, RUNS] as const,
  );
  measured('Search over everything, question to answer in the browser', spread(times));
}

async function saveTimes(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await page.getByLabel('Persistence', { exact: true }).fill(String(400 + run));
    const began = performance.now();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved in the draft.').first().waitFor();
    times.push(performance.now() - began);
    await page.getByText('Unsaved changes.').waitFor({ state: 'hidden' });
  }
  return times;
}

function memory({ pid }: ConsoleProcess): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return `${Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024)} MB`;
}

async function signIn(page: Page, url: string): Promise<void> {
  // Who is known is sent on from the login page.
  await page.context().clearCookies();
  await page.goto(`${url}/login`);
  await page.getByLabel('User').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/clusters/, { timeout: PATIENCE_MS });
}

async function measureLarge(page: Page, console_: ConsoleProcess, cluster: string): Promise<void> {
  const { url } = console_;
  const at = `/clusters/${cluster}`;
  const db = open(true);
  const { id } = db.prepare('SELECT "id" FROM "VirtualServer" WHERE "name" = ?').get('vs1000') as {
    id: string;
  };
  db.close();
  await measurePages(page, url, {
    'VIRTUAL SERVERS': `${at}/virtual-servers`,
    'VIRTUAL SERVERS, a search for one real server': `${at}/virtual-servers?find=10.100.3.7`,
    'VIRTUAL SERVER': `${at}/virtual-servers/${id}`,
    'REAL SERVER': `${at}/virtual-servers/${id}/servers`,
    'GLOBAL SETTINGS': `${at}/global`,
    'CONTROL/MONITORING': `${at}/control`,
    Changes: `${at}/changes`,
  });
  measured('Memory of the console (RSS) after these', memory(console_));
  await page.goto(`${url}${at}/virtual-servers`);
  const letters = '10.100.3.7 and more';
  measured(
    'Typing in the search of VIRTUAL SERVERS',
    spread(await typingTimes(page, 'Search the virtual servers', letters)),
  );
  await page.goto(`${url}${at}/virtual-servers/${id}`);
  measured(
    'Typing in a field of VIRTUAL SERVER',
    spread(await typingTimes(page, 'Name', 'a-longer-name-than')),
  );
  await page.reload();
  measured('Save of one field, click to answer', spread(await saveTimes(page)));
  await searchTimes(page, cluster);
  measured('Memory of the console (RSS) after all this', memory(console_));
}

async function main(): Promise<void> {
  const seed = join(folder, 'seed.json');
  writeFileSync(seed, JSON.stringify({ cluster: 'Large', lvsCf: textOf(1), routers: [] }));
  let running = await start(seed);
  await until('the draft to be filled', () => realServers() === REAL_SERVERS, { timeoutMs: START_LIMIT_MS });
  await running.stop();
  running = await start(null);
  const browser = await chromium.launch(browserSettings.use?.launchOptions);
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await signIn(page, running.url);
    const db = open(true);
    const { id } = db.prepare('SELECT "id" FROM "Cluster"').get() as { id: string };
    db.close();
    measured('Memory of the console (RSS), started', memory(running));
    await measureLarge(page, running, id);
    await running.stop();
    addClusters();
    running = await start(null);
    await signIn(page, running.url);
    await measurePages(page, running.url, { [`${CLUSTERS} clusters`]: '/clusters' });
    await searchTimes(page, id);
    measured(`Memory of the console (RSS) with ${CLUSTERS} clusters`, memory(running));
  } finally {
    await browser.close();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(join(projectRoot, 'docs/measurements-console.md'), pageOf());
}

const pageOf = (): string =>
  [
    '# The console at size',
    '',
    'Written by `node lib/bootstrap/run.mjs bench:console`: the built console and Chromium on one machine, no routers.',
    `One cluster of ${VIRTUAL_SERVERS} virtual and ${REAL_SERVERS} real servers that nothing was pushed of yet, then ${CLUSTERS} clusters.`,
    `Each page is loaded ${RUNS} times with an empty cache of the browser; the median is told.`,
    '',
    `Machine: ${cpus().length} cores, Node.js ${process.version}, load average ${loadavg()[1]?.toFixed(1)}; above ${cpus().length} the machine was busy with`,
    'other things, and every time is longer than a visitor of an idle one sees.',
    '',
    '| what | measured |',
    '| --- | --- |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    '',
  ].join('\n');

await main();
