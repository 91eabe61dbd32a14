/** A picture of every page, light and dark, wide and narrow, in docs/images. */
import { mkdirSync } from 'node:fs';
import { projectRoot } from '#e2e/lab/places.ts';
import { expect, test } from '../fixtures.ts';
import { stops } from '../walk.ts';

const folder = process.env.SHOAL_SCREENSHOTS ?? `${projectRoot}/dist/screenshots`;
mkdirSync(folder, { recursive: true });

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1440, 800]) {
    test.describe(`${scheme} ${width}`, () => {
      test.use({ contextOptions: { colorScheme: scheme, viewport: { width, height: 900 } } });
      for (const stop of stops) {
        test(stop.name, async ({ shoal, rested }) => {
          expect(rested.routers.length).toBe(2);
          const { page } = shoal;
          await page.setViewportSize({ width, height: 900 });
          await stop.open(shoal);
          await page.waitForLoadState('load');
          await page.waitForTimeout(1500);
          // A page as tall as its window: the bar at its foot then stands at its end, not across its middle.
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ width, height: Math.max(900, height) });
          const name = stop.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
          await page.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png`, fullPage: true });
        });
      }
    });
  }
}
