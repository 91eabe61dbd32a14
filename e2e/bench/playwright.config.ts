/** Measurements and pictures, not tests: `node lib/bootstrap/run.mjs bench` and `… screenshots`, in the lab. */
import { fileURLToPath } from 'node:url';
import base from '../../playwright.config.ts';

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default {
  ...base,
  // A trace costs time of its own.
  use: { ...base.use, navigationTimeout: 60_000, actionTimeout: 60_000, trace: 'off' as const },
  testDir: '.',
  testMatch: '*.bench.ts',
  globalSetup: inProject('e2e/global-setup.ts'),
  outputDir: inProject('test-results'),
  reporter: 'list',
  timeout: 600_000,
};
