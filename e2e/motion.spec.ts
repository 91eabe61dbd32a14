/** Whoever asks the system for less motion gets none from the console. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** What a person would see move: longer than a blink. */
const SEEN_MS = 20;

/** Animations that run now, and elements that would take their time over a change. */
const motion = (page: Page): Promise<{ readonly running: number; readonly slow: number }> =>
  page.evaluate((seen) => {
    const slowest = (durations: string): number =>
      Math.max(
        ...durations.split(',').map((each) => Number.parseFloat(each) * (each.includes('ms') ? 1 : 1000)),
      );
    const running = document.getAnimations().filter(({ playState, effect }) => {
      return playState === 'running' && Number(effect?.getComputedTiming().endTime ?? 0) > seen;
    });
    const slow = [...document.querySelectorAll('*')].filter(
      (element) => slowest(getComputedStyle(element).transitionDuration) > seen,
    );
    return { running: running.length, slow: slow.length };
  }, SEEN_MS);

test('with less motion asked for nothing turns, slides or fades; without it a spinner does', async ({
  shoal,
}) => {
  const { page } = shoal;
  await shoal.open('global');
  // The answer to the save is held back: the button shows that it works on it.
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/global', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await held;
    await route.abort();
  });
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await expect.poll(async () => (await motion(page)).running).toBeGreaterThan(0);
  expect((await motion(page)).slow).toBeGreaterThan(0);

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(() => motion(page)).toEqual({ running: 0, slow: 0 });
  // Colours change, a dialog opens and a menu: none of it takes its time.
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await motion(page)).toEqual({ running: 0, slow: 0 });
  }
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await motion(page)).toEqual({ running: 0, slow: 0 });
  await page.keyboard.press('Escape');
  letGo();
  await expect(save).toBeEnabled();
});
