/**
 * SSH keys: generation of the console's own, fingerprints of the routers'. Written on node:crypto because ssh2's
 * generator strips leading zero bytes of the public key: one key in 256 is malformed.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';

export interface SshKeyPair {
  /** PEM "OPENSSH PRIVATE KEY", without a passphrase. */
  readonly privateKey: string;
  /** One line: `ssh-ed25519 AAAA… comment`. */
  readonly publicKey: string;
}

/** A length-prefixed string of the SSH wire format. */
function wire(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * A new ed25519 pair, raw: 32 bytes each, the last of their DER (RFC 8410). Not by a KeyObject's JWK: Node.js 20 holds
 * the key's lock while it makes that, and waits for it for ever, with the whole process, if the garbage collector
 * just then takes away the job that made the key.
 */
function newPair(): { readonly publicBytes: Buffer; readonly seed: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { publicBytes: publicKey.subarray(-32), seed: privateKey.subarray(-32) };
}

/** Makes an ed25519 key pair in OpenSSH's format. */
export function generateSshKey(comment: string): SshKeyPair {
  const { publicBytes, seed } = newPair();
  const check = randomBytes(4);
  const blob = Buffer.concat([wire('ssh-ed25519'), wire(publicBytes)]);
  let body = Buffer.concat([check, check, blob, wire(Buffer.concat([seed, publicBytes])), wire(comment)]);
  for (let filler = 1; body.length % 8 !== 0; filler += 1)
    body = Buffer.concat([body, Buffer.from([filler])]);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    wire('none'),
    wire('none'),
    wire(''),
    Buffer.from([0, 0, 0, 1]),
    wire(blob),
    wire(body),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    privateKey: [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...lines,
      '-----END OPENSSH PRIVATE KEY-----',
      '',
    ].join('\n'),
    publicKey: `ssh-ed25519 ${blob.toString('base64')} ${comment}`,
  };
}

/** Fingerprint of a host key as `ssh-keygen -lf` prints it: `SHA256:…`. */
export const fingerprintOf = (hostKey: Buffer): string =>
  `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
