/** Bytes of a file → text. Piranha's files know no encoding: what is no UTF-8 is read as Latin-1, which fits always. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
