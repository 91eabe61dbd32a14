/** Build steps: the database client, the console, the agent's bundles, the programs of e2e. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { at, bin } from './place.mjs';
import { attend } from './processes.mjs';
import { Stop, say } from './say.mjs';
import { whenStale } from './stamps.mjs';

/** Programs of e2e that run outside a test runner. */
const e2ePrograms = [
  ...['e2e/lab/in-lab.ts', 'e2e/lab/probe.ts', 'e2e/lab/on.ts', 'e2e/lab/servant.ts', 'e2e/lab/caller.ts'],
  ...['e2e/lab/datagrams.ts'],
  ...['e2e/cluster/serve.ts', 'e2e/demo/demo.ts', 'e2e/piranha/pulse.ts'],
  ...['e2e/fuzz/language-fuzz.ts', 'e2e/bench/language-bench.ts', 'e2e/bench/console-bench.ts'],
  ...['e2e/bench/peers.ts', 'e2e/bench/soak.ts'],
];

/** @param {string} what @param {string[]} argv @param {Record<string, string>} [env] */
async function step(what, argv, env) {
  say(`Builds ${what}.`);
  if ((await attend(argv, { env, quiet: true })) !== 0) throw new Stop(`Building ${what} failed; see above.`);
}

/** The database client in lib/generated, from prisma/schema.prisma. Needs no network. */
export function buildDatabaseClient() {
  const what = {
    name: 'prisma',
    inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
    outputs: ['lib/generated/prisma/client.ts'],
  };
  return whenStale(what, () =>
    step('the database client', [bin('prisma'), 'generate'], {
      CHECKPOINT_DISABLE: '1',
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
    }),
  );
}

const consoleInputs = [
  ...['app', 'components', 'lib', 'prisma', 'public', 'types'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'next.config.ts', 'postcss.config.mjs'],
  ...['instrumentation.ts', 'instrumentation-node.ts', 'proxy.ts', 'prisma.config.ts'],
];

/** The console as a folder that runs by itself: .next/standalone/server.js. */
export async function buildConsole() {
  await buildDatabaseClient();
  const outputs = ['.next/standalone/server.js', '.next/standalone/.next/static'];
  return whenStale({ name: 'console', inputs: consoleInputs, outputs }, async () => {
    await step('the console (about half a minute)', [bin('next'), 'build'], { NEXT_TELEMETRY_DISABLED: '1' });
    for (const [from, to] of [
      [at('.next', 'static'), at('.next', 'standalone', '.next', 'static')],
      [at('public'), at('.next', 'standalone', 'public')],
    ]) {
      rmSync(to, { recursive: true, force: true });
      if (existsSync(from)) cpSync(from, to, { recursive: true });
    }
  });
}

/** dist/agent: the programs; dist/packages: the Debian package and the tarball. */
export function buildAgentBundles() {
  const inputs = [
    'agent',
    'lib/lvs',
    'lib/ipvs',
    'lib/import',
    'lib/protocol',
    'lib/bootstrap/archive.mjs',
    'lib/bootstrap/build-agent.mjs',
    'lib/bootstrap/build-packages.mjs',
    'package.json',
  ];
  const outputs = ['dist/agent/shoal-agent.mjs', 'dist/agent/shoalctl.mjs', 'dist/packages'];
  return whenStale({ name: 'agent', inputs, outputs }, async () => {
    say('Builds the agent and its packages.');
    const { buildAgent, ownVersion } = await import('./build-agent.mjs');
    const { buildPackages } = await import('./build-packages.mjs');
    await buildAgent();
    rmSync(at('dist', 'packages'), { recursive: true, force: true });
    await buildPackages({
      folder: at('dist', 'agent'),
      into: at('dist', 'packages'),
      version: await ownVersion(),
    });
  });
}

/** dist/e2e/*.mjs: the lab, the probe, the demo. */
export function buildE2ePrograms() {
  const names = e2ePrograms.map((path) => path.replace(/^.*\//, '').replace(/\.ts$/, '.mjs'));
  const what = {
    name: 'e2e',
    inputs: [
      'e2e',
      'agent',
      'lib/lvs',
      'lib/ipvs',
      'lib/protocol',
      'lib/bootstrap/build.mjs',
      'package-lock.json',
    ],
    outputs: names.map((name) => `dist/e2e/${name}`),
  };
  return whenStale(what, async () => {
    const { build } = await import('esbuild');
    await build({
      entryPoints: e2ePrograms.map((path) => at(path)),
      entryNames: '[name]',
      outdir: at('dist', 'e2e'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
    });
  });
}
