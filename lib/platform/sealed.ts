/**
 * Encryption at rest: AES-256-GCM with a key from the data folder's key file or SHOAL_SECRET. A sealed text is
 * bound to its purpose, so that one stored secret cannot stand in for another.
 */
import 'server-only';
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { keyFile } from './data-folder.ts';
import { env } from './env.ts';

/** A sealed text cannot be opened; the message says what to do. */
export class SealError extends Error {}

export interface Sealer {
  seal(purpose: string, plain: Buffer): string;
  /** Throws SealError when the key is another one or the text was changed. */
  open(purpose: string, sealed: string): Buffer;
}

/** Seals under a secret of any length (at least 32 random characters). */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, 'shoal', 'secrets at rest', 32));
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    seal(purpose, plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return [
        'v1',
        keyId,
        nonce.toString('base64url'),
        Buffer.concat([body, cipher.getAuthTag()]).toString('base64url'),
      ].join('.');
    },
    open(purpose, sealed) {
      const [version, usedKey, nonce = '', text = ''] = sealed.split('.');
      if (version !== 'v1') throw new SealError('A stored key has a form that this version does not know');
      if (usedKey !== keyId) {
        throw new SealError(
          'A stored key was sealed with another secret: restore secret.key of the data folder, or set the SHOAL_SECRET that was used before',
        );
      }
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(-16));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
      } catch {
        throw new SealError('A stored key was changed in the database: restore the database from a backup');
      }
    },
  };
}

let cached: Sealer | null = null;

/** The sealer of this console. */
export function sealer(): Sealer {
  cached ??= createSealer(env().secret ?? keyFile(env().dataFolder, 'secret.key'));
  return cached;
}
