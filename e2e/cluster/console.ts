/** The console inside the lab: started with an example cluster, its key accepted on both routers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '#e2e/lab/lab.ts';
import { projectRoot } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { consoleFlags } from '#lib/bootstrap/console-flags.mjs';
import { exampleConfig, exampleName } from './example.ts';

/** The account that the console uses on a router; `shoalctl enrol` makes it. */
const ROUTER_USER = 'shoal';

export interface ConsoleOptions {
  readonly port: number;
  /** Folder for its database and keys. */
  readonly data: string;
  readonly config?: string;
}

export interface Console {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly pid: number;
  readonly logFile: string;
  /** Ends it in order; kills it when it does not end within 5 s. */
  stop(): Promise<void>;
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

function launch(options: ConsoleOptions, logFile: string, env: Record<string, string>): ChildProcess {
  const log = openSync(logFile, 'a');
  return spawn(process.execPath, [...consoleFlags, join(projectRoot, '.next/standalone/server.js')], {
    // A session of its own: Ctrl-C at the terminal must not end it before its owner does.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_MANUAL_SIG_HANDLE: 'true',
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(options.port),
      HOSTNAME: '127.0.0.1',
      SHOAL_DATA: options.data,
      ...env,
    },
  });
}

/** Waits for a condition that only a living console can fulfil. */
async function whileAlive<T>(child: ChildProcess, logFile: string, what: string, ask: () => T | Promise<T>) {
  const guarded = async (): Promise<T | 'ended'> => (child.exitCode === null ? ask() : 'ended');
  const answer = await until(what, guarded, { timeoutMs: 60_000, everyMs: 100 });
  if (answer === 'ended') throw new Error(`The console ended. Its log:\n${readFileSync(logFile, 'utf8')}`);
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
  const child = launch(options, logFile, {
    SHOAL_SEED: seedFile,
    SHOAL_ADMIN_USER: user,
    SHOAL_ADMIN_PASSWORD: password,
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const url = `http://127.0.0.1:${options.port}`;
  await whileAlive(child, logFile, 'the public key of the console', () => existsSync(publicKeyFile));
  await enrolConsole(lab, readFileSync(publicKeyFile, 'utf8'));
  await whileAlive(child, logFile, 'the console to answer', async () => (await fetch(`${url}/login`)).ok);
  return {
    url,
    user,
    password,
    pid: child.pid ?? 0,
    logFile,
    stop: async () => {
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(limit);
    },
  };
}

/** Waits until both routers run the same configuration, which the console pushed. */
export async function waitForPush(lab: Lab): Promise<void> {
  const hash = async (router: Router): Promise<string | null> => (await router.agent.status()).config.hash;
  const pushed = async (): Promise<boolean> => {
    const [first, second] = await Promise.all([hash(lab.r1), hash(lab.r2)]);
    return first !== null && first === second;
  };
  await until('both routers to run the pushed configuration', pushed, { timeoutMs: 60_000, everyMs: 500 });
}
