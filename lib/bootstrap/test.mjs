/** `npm test`: lint, types, unit tests, build, and the browser against the console against one lab. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildAgentBundles, buildConsole, buildDatabaseClient, buildE2ePrograms } from './build.mjs';
import { ensureDebianPackages, peerPackages, unitTestPackages } from './debian-packages.mjs';
import { ensureLab, runInLab } from './lab.mjs';
import { ensureNode18 } from './node18.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { at, bin } from './place.mjs';
import { playwrightSum } from './playwright-sum.mjs';
import { attend, wasEnded } from './processes.mjs';
import { Stop, say } from './say.mjs';
import { runUnitTests } from './unit-tests.mjs';

const results = at('dist', 'test');
const unitNotes = at('dist', 'test', 'vitest.ndjson');
const labResults = at('dist', 'test', 'playwright.json');
const demoResults = at('dist', 'test', 'demo.json');

/** @typedef {import('./unit-tests.mjs').Sum} Sum */

/** @param {number} code @returns {string[]} */
const failuresOf = (code) => (code === 0 ? [] : [`ended with code ${code}`]);

/** A step that has no count of its own: it fails as one or says nothing. @param {Promise<number>} code @returns {Promise<Sum>} */
const asOne = async (code) => ({ passed: 0, failures: failuresOf(await code) });

/** What Playwright wrote, or one failure if it ended badly without saying which test failed. @returns {Sum} */
function readSum(file, code) {
  const { passed, failures } = existsSync(file)
    ? playwrightSum(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failures: [] };
  return { passed, failures: failures.length > 0 ? failures : failuresOf(code) };
}

/** Without them one test fails and says what it misses; the others run all the same. */
async function tryUnitTestPackages() {
  try {
    await ensureDebianPackages(unitTestPackages, {
      purpose: 'run the unit tests',
      without: 'All other unit tests run without.',
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
  }
}

/** @param {Record<string, string>} [env] @returns {Promise<Sum>} */
const unitTests = (env) => runUnitTests({ env, notes: unitNotes });

/** Specs of e2e/long run only where an argument names them. @param {readonly string[]} args @returns {Promise<Sum>} */
async function labTests(args = []) {
  if (args.some((arg) => arg.includes('long/'))) process.env.SHOAL_TEST_LONG = '1';
  const code = await runInLab([bin('playwright'), 'test', ...args]);
  return readSum(labResults, code);
}

/** Outside of the lab: the demo boots its own. @returns {Promise<Sum>} */
async function demoTests() {
  const config = at('e2e', 'demo', 'playwright.config.ts');
  const code = await attend([bin('playwright'), 'test', '--config', config]);
  return readSum(demoResults, code);
}

async function buildAll() {
  await buildConsole();
  await buildAgentBundles();
  await buildE2ePrograms();
}

/** Runs the steps in order, all of them, names what failed once more, and prints the sum as the last line. Returns the exit code. */
async function sumUp(steps) {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  for (const [name, step] of Object.entries(steps)) {
    say(`\n== ${name}`);
    const sum = await step().catch((error) => {
      if (!(error instanceof Stop)) throw error;
      say(error.message);
      return { passed: 0, failures: [error.message] };
    });
    passed += sum.passed;
    failures.push(...sum.failures.map((failure) => `${name}: ${failure}`));
    if (wasEnded()) throw new Stop('Ended before everything was tested.', 143);
  }
  if (failures.length > 0) say(`\nFailed:\n${failures.map((failure) => `  ${failure}\n`).join('')}`);
  say(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

/** Everything that a change must pass. */
export async function testAll() {
  await ensureNpmPackages();
  await buildDatabaseClient();
  return sumUp({
    Lint: () => asOne(attend([bin('biome'), 'ci', '.'])),
    Types: () => asOne(attend([bin('tsc'), '--noEmit'])),
    'Unit tests': async () => {
      await ensureNode18();
      await tryUnitTestPackages();
      return unitTests();
    },
    Lab: async () => {
      await ensureLab('test');
      await buildAll();
      return labTests();
    },
    Demo: async () => {
      await ensureLab('test');
      return demoTests();
    },
  });
}

/** Only the tests of the demo. */
export async function testDemo() {
  await ensureLab('test');
  await ensureNpmPackages();
  await buildAll();
  return sumUp({ Demo: () => demoTests() });
}

/** What takes too long for every change: the unit tests with more seeds and new cases, and the specs of e2e/long in the lab. */
export async function testLong() {
  await ensureNpmPackages();
  await buildDatabaseClient();
  return sumUp({
    'Unit tests, long': async () => {
      await tryUnitTestPackages();
      return unitTests({ SIM_SEEDS: '10000', PROPERTY_SEED: 'random' });
    },
    'Lab, long': async () => {
      await ensureLab('test');
      await buildAll();
      return labTests(['e2e/long/']);
    },
  });
}

/**
 * Measurements or pictures: programs of e2e/bench, in the lab; arguments go to Playwright.
 * @param {'measure' | 'screenshots'} name @param {readonly string[]} args
 */
export async function benchInLab(name, args) {
  await ensureLab('test');
  await ensureNpmPackages();
  await buildAll();
  return runInLab([
    bin('playwright'),
    'test',
    '--config',
    at('e2e', 'bench', 'playwright.config.ts'),
    name,
    ...args,
  ]);
}

/** The agent beside its peers, in the lab; the part `checks` needs none. @param {readonly string[]} args */
export async function benchPeers(args) {
  const inLab = args[0] !== 'checks' && args[0] !== 'takeover';
  if (args[0] !== 'checks') await ensureLab('test');
  await ensureDebianPackages(peerPackages, {
    purpose: 'measure the peers',
    without: 'All else runs without.',
  });
  await ensureNpmPackages();
  await buildAgentBundles();
  await buildE2ePrograms();
  const argv = [process.execPath, at('dist', 'e2e', 'peers.mjs'), ...args];
  return inLab ? runInLab(argv) : attend(argv);
}

/** Only the tests in the lab; arguments go to Playwright. @param {readonly string[]} args */
export async function testInLab(args) {
  await ensureLab('test');
  await ensureNpmPackages();
  await buildAll();
  return sumUp({ Lab: () => labTests(args) });
}
