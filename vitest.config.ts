import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: {
      'server-only': fileURLToPath(new URL('./lib/platform/server-only-in-tests.ts', import.meta.url)),
    },
  },
  test: {
    include: ['{lib,agent,components,app,e2e}/**/*.test.{ts,tsx}'],
    pool: 'threads',
    // Node logs are evidence: a passing run is quiet, a failing one shows them.
    silent: 'passed-only',
  },
});
