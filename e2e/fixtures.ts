/** What every spec starts from: the lab, a cluster at rest, an administrator who is signed in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { settle } from '#e2e/cluster/settle.ts';
import { currentLab, type Lab } from '#e2e/lab/lab.ts';
import { ConsolePage } from './console-page.ts';

interface Fixtures {
  /** The cluster page of a signed-in administrator. */
  readonly shoal: ConsolePage;
  readonly rested: undefined;
}

export const test = base.extend<Fixtures, { lab: Lab }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => use(currentLab()),
    { scope: 'worker' },
  ],
  rested: [
    async ({ lab }, use) => {
      await settle(lab);
      await use(undefined);
    },
    { auto: true },
  ],
  shoal: async ({ browser, lab, contextOptions }, use) => {
    const kept = join(lab.folder, 'session.json');
    const context = await browser.newContext({
      ...contextOptions,
      ...(existsSync(kept) ? { storageState: kept } : {}),
    });
    const shoal = new ConsolePage(await context.newPage());
    if (!existsSync(kept)) {
      await shoal.signIn();
      await context.storageState({ path: kept });
    }
    await shoal.open('control');
    await use(shoal);
    await context.close();
  },
});

export { expect };
