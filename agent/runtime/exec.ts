/** Programs, run from argument vectors in a process group of their own. There is no shell on the way. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Exec, ExecResult } from './types.ts';

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

/**
 * Runs a program to its end. Never rejects: a program that could not be started has `code` null and the reason in
 * `stderr`. Output beyond `maxOutputBytes` (stdout and stderr together) or time beyond `timeoutMs` kills it.
 */
export const exec: Exec = (argv, options = {}) =>
  new Promise<ExecResult>((resolve) => {
    const [program, ...args] = argv;
    const limit = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    let size = 0;
    let timedOut = false;
    let problem = '';
    const child = spawn(program, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { NODE_ENV: 'production', PATH: programPath(), LC_ALL: 'C', HOME: '/' },
    });
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const abort = (): void => {
      problem = `${program} was ended`;
      killGroup(child);
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      const text = (name: 'stdout' | 'stderr') => Buffer.concat(output[name]).toString('utf8');
      resolve({ code, stdout: text('stdout'), stderr: `${text('stderr')}${problem}`, timedOut });
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= limit) output[name].push(chunk);
        else if (problem === '') {
          problem = `${program} wrote more than ${limit} bytes and was ended`;
          killGroup(child);
        }
      });
    }
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      problem = error.message;
      finish(null);
    });
    child.on('close', (code) => finish(problem === '' ? code : null));
    // A program that ends without reading its input is no fault of ours; its exit code says what happened.
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
  });
