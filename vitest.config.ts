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
    // Processes, not threads: a thread that waits for a child of its own may never end.
    pool: 'forks',
    // A busy machine is no failure: what hangs is found all the same.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['./lib/platform/test-property-seed.ts'],
    expect: { poll: { timeout: 20_000 } },
    // Node logs are evidence: a passing run is quiet, a failing one shows them.
    silent: 'passed-only',
  },
});
