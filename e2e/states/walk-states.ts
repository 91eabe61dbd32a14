/** Registers a test for each page in each state: one console a state, its pages one after the other. */
import { expect, test } from '@playwright/test';
import { expectNoFindings } from '../axe.ts';
import type { ConsolePage } from '../console-page.ts';
import { type Stop, untilDrawn } from '../walk.ts';
import { broken } from './broken.ts';
import { empty, firstRun } from './empty.ts';
import { full } from './full.ts';
import type { Running, State } from './running.ts';

const states: readonly State[] = [firstRun, empty, broken, full];

export function forEveryState(
  title: (stop: Stop, state: State) => string,
  visit: (shoal: ConsolePage, stop: Stop, state: State) => Promise<void>,
  isWanted: (stop: Stop) => boolean = () => true,
): void {
  for (const state of states) {
    test.describe(`${state.name}:`, () => {
      let running: Running | null = null;
      test.beforeAll(async ({ browser }) => {
        running = await state.start(browser);
      });
      test.afterAll(() => running?.stop());
      for (const stop of state.stops.filter(isWanted)) {
        test(title(stop, state), async () => {
          if (running === null) throw new Error('The console did not start');
          await visit(running.shoal, stop, state);
        });
      }
    });
  }
}

/** Narrow windows: every page at 800 pixels, and on a phone those that tell how clusters stand. */
const narrow = ({ tellsState }: Stop): readonly number[] => (tellsState ? [800, 390] : [800]);

/** Registers for each page in each state: no finding of axe, light and dark; no page is wider than its window. */
export function checkEveryState(isWanted: (stop: Stop) => boolean): void {
  forEveryState(
    (stop, { name }) => `${stop.name}, ${name}, is accessible and no wider than its window`,
    async (shoal, stop) => {
      const { page } = shoal;
      await stop.open(shoal);
      await untilDrawn(page);
      await expect(page).toHaveTitle(/Shoal/);
      await expectNoFindings(page);
      for (const width of narrow(stop)) {
        await page.setViewportSize({ width, height: 900 });
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `at ${width}` })
          .toBeLessThanOrEqual(width);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    },
    isWanted,
  );
}
