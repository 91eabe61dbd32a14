/** Everything that an administrator does in the console, by keyboard alone; the focus is in sight and goes to sensible places. */
import { test } from '../fixtures.ts';
import { lists, settings, virtualServers } from '../keyboard/draft.ts';
import { account, clusters, enrol, importCluster, signIn } from '../keyboard/entry.ts';
import { personAt } from '../keyboard/person.ts';
import { overrides, routers, safeChange } from '../keyboard/running.ts';

test.setTimeout(900_000);

test('everything is done by keyboard alone, the focus always in sight and nowhere caught', async ({
  browser,
  contextOptions,
  rested: lab,
}) => {
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  const person = personAt(page, lab);
  const { keys } = person;
  await page.goto('/login');
  await test.step('signs in', () => signIn(person));
  await test.step('imports a cluster', () => importCluster(person));
  await test.step('enrols a router and removes it', () => enrol(person));
  await test.step('sets what is global and the redundancy', () => settings(person));
  await test.step('adds a virtual server, its real servers, its script', () => virtualServers(person));
  await test.step('searches, copies, orders, deletes, exports', () => lists(person));
  await test.step('renames and deletes a cluster', () => clusters(person));
  await test.step('opens the cluster', () => keys.go('Example', /\/control$/));
  await test.step('changes, reviews, tries, keeps, rolls back, compares, restores', () => safeChange(person));
  await test.step('drains, disables, weighs', () => overrides(person));
  await test.step('syncs, stops, starts, switches over', () => routers(person));
  await test.step('changes the look and the password, signs out', () => account(person));
  await context.close();
});
