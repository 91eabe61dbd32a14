/**
 * One console per data folder: two would push over each other and answer from different states. SQLite's lock on a
 * file of its own is held as long as the process lives and the kernel frees it however that ends, so that nothing
 * goes stale; a process id alone would mislead, since a container or a reboot gives it to somebody else.
 */
import 'server-only';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Another console runs on the folder. */
export class DataFolderInUse extends Error {}

/** How long a start waits for the end of the console before it, as in a restart. */
const WAIT_MS = 2000;

/** Who holds the lock, for the sentence to the person alone. */
const noteFile = (folder: string): string => join(folder, 'console.pid');

function holderOf(folder: string): string {
  try {
    return ` (${readFileSync(noteFile(folder), 'utf8').trim()})`;
  } catch {
    return '';
  }
}

/**
 * Takes the folder for this process until it ends, or until the returned function is called.
 * @throws DataFolderInUse when another console keeps it
 */
export function holdDataFolder(folder: string, waitMs = WAIT_MS): () => void {
  const lock = new Database(join(folder, 'console.lock'), { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')) throw error;
    throw new DataFolderInUse(
      `Another console runs on the data folder ${folder}${holderOf(folder)}. Stop it, or give this one a folder of its own by SHOAL_DATA`,
    );
  }
  writeFileSync(noteFile(folder), `process ${process.pid} on ${hostname()}\n`, { mode: 0o600 });
  return () => lock.close();
}
