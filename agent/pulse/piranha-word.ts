/**
 * Piranha's heartbeat: one unsigned 32-bit word, four bytes in the byte order of x86, and nothing else. Spoken while
 * there is no cluster key, so that the routers of a Piranha pair can be replaced one by one. Pure.
 */

/** Piranha's two modes; each has words of its own, and a partner in the other mode is none. */
export type PlainService = 'lvs' | 'fos';

/** `hold` stands for Piranha's hold and held: alive, and nothing more. */
export type PlainWord = 'running' | 'stopped' | 'hold' | 'stop-me';
export type OwnWord = 'running' | 'stopped';

export const PLAIN_BYTES = 4;

const ownWords: Record<PlainService, Record<OwnWord, number>> = {
  lvs: { running: 0xbdaddbda, stopped: 0xadbddabd },
  fos: { running: 0xbeefbabe, stopped: 0xdeadbeef },
};
const STOP_ME = 0xdeaddada;
const HOLD = 0xdeafbabe;
const HELD = 0xdeafdada;

/** Why four bytes are no word of this pair; the counters in the status carry these names. */
export type PlainFault = 'piranha-other-service' | 'piranha-unknown-word';

export type DecodedWord =
  | { readonly ok: true; readonly word: PlainWord }
  | { readonly ok: false; readonly fault: PlainFault };

export function encodeWord(service: PlainService, word: OwnWord): Uint8Array {
  const bytes = new Uint8Array(PLAIN_BYTES);
  new DataView(bytes.buffer).setUint32(0, ownWords[service][word], true);
  return bytes;
}

/** Reads exactly four bytes. */
export function decodeWord(service: PlainService, bytes: Uint8Array): DecodedWord {
  const value = new DataView(bytes.buffer, bytes.byteOffset, PLAIN_BYTES).getUint32(0, true);
  const own = ownWords[service];
  if (value === own.running) return { ok: true, word: 'running' };
  if (value === own.stopped) return { ok: true, word: 'stopped' };
  if (value === HOLD || value === HELD) return { ok: true, word: 'hold' };
  if (value === STOP_ME) return { ok: true, word: 'stop-me' };
  const other = ownWords[service === 'lvs' ? 'fos' : 'lvs'];
  const isOther = value === other.running || value === other.stopped;
  return { ok: false, fault: isOther ? 'piranha-other-service' : 'piranha-unknown-word' };
}
