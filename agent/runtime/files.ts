/** Files: whole reads, atomic writes. */
import { constants, readFileSync, writeFileSync } from 'node:fs';
import { access, mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { programPath } from './exec.ts';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** The file's bytes; null when there is none. Rejects when it cannot be read. */
export async function readBytes(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** As `readText`, without a turn of the event loop in between; for small files. */
export function readTextNow(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Writes a setting of the kernel, at once; false when it cannot be written. */
export function writeTextNow(path: string, text: string): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}

/** The file as UTF-8 text; null when there is none or it cannot be read. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Writes beside, fsyncs, renames, fsyncs the folder: a kill at any instant leaves the old file or the new one.
 * Follows a symbolic link; keeps the mode of a file that exists, else gives it `mode`. Makes missing folders.
 */
export async function writeAtomically(path: string, content: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const target = await realpath(path).catch(() => path);
  const folder = dirname(target);
  const existing = await stat(target).catch(() => null);
  const beside = join(folder, `.${basename(target)}.${process.pid}.new`);
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', mode);
  try {
    await file.chmod(existing === null ? mode : existing.mode & 0o7777);
    if (existing !== null) await file.chown(existing.uid, existing.gid).catch(() => {});
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    // A full disk keeps no half file.
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  await rename(beside, target);
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Changes whenever the file is replaced or written; null when there is none. */
export async function fileStamp(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}

/** Removes a file; a missing one is fine. */
export const removeFile = (path: string): Promise<void> => rm(path, { force: true });

const isThere = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** Whether the file is there and can be read; nothing of it is. */
export const hasFile = (path: string): Promise<boolean> => isThere(path, constants.R_OK);

/** Whether a program of this name can be run. */
export async function hasProgram(name: string): Promise<boolean> {
  for (const folder of programPath().split(':')) {
    if (await isThere(join(folder, name), constants.X_OK)) return true;
  }
  return false;
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/**
 * Takes away what `writeAtomically` left beside the files of a folder when its process was killed; of the one file
 * alone where a name is given.
 */
export async function removeHalfWritten(folder: string, name?: string): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const [, target, pid] = /^\.(.+)\.(\d+)\.new$/.exec(entry) ?? [];
    if (target === undefined || (name !== undefined && target !== name)) continue;
    if (hasEnded(Number(pid))) await rm(join(folder, entry), { force: true }).catch(() => {});
  }
}
