/** The built console as a process of its own: in the lab, and alone for measurements and for the states of its pages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { consoleEnvironment, consoleFlags } from '#lib/bootstrap/console-flags.mjs';

export interface Launch {
  readonly port: number;
  /** Folder for its database and keys. */
  readonly data: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ConsoleProcess {
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  /** Waits for a condition that only a living console can fulfil. */
  whileAlive<T>(what: string, ask: () => T | Promise<T>, timeoutMs?: number): Promise<void>;
  /** Waits until it serves its login page. */
  untilItAnswers(timeoutMs?: number): Promise<void>;
  /** Ends it in order; kills it when it does not end within 5 s. */
  stop(): Promise<void>;
}

/** A TCP port of loopback that nobody has. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

function spawnConsole({ port, data, logFile, env }: Launch): ChildProcess {
  const log = openSync(logFile, 'a');
  return spawn(process.execPath, [...consoleFlags, join(projectRoot, '.next/standalone/server.js')], {
    // A session of its own: Ctrl-C at the terminal must not end it before its owner does.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...consoleEnvironment,
      NODE_ENV: 'production',
      NEXT_MANUAL_SIG_HANDLE: 'true',
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      SHOAL_DATA: data,
      ...env,
    },
  });
}

/** Starts the console; it does not answer yet when this returns. */
export function launchConsole(launch: Launch): ConsoleProcess {
  const { logFile } = launch;
  const child = spawnConsole(launch);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const url = `http://127.0.0.1:${launch.port}`;
  const whileAlive: ConsoleProcess['whileAlive'] = async (what, ask, timeoutMs = 120_000) => {
    const guarded = async () => (child.exitCode === null ? ask() : 'ended');
    const answer = await until(what, guarded, { timeoutMs, everyMs: 100 });
    if (answer === 'ended') throw new Error(`The console ended. Its log:\n${readFileSync(logFile, 'utf8')}`);
  };
  return {
    url,
    pid: child.pid ?? 0,
    logFile,
    whileAlive,
    untilItAnswers: (timeoutMs) =>
      whileAlive('the console to answer', async () => (await fetch(`${url}/login`)).ok, timeoutMs),
    stop: async () => {
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(limit);
    },
  };
}
