/** Nothing is there yet: the first run, a console without a cluster, a cluster with nothing in it. */
import { type ConsolePage, untilAlive } from '../console-page.ts';
import type { Stop } from '../walk.ts';
import { openPage, password, type State, startAlone, together } from './running.ts';

const clusterName = 'Shop Vienna';

/** The cluster with nothing in it; the first stop that needs it makes it. */
async function openNewCluster(shoal: ConsolePage): Promise<void> {
  const { page } = shoal;
  await page.goto('/clusters');
  const begin = page.getByRole('button', { name: 'Create cluster' });
  await begin.or(page.getByRole('table', { name: 'Clusters' })).waitFor();
  if (!(await begin.isVisible())) return shoal.openCluster(clusterName);
  await page.getByLabel('Name of the cluster').fill(clusterName);
  await untilAlive(begin);
  await begin.click();
  await page.waitForURL(/\/routers$/);
}

const inNewCluster = (panel: Parameters<ConsolePage['open']>[0]): Stop => ({
  name: `new-${panel}`,
  open: async (shoal) => {
    await openNewCluster(shoal);
    await shoal.open(panel);
  },
});

/** A virtual server without a real server; the first stop that needs it adds it. */
async function openNewVirtualServer(
  shoal: ConsolePage,
  tab?: 'REAL SERVER' | 'MONITORING SCRIPTS',
): Promise<void> {
  const { page } = shoal;
  await openNewCluster(shoal);
  await shoal.open('virtual-servers');
  const add = page.getByRole('button', { name: 'Add virtual server' }).first();
  await add.waitFor();
  if (!(await page.getByRole('link', { name: 'web', exact: true }).isVisible())) {
    await add.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('web');
    await dialog.getByLabel('Virtual IP address', { exact: true }).fill('192.0.2.100');
    await dialog.getByLabel('Device', { exact: true }).fill('eth0:1');
    await dialog.getByRole('button', { name: 'Add virtual server' }).click();
    await page.waitForURL(/\/servers$/);
  }
  await shoal.openVirtualServer('web', tab);
}

const withoutCluster: readonly Stop[] = [
  {
    name: 'clusters',
    tellsState: true,
    everyTime: true,
    open: async ({ page }) => void (await page.goto('/clusters')),
  },
  { name: 'new-cluster', open: async ({ page }) => void (await page.goto('/clusters/new')) },
  {
    name: 'new-cluster-from-a-file',
    open: async ({ page }) => {
      await page.goto('/clusters/new');
      await page.getByLabel('From a file').check();
      await page.getByRole('textbox', { name: 'Text of the configuration' }).waitFor();
    },
  },
  {
    name: 'palette',
    open: async ({ page }) => {
      await page.goto('/clusters');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByRole('combobox', { name: 'Search everything' }).fill('nothing of that name');
      await page.getByText(/^Nothing has/).waitFor();
    },
  },
  { name: 'account', open: async ({ page }) => void (await page.goto('/account')) },
];

const newCluster: readonly Stop[] = [
  {
    name: 'one-new-cluster',
    tellsState: true,
    open: async (shoal) => {
      await openNewCluster(shoal);
      await shoal.page.goto('/clusters');
      await shoal.page.getByRole('table', { name: 'Clusters' }).waitFor();
    },
  },
  { ...inNewCluster('control'), tellsState: true, everyTime: true },
  inNewCluster('global'),
  inNewCluster('redundancy'),
  { ...inNewCluster('virtual-servers'), everyTime: true },
  {
    name: 'new-failover',
    open: async (shoal) => {
      await openNewCluster(shoal);
      await shoal.page.goto(shoal.page.url().replace(/[^/]+$/, 'failover'));
      await shoal.page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  inNewCluster('changes'),
  inNewCluster('routers'),
  {
    name: 'new-router-dialog',
    open: async (shoal) => {
      await openNewCluster(shoal);
      await shoal.open('routers');
      await shoal.page.getByRole('button', { name: /^Add/ }).first().click();
      await shoal.page.getByRole('dialog').getByLabel('Address').waitFor();
    },
  },
  {
    name: 'new-virtual-server-dialog',
    open: async (shoal) => {
      await openNewCluster(shoal);
      await shoal.open('virtual-servers');
      await shoal.page.getByRole('button', { name: 'Add virtual server' }).first().click();
      await shoal.page.getByRole('dialog').getByLabel('Name').waitFor();
    },
  },
  { name: 'virtual-server', open: (shoal) => openNewVirtualServer(shoal) },
  { name: 'real-servers', everyTime: true, open: (shoal) => openNewVirtualServer(shoal, 'REAL SERVER') },
  { name: 'monitoring-scripts', open: (shoal) => openNewVirtualServer(shoal, 'MONITORING SCRIPTS') },
  {
    name: 'first-changes',
    open: async (shoal) => {
      await openNewVirtualServer(shoal);
      await shoal.open('changes');
      await shoal.page.getByText('No router is enrolled').waitFor();
    },
  },
  {
    name: 'compare',
    open: async (shoal) => {
      await openNewCluster(shoal);
      await shoal.page.goto(shoal.page.url().replace(/[^/]+$/, 'changes/compare'));
      await shoal.page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  { name: 'trail', open: async ({ page }) => void (await page.goto('/trail')) },
  // The last one: nobody is signed in afterwards.
  {
    name: 'login',
    open: async ({ page }) => {
      await page.context().clearCookies();
      await page.goto('/login');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
    },
  },
];

const tokenIn = (log: string): string => /one-time token (\S+)/.exec(log)?.[1] ?? '';

export const empty: State = {
  name: 'empty',
  stops: [...withoutCluster, ...newCluster],
  start: async (browser) => {
    const console_ = await startAlone({ seeds: [], hasAdministrator: false });
    const shoal = await openPage(browser, console_);
    const { page } = shoal;
    await page.goto('/setup');
    await page.getByLabel('One-time token').fill(tokenIn(console_.log()));
    await page.getByLabel('User').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password again').fill(password);
    await page.getByRole('button', { name: 'Make administrator and sign in' }).click();
    await page.waitForURL(/\/clusters/);
    return together(shoal, console_, []);
  },
};

/** The first run, before there is an administrator: a console and a page of its own. */
export const firstRun: State = {
  name: 'empty',
  stops: [{ name: 'first-run', open: async ({ page }) => void (await page.goto('/setup')) }],
  start: async (browser) => {
    const console_ = await startAlone({ seeds: [], hasAdministrator: false });
    return together(await openPage(browser, console_), console_, []);
  },
};
