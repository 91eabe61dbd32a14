/** Pictures of one page: light and dark, wide and narrow, and on a phone where it tells the state of clusters. */
import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { projectRoot } from '#e2e/lab/places.ts';
import type { Stop } from '../walk.ts';

const folder = process.env.SHOAL_SCREENSHOTS ?? `${projectRoot}/dist/screenshots`;

/** Taller ones show nothing new. */
const TALLEST = 5000;
const LOW = 900;
const wide = [1440, 800] as const;
const phone = 390;

/** The next picture of the browser is drawn, and what moves has come to rest. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const moving = document
          .getAnimations()
          .filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
        Promise.allSettled(moving.map(({ finished }) => finished)).then(() =>
          requestAnimationFrame(() => requestAnimationFrame(resolve)),
        );
      }),
  );
}

/** A dialog is cut to its window; else the window is as tall as the page, so that the bar at its foot stands there. */
async function fitHeight(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: LOW });
  if (await page.getByRole('dialog').or(page.getByRole('menu')).first().isVisible()) return;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(TALLEST, Math.max(LOW, height)) });
}

/** Files `STATE-PAGE-SCHEME-WIDTH.png`. The page is left wide. */
export async function takePictures(page: Page, state: string, { name, tellsState }: Stop): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const widths = tellsState ? [...wide, phone] : wide;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await fitHeight(page, width);
      await atRest(page);
      await page.screenshot({ path: `${folder}/${state}-${name}-${colorScheme}-${width}.png` });
    }
  }
  await page.setViewportSize({ width: 1440, height: LOW });
}
