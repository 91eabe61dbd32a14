/** A console in one of the states that the lab does not show: alone, with fake routers, in a folder of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import Database from 'better-sqlite3';
import { type ConsoleProcess, freePort, launchConsole } from '#e2e/cluster/console-process.ts';
import type { FakePair, RouterSeed } from '#e2e/fake-router/pair.ts';
import { until } from '#e2e/lab/process.ts';
import { ConsolePage } from '../console-page.ts';
import type { Stop } from '../walk.ts';

/** A state of the console with the pages that show it. */
export interface State {
  readonly name: 'empty' | 'full' | 'broken';
  readonly stops: readonly Stop[];
  start(browser: Browser): Promise<Running>;
}

export interface Running {
  /** An administrator who is signed in. */
  readonly shoal: ConsolePage;
  stop(): Promise<void>;
}

export interface ClusterSeed {
  readonly cluster: string;
  readonly lvsCf: string;
  readonly routers: readonly RouterSeed[];
}

const user = 'admin';
export const password = 'four plain words here';

/** A console whose database and log can be read and written beside it. */
export interface Alone extends ConsoleProcess {
  /** The database, open for one piece of work. */
  database<T>(work: (db: Database.Database) => T): T;
  log(): string;
  stop(): Promise<void>;
}

/** Starts the built console; without an administrator the first run is open. */
export async function startAlone(wish: {
  readonly seeds: readonly ClusterSeed[];
  readonly hasAdministrator: boolean;
}): Promise<Alone> {
  const data = mkdtempSync(join(tmpdir(), 'shoal-state-'));
  const seedFile = join(data, 'seed.json');
  writeFileSync(seedFile, JSON.stringify(wish.seeds));
  const running = launchConsole({
    port: await freePort(),
    data,
    logFile: join(data, 'console.log'),
    env: {
      ...(wish.seeds.length === 0 ? {} : { SHOAL_SEED: seedFile }),
      ...(wish.hasAdministrator ? { SHOAL_ADMIN_USER: user, SHOAL_ADMIN_PASSWORD: password } : {}),
    },
  });
  await running.untilItAnswers();
  return {
    ...running,
    database: (work) => {
      const db = new Database(join(data, 'shoal.db'));
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
    log: () => readFileSync(running.logFile, 'utf8'),
    stop: async () => {
      await running.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A page of that console. */
export async function openPage(browser: Browser, console_: Alone): Promise<ConsolePage> {
  const context = await browser.newContext({ baseURL: console_.url, viewport: { width: 1440, height: 900 } });
  return new ConsolePage(await context.newPage());
}

export async function openSignedIn(browser: Browser, console_: Alone): Promise<ConsolePage> {
  const shoal = await openPage(browser, console_);
  await shoal.signIn({ user, password });
  return shoal;
}

/** Waits until every pair runs what the seed had for it. */
export const untilPushed = (pairs: readonly FakePair[]): Promise<boolean> =>
  until(
    'the first push to every router',
    () => pairs.every(({ r1, r2 }) => r1.text !== null && r2.text !== null),
    {
      timeoutMs: 240_000,
    },
  );

/** All that runs, ended together. */
export const together = (shoal: ConsolePage, console_: Alone, pairs: readonly FakePair[]): Running => ({
  shoal,
  stop: async () => {
    await shoal.page.context().close();
    await console_.stop();
    for (const pair of pairs) pair.close();
  },
});
