import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyFile } from './data-folder.ts';
import { createSealer, SealError } from './sealed.ts';

const secret = 'a secret of more than thirty-two characters';
const plain = Buffer.from('-----BEGIN OPENSSH PRIVATE KEY-----');

describe('sealing', () => {
  const sealer = createSealer(secret);

  it('gives the text back to who has the key, and shows nothing of it to others', () => {
    const sealed = sealer.seal('cluster:ssh-key', plain);
    expect(createSealer(secret).open('cluster:ssh-key', sealed)).toEqual(plain);
    expect(sealed).not.toContain('OPENSSH');
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes('OPENSSH')).toBe(false);
  });

  it('never gives the same text twice', () => {
    expect(sealer.seal('p', plain)).not.toBe(sealer.seal('p', plain));
  });

  it('refuses another key with a sentence that says what to restore', () => {
    const sealed = sealer.seal('p', plain);
    const other = createSealer('another secret of more than thirty-two characters');
    expect(() => other.open('p', sealed)).toThrow(/restore secret\.key/);
  });

  it('refuses a text that stands in the place of another', () => {
    expect(() => sealer.open('cluster:cluster-key', sealer.seal('cluster:ssh-key', plain))).toThrow(
      SealError,
    );
  });

  it('refuses a text in which any byte was changed', () => {
    const [version, key, nonce, body = ''] = sealer.seal('p', plain).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (const [index, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[index] = byte ^ 1;
      expect(() => sealer.open('p', [version, key, nonce, changed.toString('base64url')].join('.'))).toThrow(
        SealError,
      );
    }
  });
});

describe('the key file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shoal-keys-'));
    chmodSync(folder, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, for its owner alone, in a folder for its owner alone', () => {
    const first = keyFile(folder, 'secret.key');
    expect(keyFile(folder, 'secret.key')).toBe(first);
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is never replaced when it is damaged', () => {
    writeFileSync(join(folder, 'damaged.key'), 'half a k');
    expect(() => keyFile(folder, 'damaged.key')).toThrow(/restore it from a backup/);
  });
});
