/** A keyed checksum in the place of HMAC-SHA256: the simulation proves the machine, not the cryptography. */
import type { Signer, Verify } from '#agent/pulse/packet.ts';
import { MAC_BYTES } from '#agent/pulse/packet.ts';

const CLUSTER = '00c0ffee00c0ffee';

function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0x811c9dc5;
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(hash ^ view.getUint32(at), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

export const toySigner: Signer = {
  clusterId: CLUSTER,
  sign(bytes) {
    const mac = new Uint8Array(MAC_BYTES);
    new DataView(mac.buffer).setUint32(0, checksum(bytes));
    return mac;
  },
};

export const toyVerify: Verify = (clusterId, signed, mac) => {
  if (clusterId !== CLUSTER) return 'foreign-cluster';
  const claimed = new DataView(mac.buffer, mac.byteOffset, mac.byteLength).getUint32(0);
  return claimed === checksum(signed) ? 'ok' : 'bad-mac';
};
