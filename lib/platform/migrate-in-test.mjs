/** Test program: migrate-in-test FILE MIGRATIONS. Runs the migrations in a process that a test can kill. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const [file, migrations] = process.argv.slice(2);
const { outputFiles } = await build({
  entryPoints: ['lib/platform/migrations.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  packages: 'external',
  alias: { 'server-only': './lib/platform/server-only-in-tests.ts' },
  logLevel: 'error',
});
const loaded = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(
  loaded,
  loaded.exports,
  createRequire(resolve('package.json')),
);
process.stdout.write('begin\n');
const report = loaded.exports.migrate(file, migrations);
process.stdout.write(report.applied.length > 0 ? 'applied\n' : 'nothing to do\n');
