/**
 * Every command of package.json, on a machine that may have nothing yet but Node.js and npm:
 * `node lib/bootstrap/run.mjs COMMAND [ARG ...]`. Installs what the command needs, builds what is stale, runs it.
 */
import { buildAgentBundles, buildConsole, buildDatabaseClient, buildE2ePrograms } from './build.mjs';
import { consoleSettings, developConsole, refuseTakenPort, startConsole } from './console.mjs';
import { ensureLab, runInLab, runProgram } from './lab.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { Stop } from './say.mjs';
import { benchInLab, benchPeers, testAll, testDemo, testInLab, testLong } from './test.mjs';

/** One row a command: returns its exit code. @type {Record<string, (args: string[]) => Promise<number>>} */
const commands = {
  /** The whole of it with real routers; `demo curl [N]` sends traffic through a demo that runs. */
  async demo(args) {
    if (args[0] === 'curl') return runProgram('demo', args);
    const { port } = consoleSettings();
    await refuseTakenPort('127.0.0.1', port, 'Set PORT to another one.');
    await ensureLab('lab');
    await ensureNpmPackages();
    await buildConsole();
    await buildAgentBundles();
    await buildE2ePrograms();
    return runProgram('demo', args);
  },
  async start() {
    await ensureNpmPackages();
    await buildConsole();
    return startConsole();
  },
  async dev() {
    await ensureNpmPackages();
    await buildDatabaseClient();
    return developConsole();
  },
  async build() {
    await ensureNpmPackages();
    await buildConsole();
    await buildAgentBundles();
    await buildE2ePrograms();
    return 0;
  },
  test: () => testAll(),
  'test:long': () => testLong(),
  /** `e2e [PLAYWRIGHT ARG ...]`: only the tests in the lab. */
  e2e: (args) => testInLab(args),
  /** `fuzz [RUNS [SEED]]`: the language, with a million mutated files. */
  fuzz: (args) => runE2eProgram('language-fuzz', args),
  /** The language with a very large configuration; writes docs/measurements-language.md. */
  'bench:language': (args) => runE2eProgram('language-bench', args),
  /** The console with a very large cluster and with 50, without a lab; writes docs/measurements-console.md. */
  'bench:console': async (args) => {
    await ensureNpmPackages();
    await buildConsole();
    return runE2eProgram('console-bench', args);
  },
  'test:demo': () => testDemo(),
  /** Measures what docs/measurements.md says, and writes it. */
  bench: (args) => benchInLab('measure', args),
  /** `bench:peers [PART]`: beside keepalived, ldirectord and ipvsadm; writes docs/measurements-peers.md. */
  'bench:peers': (args) => benchPeers(args),
  /** `soak [MINUTES]`: 2 000 endpoints that come and go; fails if memory or open files grow. */
  soak: (args) => runE2eProgram('soak', args),
  /** Pictures of every page, empty, at work, very full and broken, into dist/screenshots. */
  screenshots: (args) => benchInLab('screenshots', args),
  /** `lab -- COMMAND`: boots the lab, runs the command in it; a shell if none is given. */
  async lab(args) {
    await ensureLab('lab');
    await ensureNpmPackages();
    await buildE2ePrograms();
    const command = args[0] === '--' ? args.slice(1) : args;
    return runInLab(command.length > 0 ? command : [process.env.SHELL ?? 'sh']);
  },
};

/** Builds the programs of e2e and runs one of them. @param {string} name @param {string[]} args */
async function runE2eProgram(name, args) {
  await ensureNpmPackages();
  await buildE2ePrograms();
  return runProgram(name, args);
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  process.stderr.write(`usage: node lib/bootstrap/run.mjs ${Object.keys(commands).join('|')} [ARG ...]\n`);
  process.exit(2);
}
try {
  process.exit(await command(args));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(error.code);
}
