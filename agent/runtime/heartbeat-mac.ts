/** HMAC-SHA256 for heartbeats, and the randomness of a session. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClusterKey } from '#agent/pulse/contract.ts';
import type { Signer, Verify } from '#agent/pulse/packet.ts';

/** 16 hexadecimal digits, never all zero. */
export function randomSession(): string {
  const session = randomBytes(8).toString('hex');
  return /[^0]/.test(session) ? session : randomSession();
}

export function makeSigner(key: ClusterKey): Signer {
  return { clusterId: clusterIdOf(key), sign: (bytes) => macOf(key, bytes) };
}

/** Accepts heartbeats of any of the keys (two are valid while a key is rotated), and says of which. */
export function makeVerify(keys: readonly ClusterKey[], onGood: (keyId: string) => void = () => {}): Verify {
  const byId = new Map(keys.map((key) => [clusterIdOf(key), key]));
  return (clusterId, signed, mac) => {
    const key = byId.get(clusterId);
    if (key === undefined) return 'foreign-cluster';
    if (!timingSafeEqual(macOf(key, signed), mac)) return 'bad-mac';
    onGood(key.keyId);
    return 'ok';
  };
}

function clusterIdOf(key: ClusterKey): string {
  return createHash('sha256').update(key.keyId).digest('hex').slice(0, 16);
}

function macOf(key: ClusterKey, bytes: Uint8Array): Uint8Array {
  return createHmac('sha256', key.key).update(bytes).digest();
}
