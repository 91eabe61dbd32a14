/** Very much of everything: what years of a large site leave in a console. */
import { createHash, randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { type FakePair, servePair } from '#e2e/fake-router/pair.ts';
import type { ConsolePage } from '../console-page.ts';
import type { Stop } from '../walk.ts';
import { openSignedIn, type State, startAlone, together, untilPushed } from './running.ts';
import { crowdedName, faultyText, largeText, shopText } from './texts.ts';

const large = 'Shop, payment and everything else of the data centre Vienna North';
/** With their routers; many more have none yet. */
const SERVED = 8;
const CLUSTERS = 50;
const OLD_REVISIONS = 57;

const siteName = (number: number): string => `Branch office ${number}`;

const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().replace('Z', '+00:00');

const authors = ['admin', 'maria.theresia.hofstetter', 'night-shift'] as const;
const messages = [
  'rs3 gets half the weight until its disk is replaced',
  '',
  'Before the sale: every virtual server of the shop gets two more real servers, the payment gateways are spread over both halls, and the persistence is doubled',
  'Back to what ran on Friday',
] as const;

/** Revisions and a trail, as they gather; nothing of it is sent anywhere. */
function addHistory(db: Database.Database, clusterId: string): void {
  const revision = db.prepare(
    'INSERT INTO "Revision" ("id","clusterId","serial","text","hash","author","message","at") VALUES (?,?,?,?,?,?,?,?)',
  );
  const result = db.prepare(
    'INSERT INTO "PushResult" ("id","revisionId","routerId","name","role","outcome","message","durationMs","at") VALUES (?,?,?,?,?,?,?,?,?)',
  );
  const entry = db.prepare(
    'INSERT INTO "AuditEntry" ("id","at","by","action","clusterId","message") VALUES (?,?,?,?,?,?)',
  );
  const routers = db
    .prepare('SELECT "id","name","role" FROM "Router" WHERE "clusterId" = ?')
    .all(clusterId) as {
    readonly id: string;
    readonly name: string;
    readonly role: string;
  }[];
  const newest = largeText(OLD_REVISIONS, 2);
  db.transaction(() => {
    for (let serial = 1; serial <= OLD_REVISIONS; serial += 1) {
      const id = randomUUID();
      const text = serial === OLD_REVISIONS ? newest : `${shopText}# ${serial}\n`;
      const at = daysAgo(OLD_REVISIONS - serial + 1);
      const author = authors[serial % authors.length];
      const message = messages[serial % messages.length];
      const hash = createHash('sha256').update(text).digest('hex');
      revision.run(id, clusterId, serial, text, hash, author, message, at);
      for (const router of routers) {
        const isRefused = serial % 9 === 0 && router.role === 'backup';
        const [outcome, why] = isRefused
          ? ['unreachable', 'it did not answer within 10 s']
          : ['applied', 'applied'];
        result.run(randomUUID(), id, router.id, router.name, router.role, outcome, why, 412, at);
      }
      entry.run(randomUUID(), at, author, 'revisions.push', clusterId, `Revision ${serial} is on r1 and r2`);
      entry.run(randomUUID(), at, author, 'users.signIn', null, 'Signed in from 198.51.100.17');
      entry.run(
        randomUUID(),
        at,
        author,
        'virtual-servers.saveRealServer',
        clusterId,
        `Saved the real server worker-in-the-third-row-of-the-data-centre-${serial} of ${crowdedName}: weight from 1 to 4`,
      );
    }
  })();
}

/** Clusters that nobody has enrolled a router of yet. */
function addClusters(db: Database.Database): void {
  const insert = db.prepare(
    'INSERT INTO "Cluster" ("id","name","settings","remarks","version","updatedBy","updatedAt","createdAt") VALUES (?,?,?,?,1,?,?,?)',
  );
  const remarks = '{"comments":[],"unknown":[]}';
  db.transaction(() => {
    for (let number = SERVED; number < CLUSTERS; number += 1) {
      const at = daysAgo(CLUSTERS - number);
      insert.run(randomUUID(), siteName(number), '{}', remarks, 'admin', at, at);
    }
  })();
}

/** What happened on the routers: some real servers failed, some came back. */
function addEvents({ both }: FakePair): void {
  for (let number = 1; number <= 24; number += 1) {
    const name = `worker-in-the-third-row-of-the-data-centre-${String(number * 3).padStart(3, '0')}`;
    both((router) => router.setHealth(crowdedName, name, 'down'));
    if (number % 3 === 0) both((router) => router.setHealth(crowdedName, name, 'up'));
  }
}

/** All of one search get another weight: hundreds of changes wait then. */
async function changeMuch(shoal: ConsolePage): Promise<void> {
  const { page } = shoal;
  await shoal.openCluster(large);
  await page.goto(page.url().replace(/control$/, 'virtual-servers?find=198.51.100.0/25'));
  await page.getByRole('button', { name: /^Choose the \d+ real servers that match$/ }).click();
  await page.getByLabel('New weight').fill('7');
  await page.getByRole('button', { name: 'Set weight' }).click();
  await page.getByText(/have the weight 7 in the draft/).waitFor();
}

const inLarge = (panel: Parameters<ConsolePage['open']>[0]): Stop => ({
  name: panel,
  open: async (shoal) => {
    await shoal.openCluster(large);
    await shoal.open(panel);
  },
});

/** A page of the large cluster by the last part of its address. */
const largeAt = (name: string, path: string, ready: (shoal: ConsolePage) => Promise<void>): Stop => ({
  name,
  open: async (shoal) => {
    await shoal.openCluster(large);
    await shoal.page.goto(shoal.page.url().replace(/control$/, path));
    await ready(shoal);
  },
});

async function openCrowded(shoal: ConsolePage, tab?: 'REAL SERVER' | 'MONITORING SCRIPTS'): Promise<void> {
  await shoal.openCluster(large);
  await shoal.openVirtualServer(crowdedName, tab);
}

const stops: readonly Stop[] = [
  {
    name: 'clusters',
    tellsState: true,
    open: async ({ page }) => {
      await page.goto('/clusters');
      await page.getByRole('table', { name: 'Clusters' }).waitFor();
    },
  },
  {
    name: 'cluster-switch',
    open: async (shoal) => {
      await shoal.openCluster(large);
      await shoal.page.getByRole('button', { name: /choose another/ }).click();
      await shoal.page.getByRole('menu').waitFor();
    },
  },
  { ...inLarge('control'), tellsState: true },
  {
    name: 'switchover-dialog',
    tellsState: true,
    open: async (shoal) => {
      await shoal.openCluster(large);
      await shoal.page.getByRole('button', { name: 'Switch over…' }).click();
      await shoal.page.getByRole('dialog').waitFor();
    },
  },
  inLarge('redundancy'),
  inLarge('virtual-servers'),
  {
    name: 'delete-dialog',
    open: async (shoal) => {
      await inLarge('virtual-servers').open(shoal);
      await shoal.page.getByRole('button', { name: `Delete ${crowdedName}`, exact: true }).click();
      await shoal.page.getByRole('dialog').waitFor();
    },
  },
  largeAt('search', 'virtual-servers?find=198.51.100.', async ({ page }) => {
    await page.getByRole('button', { name: /^Choose the \d+ real servers/ }).click();
  }),
  largeAt('failover', 'failover', ({ page }) =>
    page.getByRole('table', { name: 'Failover services' }).waitFor(),
  ),
  { name: 'virtual-server', open: (shoal) => openCrowded(shoal) },
  { name: 'real-servers', open: (shoal) => openCrowded(shoal, 'REAL SERVER') },
  { name: 'monitoring-scripts', open: (shoal) => openCrowded(shoal, 'MONITORING SCRIPTS') },
  {
    name: 'changes',
    open: async (shoal) => {
      await shoal.openCluster(large);
      await shoal.open('changes');
      await shoal.page.getByRole('region', { name: 'Plan of r2' }).waitFor();
    },
  },
  largeAt('compare', `changes/compare?from=${OLD_REVISIONS}&to=draft`, ({ page }) =>
    page.getByRole('heading', { level: 1 }).waitFor(),
  ),
  largeAt('revision', `changes/${OLD_REVISIONS}`, ({ page }) =>
    page.getByRole('heading', { level: 1 }).waitFor(),
  ),
  {
    name: 'new-cluster-from-a-file',
    open: async ({ page }) => {
      await page.goto('/clusters/new');
      await page.getByLabel('From a file').check();
      // A browser that is told to type so much does so for minutes.
      await page.getByLabel('File with the configuration').setInputFiles({
        name: 'lvs.cf',
        mimeType: 'text/plain',
        buffer: Buffer.from(largeText(1) + faultyText),
      });
      await page.getByRole('list', { name: 'Faults of the text' }).waitFor();
    },
  },
  {
    name: 'palette',
    open: async (shoal) => {
      await shoal.openCluster(large);
      await shoal.page.getByRole('banner').getByRole('button', { name: 'Search' }).click();
      await shoal.page.getByRole('combobox', { name: 'Search everything' }).fill('node');
      await shoal.page.getByText(/ found/).waitFor();
    },
  },
  {
    name: 'trail',
    open: async ({ page }) => {
      await page.goto('/trail');
      await page.getByRole('table', { name: 'Trail' }).waitFor();
    },
  },
];

export const full: State = {
  name: 'full',
  stops,
  start: async (browser) => {
    const pairs = await Promise.all(Array.from({ length: SERVED }, () => servePair()));
    const seeds = pairs.map((pair, index) => ({
      cluster: index === 0 ? large : siteName(index),
      lvsCf: index === 0 ? largeText(OLD_REVISIONS) : shopText,
      routers: pair.seeds,
    }));
    const console_ = await startAlone({ seeds, hasAdministrator: true });
    await untilPushed(pairs);
    console_.database((db) => {
      const { id } = db.prepare('SELECT "id" FROM "Cluster" WHERE "name" = ?').get(large) as { id: string };
      addHistory(db, id);
      addClusters(db);
    });
    if (pairs[0]) addEvents(pairs[0]);
    pairs[3]?.both((router) => router.setHealth('web', 'rs2', 'down'));
    const shoal = await openSignedIn(browser, console_);
    await changeMuch(shoal);
    return together(shoal, console_, pairs);
  },
};
