/** Tests in the lab: run them by `npm test`, or alone by `node lib/bootstrap/run.mjs e2e [FILE ...]`. */
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const chromium = '/usr/bin/chromium-headless-shell';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  // The demo boots labs of its own: e2e/demo/playwright.config.ts. Long ones run by `npm run test:long`.
  testIgnore: process.env.SHOAL_TEST_LONG ? ['demo/**'] : ['demo/**', 'long/**'],
  globalSetup: './e2e/global-setup.ts',
  // One lab, one cluster: what a test does to a router, every other test would see.
  workers: 1,
  fullyParallel: false,
  // A slow emulator is no failure: where time is the promise, the test measures it.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
  reporter: [['list'], ['json', { outputFile: 'dist/test/playwright.json' }]],
  use: {
    baseURL: process.env.SHOAL_TEST_URL ?? 'http://127.0.0.1:3636',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update'],
      ],
    },
  },
});
