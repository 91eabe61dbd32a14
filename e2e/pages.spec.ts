/** Every page, light and dark: no finding of axe, no error in the console of the browser. */
import { expectNoFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { stops, untilDrawn } from './walk.ts';

for (const stop of stops) {
  test(`${stop.name} is accessible and quiet`, async ({ shoal }) => {
    const { page } = shoal;
    const noise: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') noise.push(message.text());
    });
    page.on('pageerror', (error) => noise.push(error.message));
    await stop.open(shoal);
    await untilDrawn(page);
    await expect(page).toHaveTitle(/Shoal/);
    await expectNoFindings(page);
    expect(noise).toEqual([]);
  });
}

test('the login page is accessible', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expectNoFindings(page);
});
