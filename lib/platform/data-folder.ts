/** The folder that holds all that must outlive the program: the database and the keys. */
import 'server-only';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const databaseFile = (folder: string): string => join(folder, 'shoal.db');

/** Makes the folder, readable by its owner alone. */
export function openDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/**
 * Reads a file of 32 random bytes (as base64url text), made with mode 0600 on first use. Two processes that
 * start at once get the same one: only one of them can create it.
 */
export function keyFile(folder: string, name: string): string {
  openDataFolder(folder);
  const path = join(folder, name);
  try {
    const handle = openSync(path, 'wx', 0o600);
    try {
      writeSync(handle, `${randomBytes(32).toString('base64url')}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) {
    throw new Error(
      `${path} does not hold a key of the console: restore it from a backup of the data folder`,
    );
  }
  return text;
}
