/** What every spec starts from: the lab, a cluster at rest, an administrator who is signed in. */
import { existsSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';
import { settle } from '#e2e/cluster/settle.ts';
import { tellLogs } from '#e2e/cluster/witness.ts';
import { currentLab, type Lab } from '#e2e/lab/lab.ts';
import { ConsolePage } from './console-page.ts';

interface Fixtures {
  /** The cluster page of a signed-in administrator. */
  readonly shoal: ConsolePage;
  /** The lab, its cluster at rest: r1 active, r2 standby, everything up. */
  readonly rested: Lab;
}

export const test = base.extend<Fixtures, { lab: Lab }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const lab = currentLab();
      await use(lab);
      for (const router of lab.routers) router.agent.rpc.close();
    },
    { scope: 'worker' },
  ],
  rested: [
    async ({ lab }, use, info) => {
      await settle(lab);
      await use(lab);
      if (info.status !== info.expectedStatus) await tellLogs(lab);
    },
    // Time of its own: what a test before has left to boot is not taken from this one.
    { timeout: 400_000 },
  ],
  shoal: async ({ browser, contextOptions }, use) => {
    const kept = process.env.SHOAL_TEST_SESSION ?? '';
    const context = await browser.newContext({
      ...contextOptions,
      ...(existsSync(kept) ? { storageState: kept } : {}),
    });
    const shoal = new ConsolePage(await context.newPage());
    if (!existsSync(kept)) {
      await shoal.signIn();
      await context.storageState({ path: kept });
    }
    await shoal.page.goto('/');
    await shoal.page.waitForURL(/\/clusters\/[^/]+\/control$/, { timeout: 30_000 });
    // Ages are counted from the moment the page runs in the browser: what is pressed before may reach nobody.
    await expect(shoal.page.locator('time').filter({ hasText: '…' })).toHaveCount(0);
    await use(shoal);
    await context.close();
  },
});

export { expect };
