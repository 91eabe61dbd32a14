/** The demo as a whole, outside of any lab: it boots its own. */
import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

const { globalSetup: _, testIgnore: __, ...shared } = base;

export default defineConfig({
  ...shared,
  testDir: '.',
  testMatch: '*.spec.ts',
  timeout: 600_000,
  outputDir: '../../test-results/demo',
  reporter: [['list'], ['json', { outputFile: '../../dist/test/demo.json' }]],
});
