/** Programs, run from argument vectors in the project's folder. */
import { spawn, spawnSync } from 'node:child_process';
import { root } from './place.mjs';

/**
 * Runs a program on this terminal and returns its exit code. Ctrl-C goes to the program, which decides when to
 * end; SIGTERM is handed on.
 * @param {string[]} argv
 * @param {{ env?: Record<string, string>, cwd?: string, quiet?: boolean }} [options] quiet: no standard output
 * @returns {Promise<number>}
 */
export function attend(argv, { env = {}, cwd = root, quiet = false } = {}) {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd,
    stdio: ['inherit', quiet ? 'ignore' : 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return whileAttended(child);
}

let isEnding = false;

/** Whether somebody has asked this process to end, by SIGTERM: what it attended has ended, and nothing more begins. */
export const wasEnded = () => isEnding;

/**
 * Waits for a program on this terminal, as `attend` does.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function whileAttended(child) {
  return new Promise((resolve, reject) => {
    const wait = () => {};
    const end = () => {
      isEnding = true;
      child.kill('SIGTERM');
    };
    process.on('SIGINT', wait);
    process.on('SIGTERM', end);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      process.off('SIGTERM', end);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/**
 * Runs a program without showing it. Code 127: not found.
 * @param {string[]} argv
 * @returns {{ code: number, stdout: string, stderr: string }}
 */
export function ask(argv) {
  const [program = '', ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (error) return { code: 127, stdout: '', stderr: error.message };
  return { code: status ?? -1, stdout, stderr };
}
