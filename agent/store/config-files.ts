/** lvs.cf on the disk and the texts of the last good configurations, kept by their hash. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  fileStamp,
  readBytes,
  readText,
  removeFile,
  removeHalfWritten,
  writeAtomically,
} from '../runtime/files.ts';

const CONFIG_MODE = 0o644;

/** SHA-256 of the file's bytes, in hexadecimal. Both sides of a push compare it. */
export const hashOf = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex');

export interface ConfigFileContent {
  readonly text: string;
  readonly hash: string;
}

export interface ConfigFiles {
  readonly path: string;
  /** lvs.cf; null when there is none. Rejects when it cannot be read. */
  read(): Promise<ConfigFileContent | null>;
  write(text: string): Promise<void>;
  /** Takes lvs.cf away. */
  remove(): Promise<void>;
  /** Hash of the file as it stands on disk; reads it only when it changed since the last call. */
  currentHash(): Promise<string | null>;
  /** A kept configuration; null when it is gone or damaged. */
  kept(hash: string): Promise<string | null>;
  keep(content: ConfigFileContent): Promise<void>;
  forget(hash: string): Promise<void>;
  /** Takes away what a process that was killed had begun to write. */
  tidy(): Promise<void>;
}

export function openConfigFiles(path: string, stateFolder: string): ConfigFiles {
  const keptFolder = join(stateFolder, 'configurations');
  const keptPath = (hash: string) => join(keptFolder, `${hash}.cf`);
  let seen: { readonly stamp: string | null; readonly hash: string | null } | null = null;
  const read = async (): Promise<ConfigFileContent | null> => {
    const bytes = await readBytes(path);
    return bytes === null
      ? null
      : { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), hash: hashOf(bytes) };
  };
  const kept = async (hash: string): Promise<string | null> => {
    const text = await readText(keptPath(hash));
    // A file in another encoding than UTF-8 is kept as it was understood; its hash is that of the original bytes.
    return text !== null && (hashOf(text) === hash || text.includes('\ufffd')) ? text : null;
  };
  return {
    path,
    read,
    write: (text) => writeAtomically(path, text, CONFIG_MODE),
    remove: () => removeFile(path),
    async currentHash() {
      const stamp = await fileStamp(path);
      if (seen === null || seen.stamp !== stamp) {
        const content = await read().catch(() => null);
        seen = { stamp, hash: content?.hash ?? null };
      }
      return seen.hash;
    },
    kept,
    async keep({ text, hash }) {
      if ((await kept(hash)) === null) await writeAtomically(keptPath(hash), text, 0o600);
    },
    forget: (hash) => removeFile(keptPath(hash)),
    async tidy() {
      const target = await realpath(path).catch(() => path);
      await removeHalfWritten(dirname(target), basename(target));
      await removeHalfWritten(keptFolder);
    },
  };
}
