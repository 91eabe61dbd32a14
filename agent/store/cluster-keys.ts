/** The cluster key: a secret of both routers, readable by root only, never in a log. */
import * as z from 'zod/mini';
import type { ClusterKey } from '../pulse/contract.ts';
import { readText, writeAtomically } from '../runtime/files.ts';

/** A shorter key is refused: HMAC-SHA256 is as strong as its key. */
const SHORTEST_KEY_BYTES = 16;
/** The one in use, the one before, and one that is staged while a rotation before was never finished. */
const KEPT = 3;

const fileSchema = z.object({
  version: z.literal(1),
  keys: z.array(z.object({ keyId: z.string(), keyBase64: z.string() })),
});

export interface ClusterKeys {
  /** Newest first; the first one is used for sending. */
  readonly keys: readonly ClusterKey[];
  /** Uses the key from now on; those before stay valid. Returns what is wrong with it, or null when it was stored. */
  add(keyId: string, keyBase64: string): Promise<string | null>;
  /** As `add`, but the key is only accepted: heartbeats are signed as before. */
  stage(keyId: string, keyBase64: string): Promise<string | null>;
  /** Signs with a key that is known. */
  use(keyId: string): Promise<string | null>;
  /** Forgets all keys but the one that is in use, which must be this one. */
  retireOthers(keyId: string): Promise<string | null>;
}

/** Opens the key file; `complain` gets a sentence when it was damaged. */
export async function openClusterKeys(
  path: string,
  complain: (problem: string) => void,
): Promise<ClusterKeys> {
  const text = await readText(path);
  let keys: readonly ClusterKey[] = [];
  if (text !== null) {
    const loaded = readKeys(text);
    if (loaded === null) complain(`${path} is damaged; give the cluster key again from the console`);
    else keys = loaded;
  }
  const keep = async (next: readonly ClusterKey[]): Promise<null> => {
    const content = {
      version: 1,
      keys: next.map((item) => ({
        keyId: item.keyId,
        keyBase64: Buffer.from(item.key).toString('base64'),
      })),
    };
    await writeAtomically(path, `${JSON.stringify(content)}\n`, 0o600);
    keys = next;
    return null;
  };
  return {
    get keys() {
      return keys;
    },
    async add(keyId, keyBase64) {
      const key = readKey(keyId, keyBase64);
      if (typeof key === 'string') return key;
      return keep([key, ...keys.filter((known) => known.keyId !== keyId)].slice(0, KEPT));
    },
    async stage(keyId, keyBase64) {
      const key = readKey(keyId, keyBase64);
      if (typeof key === 'string') return key;
      if (keys.some((known) => known.keyId === keyId)) return null;
      const [inUse, ...before] = keys;
      return keep(inUse === undefined ? [key] : [inUse, key, ...before].slice(0, KEPT));
    },
    async use(keyId) {
      const key = keys.find((known) => known.keyId === keyId);
      if (key === undefined) return `There is no cluster key ${keyId} here`;
      return keep([key, ...keys.filter((known) => known !== key)]);
    },
    async retireOthers(keyId) {
      const [inUse] = keys;
      if (inUse?.keyId !== keyId) return `The cluster key ${keyId} is not in use here`;
      return keep([inUse]);
    },
  };
}

/** The key, or what is wrong with it. */
function readKey(keyId: string, keyBase64: string): ClusterKey | string {
  const key = decodeBase64(keyBase64);
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(keyId))
    return 'The key id must be 1 to 64 letters, digits, dots or dashes';
  if (key === null) return 'The key is not base64';
  if (key.length < SHORTEST_KEY_BYTES)
    return `The key has ${key.length} bytes; it needs at least ${SHORTEST_KEY_BYTES}`;
  return { keyId, key };
}

function decodeBase64(text: string): Uint8Array | null {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}

function readKeys(text: string): ClusterKey[] | null {
  try {
    const checked = z.safeParse(fileSchema, JSON.parse(text));
    if (!checked.success) return null;
    return checked.data.keys.flatMap(({ keyId, keyBase64 }) => {
      const key = decodeBase64(keyBase64);
      return key === null ? [] : [{ keyId, key }];
    });
  } catch {
    return null;
  }
}
