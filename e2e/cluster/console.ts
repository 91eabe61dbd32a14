/** The console inside the lab: started with an example cluster, its key accepted on both routers. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '#e2e/lab/lab.ts';
import { until } from '#e2e/lab/process.ts';
import { type ConsoleProcess, launchConsole } from './console-process.ts';
import { exampleConfig, exampleName } from './example.ts';

/** The account that the console uses on a router; `shoalctl enrol` makes it. */
const ROUTER_USER = 'shoal';

export interface ConsoleOptions {
  readonly port: number;
  /** Folder for its database and keys. */
  readonly data: string;
  readonly config?: string;
}

export interface Console extends Pick<ConsoleProcess, 'url' | 'pid' | 'logFile' | 'stop'> {
  readonly user: string;
  readonly password: string;
}

/** Installs and starts the agent on both routers; what an earlier one knew is gone. */
export async function installAgents(lab: Lab): Promise<void> {
  await Promise.all(
    lab.routers.map(async (router) => {
      await router.agent.forget();
      await router.agent.install();
      await router.agent.start();
    }),
  );
}

async function writeSeed(lab: Lab, file: string, publicKeyFile: string, config: string): Promise<void> {
  const routers = lab.routers.map(async (router) => ({
    role: router.name === 'r1' ? 'primary' : 'backup',
    name: router.name,
    address: router.publicAddress,
    port: 22,
    user: ROUTER_USER,
    fingerprint: await router.fingerprint(),
  }));
  const seed = { cluster: exampleName, lvsCf: config, routers: await Promise.all(routers), publicKeyFile };
  writeFileSync(file, JSON.stringify(seed, null, 2));
}

/** Lets the console's key in on both routers, as an administrator does it by hand. */
export async function enrolConsole(lab: Lab, publicKey: string): Promise<void> {
  await Promise.all(lab.routers.map((router) => router.on(['shoalctl', 'enrol', publicKey.trim()])));
}

/** Four groups of five letters and digits that cannot be mistaken for each other. */
function oneTimePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = [...randomBytes(20)].map((byte) => alphabet[byte % alphabet.length]);
  return [0, 5, 10, 15].map((start) => letters.slice(start, start + 5).join('')).join('-');
}

/** Starts the console with the example cluster in an empty data folder and enrols it on both routers. */
export async function startConsole(lab: Lab, options: ConsoleOptions): Promise<Console> {
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const seedFile = join(lab.folder, 'seed.json');
  const publicKeyFile = join(options.data, 'console.pub');
  const logFile = join(lab.folder, 'console.log');
  await writeSeed(lab, seedFile, publicKeyFile, options.config ?? exampleConfig());
  const user = 'admin';
  const password = oneTimePassword();
  const running = launchConsole({
    port: options.port,
    data: options.data,
    logFile,
    env: { SHOAL_SEED: seedFile, SHOAL_ADMIN_USER: user, SHOAL_ADMIN_PASSWORD: password },
  });
  await running.whileAlive('the public key of the console', () => existsSync(publicKeyFile));
  await enrolConsole(lab, readFileSync(publicKeyFile, 'utf8'));
  await running.untilItAnswers();
  const { url, pid, stop } = running;
  return { url, user, password, pid, logFile, stop };
}

/** Waits until both routers run the same configuration, which the console pushed, with every real server in the table. */
export async function waitForPush(lab: Lab): Promise<void> {
  const pushed = async (): Promise<boolean> => {
    const [first, second] = await Promise.all([lab.r1.agent.status(), lab.r2.agent.status()]);
    const isWhole = [...first.health, ...second.health].every(({ weight }) => weight !== null);
    return first.config.hash !== null && first.config.hash === second.config.hash && isWhole;
  };
  await until('both routers to run the pushed configuration', pushed, { timeoutMs: 120_000, everyMs: 500 });
}
