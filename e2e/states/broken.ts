/** Everything that can be wrong: with routers, with pushes, with what was typed, with the console itself. */
import type { Browser, Page } from '@playwright/test';
import { type FakePair, servePair } from '#e2e/fake-router/pair.ts';
import { edit, fail, makeUnfit } from '#e2e/fake-router/troubles.ts';
import type { ConsolePage } from '../console-page.ts';
import type { Stop } from '../walk.ts';
import { formStops } from './broken-forms.ts';
import { openSignedIn, type State, startAlone, together, untilPushed } from './running.ts';
import { shopText, twinText } from './texts.ts';

/** A cluster for each trouble: none has to be mended before the next can be shown. */
const troubles = {
  ailing: 'Ailing: a fault and real servers that are down',
  silent: 'Silent: no router answers',
  drift: 'Drift: both routers were changed by hand',
  partial: 'Partial: the backup router is away',
  trial: 'Trial: a push that somebody has to keep',
  back: 'Back: a push that nobody has kept',
  rekeyed: 'Rekeyed: another host key',
  twin: 'Twin: a draft that no router would take',
  unfit: 'Unfit: a router that cannot serve what it is sent',
  damaged: 'Damaged: a row of its draft cannot be read',
} as const;

type Trouble = keyof typeof troubles;

/** As they are now; a stop may have to act on its routers. */
const pairs = new Map<Trouble, FakePair>();

function pairOf(trouble: Trouble): FakePair {
  const pair = pairs.get(trouble);
  if (!pair) throw new Error(`No router of ${trouble} runs`);
  return pair;
}

const faultsOnDisk = (text: string): string =>
  text.replace('network = direct', 'network = dirct').replace(' port = 53\n', ' port = 70000\n');

/** What went wrong before anybody looked. */
async function bringTrouble(): Promise<void> {
  const ailing = pairOf('ailing');
  for (const name of ['rs1', 'rs2', 'rs3']) ailing.both((router) => router.setHealth('web', name, 'down'));
  ailing.both((router) => router.setHealth('mail', 'mx2', 'rising'));
  fail(ailing.r1);
  pairOf('silent').close();
  const drift = pairOf('drift');
  edit(drift.r1, (text) => text.replaceAll('weight = 3', 'weight = 9'));
  edit(drift.r2, faultsOnDisk);
  pairOf('partial').gone('r2');
  await pairOf('rekeyed').back('r2', true);
  makeUnfit(pairOf('unfit').r2);
}

const everyTime = new Set(['ailing-control', 'drift-changes', 'rekeyed-routers', 'twin-changes']);

const at = (
  trouble: Trouble,
  panel: Parameters<ConsolePage['open']>[0],
  ready: (page: Page) => Promise<void>,
) => ({
  name: `${trouble}-${panel}`,
  tellsState: panel === 'control',
  everyTime: everyTime.has(`${trouble}-${panel}`),
  open: async (shoal: ConsolePage) => {
    await shoal.openCluster(troubles[trouble]);
    if (panel !== 'control') await shoal.open(panel);
    await ready(shoal.page);
  },
});

/** A change in the draft of a cluster, and the page that pushes it. */
async function changeAndReview(shoal: ConsolePage, trouble: Trouble): Promise<void> {
  await shoal.openCluster(troubles[trouble]);
  await shoal.changeWeight();
  await shoal.open('changes');
  await shoal.page.getByRole('region', { name: 'Plan of r1' }).waitFor();
}

/** A push on trial runs on the routers of that cluster. */
async function openOnTrial(shoal: ConsolePage, trouble: Trouble): Promise<void> {
  await shoal.openCluster(troubles[trouble]);
  if (await shoal.trial().isVisible()) return;
  await changeAndReview(shoal, trouble);
  await shoal.pushOnTrial('Half of the weight to rs2', '1 hour');
  await shoal.trial().waitFor();
}

