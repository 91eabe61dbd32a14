/** Programs of the host machine, run from argument vectors, and waiting for a condition. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface RunResult {
  /** Exit code; -1 when the program was killed by a signal or ran into the limit. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export type Argv = readonly [string, ...string[]];

/** Runs a program to its end. Rejects only when it cannot be started. */
export function run(argv: Argv, options: RunOptions = {}): Promise<RunResult> {
  const { stdin, timeoutMs = 60_000, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    // A program that ends without reading its input is no failure of ours.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      });
    });
  });
}

/** Like `run`, but a program that fails is an error that carries its output. Returns standard output. */
export async function must(argv: Argv, options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${(stderr || stdout).trim()}`);
  return stdout;
}

/** Starts a program that outlives its starter; it ends with the lab's namespace at the latest. */
export function startDetached(argv: Argv, options: { env?: NodeJS.ProcessEnv } = {}): ChildProcess {
  const child = spawn(argv[0], argv.slice(1), { ...options, detached: true, stdio: 'ignore' });
  child.unref();
  return child;
}

/** True while the process exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/**
 * Asks until the answer is neither null, undefined nor false, and returns it; errors count as "not yet".
 * @throws after `timeoutMs`, naming what was waited for and the last error.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  options: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const { timeoutMs = 30_000, everyMs = 50 } = options;
  const end = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      last = answer;
      if (answer !== null && answer !== undefined && answer !== false) {
        return answer as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      last = error;
    }
    if (performance.now() >= end) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`Waited ${timeoutMs} ms for ${what}. Last seen: ${seen}`);
    }
    await pause(everyMs);
  }
}

/** One argument as a POSIX shell takes it: for the far end of ssh, which joins its arguments with blanks. */
export const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** Where nothing can be waited for: what is measured is time itself, or a machine is to come to rest. */
export const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));
