/** Without a session: every route of app/ answers with a redirect or 401, for every method. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#e2e/lab/places.ts';
import { expect, test } from './fixtures.ts';

/** What makes a session possible, and nothing else. */
const open = new Set(['/login', '/api/auth/[...nextauth]']);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Every route of the app folder, as Next.js names it: `/clusters/[id]/control`. */
function routesOf(folder: string, path = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const part = /^\(.*\)$/.test(entry.name) ? '' : `/${entry.name}`;
      return routesOf(join(folder, entry.name), path + part);
    }
    return /^(page|route)\.tsx?$/.test(entry.name) ? [path === '' ? '/' : path] : [];
  });
}

const routes = routesOf(join(projectRoot, 'app'));

test('the walk over app/ finds the panels and the event stream', () => {
  expect(routes).toEqual(
    expect.arrayContaining(['/', '/login', '/clusters/[id]/control', '/clusters/[id]/changes']),
  );
  expect(routes).toContain('/api/clusters/[id]/live');
});

test('every route gives nothing to a visitor without a session, by any method', async ({
  shoal,
  playwright,
  baseURL,
}) => {
  const id = (await shoal.clusterPath()).split('/').at(-1) ?? '';
  const visitor = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}), maxRedirects: 0 });
  for (const route of routes.filter((each) => !open.has(each))) {
    const path = route.replace('[id]', id).replaceAll(/\[[^\]]+\]/g, 'any');
    for (const method of methods) {
      const answer = await visitor.fetch(path, { method });
      const what = `${method} ${path} answered ${answer.status()}`;
      if (answer.status() === 401) continue;
      expect.soft(answer.status(), what).toBeGreaterThanOrEqual(300);
      expect.soft(answer.status(), what).toBeLessThan(400);
      expect.soft(answer.headers().location, what).toMatch(/\/login(\?|$)/);
    }
  }
  await visitor.dispose();
});

test('a forged session is no session', async ({ playwright, baseURL }) => {
  const visitor = await playwright.request.newContext({
    ...(baseURL ? { baseURL } : {}),
    maxRedirects: 0,
    extraHTTPHeaders: { cookie: 'next-auth.session-token=eyJhbGciOiJkaXIifQ..AAAA.BBBB.CCCC' },
  });
  expect((await visitor.get('/clusters')).headers().location).toMatch(/\/login/);
  await visitor.dispose();
});

test('a server action without a session does nothing', async ({ playwright, baseURL, shoal }) => {
  const path = `${await shoal.clusterPath()}/changes`;
  const visitor = await playwright.request.newContext({ ...(baseURL ? { baseURL } : {}), maxRedirects: 0 });
  const answer = await visitor.post(path, {
    headers: { 'Next-Action': '40'.padEnd(42, '0'), 'Content-Type': 'text/plain;charset=UTF-8' },
    data: '[]',
  });
  expect(answer.status()).toBe(401);
  await visitor.dispose();
});

test('a wrong password lets nobody in', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('User').fill(process.env.SHOAL_TEST_USER ?? '');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await page.goto('/clusters');
  await expect(page).toHaveURL(/\/login/);
});
