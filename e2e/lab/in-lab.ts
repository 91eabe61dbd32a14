/**
 * Program: in-lab COMMAND [ARG ...]. Boots a lab, runs the command in it (`SHOAL_LAB` is its folder), ends with
 * the command's exit code and leaves nothing.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bootLab, Lab } from './lab.ts';
import { isInside, leave, startInside, watchLifeline } from './namespace.ts';
import { prepare } from './prepare.ts';

async function outer(args: readonly string[]): Promise<number> {
  await prepare();
  const inside = startInside(fileURLToPath(import.meta.url), args);
  // Ctrl-C reaches the command by itself; it decides when to end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => inside.end());
  return inside.ended;
}

async function inner([command, ...args]: readonly string[]): Promise<number> {
  process.on('SIGINT', () => {});
  watchLifeline(() => leave(1));
  if (!command) throw new Error('usage: in-lab COMMAND [ARG ...]');
  const { folder } = new Lab(process.env.SHOAL_LAB ?? '');
  await bootLab(folder);
  const child = spawn(command, args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

const args = process.argv.slice(2);
(isInside() ? inner(args) : outer(args)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