const routerStops: readonly Stop[] = [
  at('ailing', 'control', (page) => page.getByText('modprobe ip_vs').first().waitFor()),
  at('ailing', 'virtual-servers', (page) => page.getByRole('table', { name: 'Virtual servers' }).waitFor()),
  {
    name: 'ailing-decisions-not-sent',
    tellsState: true,
    open: async (shoal) => {
      const { page } = shoal;
      await shoal.openCluster(troubles.partial);
      await page.getByText('unreachable', { exact: true }).first().waitFor({ timeout: 30_000 });
      const owed = page.getByRole('list', { name: 'Not sent yet' });
      if (await owed.isVisible()) return;
      await page.getByRole('button', { name: 'Override rs1 of web' }).click();
      await page.getByRole('menuitem', { name: 'Drain…', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Drain rs1', exact: true }).click();
      await owed.waitFor();
    },
  },
  at('silent', 'control', (page) => page.getByText('no router can be asked').waitFor({ timeout: 30_000 })),
  at('silent', 'routers', (page) => page.getByText('unreachable', { exact: true }).first().waitFor()),
  at('drift', 'control', (page) => page.getByText('changed on the router', { exact: true }).waitFor()),
  at('drift', 'changes', async (page) => {
    for (const name of ['r1', 'r2']) {
      const card = page.getByRole('region', { name: `${name} was changed by hand` });
      await card.getByRole('button', { name: 'Show the difference' }).click();
    }
    await page.getByRole('list', { name: 'Changes in words' }).first().waitFor();
  }),
  {
    name: 'partial-push',
    tellsState: true,
    open: async (shoal) => {
      await changeAndReview(shoal, 'partial');
      await shoal.push('More weight to rs2');
      await shoal.pushResult('r2').waitFor();
    },
  },
  {
    name: 'trial-control',
    tellsState: true,
    open: async (shoal) => {
      await openOnTrial(shoal, 'trial');
      await shoal.open('control');
    },
  },
  {
    name: 'back-control',
    tellsState: true,
    open: async (shoal) => {
      const { page } = shoal;
      await shoal.openCluster(troubles.back);
      const notice = page.getByText('A push was rolled back');
      if (!(await notice.isVisible())) {
        await openOnTrial(shoal, 'back');
        // Their time is over.
        pairOf('back').both((router) => void router.rollBack());
      }
      await shoal.open('control');
      await notice.waitFor({ timeout: 30_000 });
    },
  },
  at('back', 'changes', (page) => page.getByText('A push was rolled back').waitFor()),
  at('rekeyed', 'control', (page) =>
    page.getByText('host key', { exact: false }).first().waitFor({ timeout: 30_000 }),
  ),
  at('rekeyed', 'routers', (page) => page.getByText('The host key has changed').waitFor({ timeout: 30_000 })),
  at('twin', 'virtual-servers', (page) => page.getByText('needs mending').first().waitFor()),
  at('twin', 'changes', (page) => page.getByRole('region', { name: 'Plan of r1' }).waitFor()),
  {
    name: 'unfit-changes',
    open: async (shoal) => {
      await changeAndReview(shoal, 'unfit');
      await shoal.page.getByRole('list', { name: 'What r2 says of the configuration' }).waitFor();
    },
  },
  // All troubles are there by now.
  {
    name: 'clusters',
    tellsState: true,
    open: async ({ page }) => {
      await page.goto('/clusters');
      await page.getByText('No real server of web is up').first().waitFor();
    },
  },
];

const consoleStops: readonly Stop[] = [
  {
    name: 'no-such-page',
    open: async ({ page }) => {
      await page.goto('/nowhere');
      await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
    },
  },
  {
    name: 'no-such-revision',
    open: async (shoal) => {
      await shoal.openCluster(troubles.ailing);
      await shoal.page.goto(shoal.page.url().replace(/control$/, 'changes/9999'));
      await shoal.page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
    },
  },
  {
    name: 'damaged-page',
    open: async (shoal) => {
      await shoal.openCluster(troubles.damaged);
      await shoal.page.getByRole('heading', { name: 'The console could not show this page' }).waitFor();
    },
  },
  {
    name: 'console-lost',
    tellsState: true,
    open: async (shoal) => {
      const { page } = shoal;
      // From now on: nothing comes back before the picture is taken.
      await page.route('**/api/clusters/*/live', (route) => route.abort());
      await shoal.openCluster(troubles.ailing);
      await page.getByText('Console not reachable since').waitFor();
    },
  },
  // The last one: nobody is signed in afterwards.
  {
    name: 'login-refused',
    open: async ({ page }) => {
      await page.context().clearCookies();
      await page.goto('/login');
      await page.getByLabel('User').fill('admin');
      await page.getByLabel('Password').fill('a wrong one');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: /./ }).first().waitFor();
    },
  },
];

async function start(browser: Browser) {
  const names = Object.keys(troubles) as Trouble[];
  for (const name of names) pairs.set(name, await servePair());
  const seeds = names.map((name) => ({
    cluster: troubles[name],
    lvsCf: name === 'twin' ? twinText : shopText,
    routers: pairOf(name).seeds,
  }));
  const console_ = await startAlone({ seeds, hasAdministrator: true });
  await untilPushed(names.filter((name) => name !== 'twin').map(pairOf));
  await bringTrouble();
  console_.database((db) => {
    const damage = `UPDATE "VirtualServer" SET "settings" = '{', "version" = "version" + 1 WHERE "name" = 'names' AND "clusterId" =
      (SELECT "id" FROM "Cluster" WHERE "name" = ?)`;
    db.prepare(damage).run(troubles.damaged);
  });
  const shoal = await openSignedIn(browser, console_);
  return together(shoal, console_, [...pairs.values()]);
}

export const broken: State = {
  name: 'broken',
  stops: [...routerStops, ...formStops(troubles.ailing), ...consoleStops],
  start,
};
