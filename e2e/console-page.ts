/** The console as a person at the browser sees it: by roles and labels, never by its inside. */
import { expect, type Locator, type Page } from '@playwright/test';

type Panel = 'control' | 'global' | 'redundancy' | 'virtual-servers' | 'changes' | 'routers';

const panelTitles: Readonly<Record<Panel, string>> = {
  control: 'CONTROL/MONITORING',
  global: 'GLOBAL SETTINGS',
  redundancy: 'REDUNDANCY',
  'virtual-servers': 'VIRTUAL SERVERS',
  changes: 'Changes',
  routers: 'Routers',
};

/**
 * Waits until the page runs in the browser as far as this field or button goes: React has marked its element. What is
 * typed before may be lost, and a click reach nobody.
 */
export const untilAlive = (control: Locator): Promise<void> =>
  expect
    .poll(() =>
      control.evaluate((element) => Object.keys(element).some((key) => key.startsWith('__reactProps$'))),
    )
    .toBe(true);

export class ConsolePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** As the administrator of the lab's console, unless another one is named. */
  async signIn(as?: { readonly user: string; readonly password: string }): Promise<void> {
    await this.page.goto('/login');
    await this.page.getByLabel('User').fill(as?.user ?? process.env.SHOAL_TEST_USER ?? '');
    await this.page.getByLabel('Password').fill(as?.password ?? process.env.SHOAL_TEST_PASSWORD ?? '');
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.waitForURL(/\/clusters/);
  }

  /** Goes to a panel of the only cluster, by its link in the navigation. */
  async open(panel: Panel): Promise<void> {
    if (!/\/clusters\/[^/]+\//.test(this.page.url())) await this.page.goto('/');
    // The link to the changes carries their number behind its title.
    const title = new RegExp(`^${panelTitles[panel]}( \\d.*)?$`);
    await this.page
      .getByRole('navigation', { name: 'Panels of the cluster' })
      .getByRole('link', { name: title })
      .click();
    await this.page.waitForURL(new RegExp(`/clusters/[^/]+/${panel}$`));
  }

  /** Goes to CONTROL/MONITORING of one of several clusters. */
  async openCluster(name: string): Promise<void> {
    await this.page.goto('/clusters');
    await this.page.getByRole('table', { name: 'Clusters' }).getByRole('link', { name, exact: true }).click();
    await this.page.waitForURL(/\/clusters\/[^/]+\/control$/);
  }

  /** Path of the only cluster. */
  async clusterPath(): Promise<string> {
    await this.open('control');
    return new URL(this.page.url()).pathname.replace(/\/control$/, '');
  }

  async openVirtualServer(name: string, tab?: 'REAL SERVER' | 'MONITORING SCRIPTS'): Promise<void> {
    await this.open('virtual-servers');
    await this.page.getByRole('link', { name, exact: true }).click();
    await this.page.waitForURL(/\/virtual-servers\/[^/]+$/);
    if (!tab) return;
    await this.page.getByRole('link', { name: tab, exact: true }).click();
    await this.page.waitForURL(tab === 'REAL SERVER' ? /\/servers$/ : /\/monitoring$/);
  }

  /** The card of a router: `Router r1`. */
  router(name: string): Locator {
    return this.page.getByRole('region', { name: `Router ${name}`, exact: true });
  }

  sync(): Locator {
    return this.page.getByRole('region', { name: 'Synchronisation' });
  }

  healthRow(virtualServer: string, realServer: string): Locator {
    return this.page
      .getByRole('table', { name: `Health of ${virtualServer}` })
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: realServer, exact: true }) });
  }

  /** Chooses from the menu of a real server; what the dialog says is given to `read` before it is done. */
  async override(
    realServer: string,
    choice: 'Drain' | 'Undrain' | 'Disable' | 'Enable' | 'Fix weight' | 'Free weight',
    read: (dialog: Locator) => Promise<void> = async () => {},
  ): Promise<void> {
    await this.page.getByRole('button', { name: `Override ${realServer} of `, exact: false }).click();
    await this.page.getByRole('menuitem', { name: `${choice}…`, exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    await read(dialog);
    await dialog.getByRole('button', { name: `${choice} ${realServer}`, exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  routingTable(router: string): Locator {
    return this.page.getByRole('table', { name: `Routing table of ${router}` });
  }

  events(): Locator {
    return this.page.getByRole('list', { name: 'Events, newest first' });
  }

  /** Waits until the card of a router says the word: `active`, `standby`, `unreachable`, … */
  async expectRouter(name: string, word: string, timeout = 30_000): Promise<void> {
    await expect(this.router(name).getByText(word, { exact: true }).first()).toBeVisible({ timeout });
  }

  async expectInSync(timeout = 30_000): Promise<void> {
    await expect(this.sync().getByText('in sync', { exact: true })).toBeVisible({ timeout });
  }

  /** Where a test begins that needs equal routers and no draft: one before it may have failed half-way. */
  async bringInSync(): Promise<void> {
    const state = this.sync().getByText(/^(in sync|backup behind|changed on the router)$/);
    await expect(state).toBeVisible({ timeout: 30_000 });
    const read = this.page.getByRole('button', { name: 'I have read this' });
    if (await read.isVisible()) await read.click();
    if (await this.page.getByText(/^\d+ changes? waits?$/).isVisible()) {
      await this.discardDraft();
      await this.open('control');
    }
    if ((await state.innerText()) !== 'in sync') await this.syncToBackup();
    await this.expectInSync();
  }

  /** The one click that makes the backup equal to the active router. */
  async syncToBackup(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sync to backup' }).click();
  }

  /** Gives rs2 of web another weight in the draft; returns it. */
  async changeWeight(): Promise<string> {
    await this.openVirtualServer('web', 'REAL SERVER');
    await this.page.getByRole('button', { name: 'Edit rs2' }).click();
    const dialog = this.page.getByRole('dialog');
    const field = dialog.getByLabel('Weight', { exact: true });
    const next = (await field.inputValue()) === '3' ? '4' : '3';
    await field.fill(next);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    return next;
  }

  /** Leaves a mark that a reload of the page would wipe out. */
  async markPage(): Promise<void> {
    await this.page.evaluate(() => document.documentElement.setAttribute('data-mark', 'kept'));
  }

  async expectNotReloaded(): Promise<void> {
    await expect(this.page.locator('html')).toHaveAttribute('data-mark', 'kept');
  }

  /** What the review shows as the plan of a router: its table afterwards, one line each. */
  async plannedTable(router: string): Promise<string[]> {
    const plan = this.page.getByRole('region', { name: `Plan of ${router}` });
    await plan.getByText('The routing table afterwards').click();
    const lines = plan.getByRole('region', { name: `Routing table of ${router} after the push` });
    return linesOf(await lines.innerText());
  }

  async push(message: string): Promise<void> {
    await this.page.getByLabel('Message', { exact: true }).fill(message);
    await this.page.getByRole('button', { name: 'Push', exact: true }).click();
  }

  /** Pushes what the routers take back by themselves. */
  async pushOnTrial(message: string, length: string): Promise<void> {
    await this.page.getByRole('checkbox', { name: /^On trial/ }).check();
    await this.page.getByLabel('Length of the trial').selectOption({ label: length });
    await this.push(message);
  }

  /** The bar with the count-down. */
  trial(): Locator {
    return this.page.getByRole('region', { name: 'Push on trial' });
  }

  async discardDraft(): Promise<void> {
    await this.open('changes');
    await this.page.getByRole('button', { name: 'Discard the draft' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Discard the draft' }).click();
    await expect(this.page.getByText('Nothing to push')).toBeVisible();
  }

  /** Row of a router in the result of the last push. */
  pushResult(router: string): Locator {
    return this.page
      .getByRole('table', { name: 'Result of the push' })
      .getByRole('row')
      .filter({ hasText: router });
  }
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
