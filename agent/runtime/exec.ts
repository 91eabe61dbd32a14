/** Programs, run from argument vectors in a process group of their own. There is no shell on the way. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Exec, ExecResult, Prepare } from './types.ts';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_OUTPUT_BYTES = 64 * 1024 * 1024;
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Folders in which the agent looks for programs. */
export const programPath = (): string => `${process.env.PATH ?? ''}:${SYSTEM_PATH}`.replace(/^:/, '');

/** Kills the program and whatever it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** Gives a program its input; returns the timer that ends it, where it stays open for some time. */
function giveInput(
  { stdin }: ChildProcess,
  text: string,
  openMs: number,
): ReturnType<typeof setTimeout> | undefined {
  if (openMs === 0) return void stdin?.end(text);
  stdin?.write(text);
  return setTimeout(() => stdin?.end(), openMs);
}

interface Launched {
  readonly child: ChildProcess;
  isAlive(): boolean;
  /** Its input stays open for so long after it has got it. */
  finish(options: NonNullable<Parameters<Exec>[1]>, inputOpenMs?: number): Promise<ExecResult>;
}

/** Starts a program and gathers what it says. */
function launch([program, ...args]: readonly [string, ...string[]]): Launched {
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  let limit = DEFAULT_OUTPUT_BYTES;
  let size = 0;
  let timedOut = false;
  let problem = '';
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { NODE_ENV: 'production', PATH: programPath(), LC_ALL: 'C', HOME: '/' },
  });
  const kill = (reason: string): void => {
    if (problem === '') problem = reason;
    killGroup(child);
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) output[name].push(chunk);
      else if (problem === '') kill(`${program} wrote more than ${limit} bytes and was ended`);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      problem = error.message;
      resolve(null);
    });
    child.on('close', (code) => resolve(problem === '' ? code : null));
  });
  // A program that ends without reading its input is no fault of ours; its exit code says what happened.
  child.stdin.on('error', () => {});
  return {
    child,
    isAlive: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    async finish(options, inputOpenMs = 0) {
      limit = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
      const timer = setTimeout(() => {
        timedOut = true;
        killGroup(child);
        // A grandchild that escaped must not keep us waiting at the other end of a pipe.
        child.stdout.destroy();
        child.stderr.destroy();
      }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      const abort = (): void => kill(`${program} was ended`);
      options.signal?.addEventListener('abort', abort, { once: true });
      const inputTimer = giveInput(child, options.stdin ?? '', inputOpenMs);
      const code = await ended;
      clearTimeout(timer);
      clearTimeout(inputTimer);
      options.signal?.removeEventListener('abort', abort);
      const text = (name: 'stdout' | 'stderr') => Buffer.concat(output[name]).toString('utf8');
      return { code, stdout: text('stdout'), stderr: `${text('stderr')}${problem}`, timedOut };
    },
  };
}

/** Before all others, where the agent may say so: what is prepared is what a busy router must not keep waiting. */
function hurry({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Without CAP_SYS_NICE or LimitNICE= it runs as everybody else does.
  }
}

/**
 * Runs a program to its end. Never rejects: a program that could not be started has `code` null and the reason in
 * `stderr`. Output beyond `maxOutputBytes` (stdout and stderr together) or time beyond `timeoutMs` kills it.
 */
export const exec: Exec = (argv, options = {}) => launch(argv).finish(options);

/**
 * What is prepared has done its work with the last line; to leave costs it as much again, and it goes before us. So it
 * leaves when whoever waits for its work has had the time to see it.
 */
const PREPARED_INPUT_MS = 25;

export const prepare: Prepare = (argv, firstInput = '') => {
  const { child, isAlive, finish } = launch(argv);
  hurry(child);
  if (firstInput !== '') child.stdin?.write(firstInput);
  return {
    isAlive,
    feed: (text) => void child.stdin?.write(text),
    run: (options = {}) => finish(options, PREPARED_INPUT_MS),
    cancel: () => killGroup(child),
  };
};
