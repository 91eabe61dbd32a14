/** `npm run demo` as a visitor meets it: it serves a browser of this machine, and its end leaves nothing. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { projectRoot } from '#e2e/lab/places.ts';
import { DataFolder, freePort, Terminal } from './terminal.ts';

interface Fixtures {
  /** Starts a demo on a port of its own; it is gone at the end of the test, however that ends. */
  readonly start: () => Promise<Terminal>;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
  start: async ({}, use) => {
    const data = new DataFolder();
    const started: Terminal[] = [];
    await use(async () => {
      const demo = new Terminal(await freePort(), data.path);
      started.push(demo);
      return demo;
    });
    for (const demo of started) demo.dispose();
    data.dispose();
  },
});

/** What a first start builds; the tests have built it already. */
const built = [
  'node_modules/.shoal-installed',
  '.next/standalone/server.js',
  'dist/agent/shoal-agent.mjs',
  'dist/e2e/demo.mjs',
  ...['prisma', 'console', 'agent', 'e2e'].map((name) => `dist/stamps/${name}`),
];
const whenBuilt = (): number[] => built.map((path) => statSync(join(projectRoot, path)).mtimeMs);

const ready = "Shoal's demo is ready";

test('the demo serves a browser and a second terminal; Ctrl-C leaves nothing', async ({ page, start }) => {
  const before = whenBuilt();
  const demo = await start();
  await demo.waitFor(ready);
  expect(whenBuilt()).toEqual(before);
  expect(demo.output).not.toMatch(/^(Installs (npm|Debian|Node)|Builds|Compiles)/m);

  await page.goto(demo.said('Address'));
  expect(page.url()).toMatch(`http://127.0.0.1:${demo.port}/login`);
  await page.getByLabel('User').fill(demo.said('User'));
  await page.getByLabel('Password').fill(demo.said('Password'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  const router = (name: string) => page.getByRole('region', { name: `Router ${name}` });
  await expect(router('r1').getByText('active', { exact: true })).toBeVisible();
  await expect(router('r2').getByText('standby', { exact: true })).toBeVisible();

  const traffic = await demo.second('curl', '9');
  expect(traffic.stdout).toContain('rs1: 3, rs2: 3, rs3: 3');
  expect(traffic.code).toBe(0);

  const another = await demo.second();
  expect(another.stderr.trim()).toBe(
    `Port ${demo.port} on 127.0.0.1 is taken by another program. Set PORT to another one.`,
  );
  expect(another.code).toBe(1);

  expect([0, 'SIGINT']).toContain(await demo.interrupt());
  expect(demo.namespaces).toBeGreaterThanOrEqual(3);
  expect(await demo.remains()).toEqual([]);
});

test('Ctrl-C in the middle of the boot leaves nothing', async ({ start }) => {
  const demo = await start();
  await demo.process('inside', /^qemu-system/);
  expect([0, 'SIGINT']).toContain(await demo.interrupt());
  expect(demo.output).not.toContain(ready);
  expect(await demo.remains()).toEqual([]);
});

for (const { who, command, isFarEnough } of [
  {
    who: 'the demo itself, when it is ready',
    command: /^\S*node \S*dist\/e2e\/demo\.mjs/,
    isFarEnough: (demo: Terminal) => demo.waitFor(ready),
  },
  {
    who: 'the program that npm started, during the boot',
    command: /^node lib\/bootstrap\/run\.mjs demo/,
    isFarEnough: (demo: Terminal) => demo.process('inside', /^qemu-system/),
  },
]) {
  test(`a demo whose outer process is killed leaves nothing: ${who}`, async ({ start }) => {
    const demo = await start();
    await isFarEnough(demo);
    demo.kill(await demo.process('outside', command));
    expect(demo.namespaces).toBeGreaterThanOrEqual(3);
    // The note for the second terminal may stay where nobody could remove it; nobody listens there.
    const remains = async () => (await demo.remains()).filter((thing) => thing !== 'demo.socket');
    await expect.poll(remains, { timeout: 60_000 }).toEqual([]);
    const late = await demo.second('curl');
    expect(late.stderr.trim()).toBe('No demo is running: start it with "npm run demo" in another terminal.');
    expect(late.code).toBe(1);
  });
}
