/** Every page while it is empty, very full or broken, light and dark: no finding of axe, nothing wider than the window. */
import { expect } from '@playwright/test';
import { expectNoFindings } from './axe.ts';
import { forEveryState } from './states/walk-states.ts';

forEveryState(
  (stop, { name }) => `${stop.name}, ${name}, is accessible and no wider than its window`,
  async (shoal, stop) => {
    const { page } = shoal;
    await stop.open(shoal);
    await page.waitForLoadState('load');
    await expect(page).toHaveTitle(/Shoal/);
    await expectNoFindings(page);
    for (const width of stop.tellsState ? [800, 390] : [800]) {
      await page.setViewportSize({ width, height: 900 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `at ${width}` })
        .toBeLessThanOrEqual(width);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  },
);
