/** Payloads of UDP_CHECK: bytes in hexadecimal, and the text of lvs.cf that stands for them. */

/**
 * Bytes of keepalived's free notation: pairs of digits, a single one before a blank is a byte of its own
 * (`Ab12f 3` is AB 12 0F 03). null for anything else, such as the wildcard X.
 */
export function bytesOf(text: string): number[] | null {
  if (!/^[0-9a-fA-F\s]*$/.test(text)) return null;
  return (text.match(/[0-9a-fA-F]{1,2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** Between double quotes, with the escapes of `send` and `expect`; null when a byte has no place there. */
export function rawTextOf(bytes: readonly number[]): string | null {
  const isPlain = (byte: number): boolean => byte >= 32 && byte < 127 && byte !== 34;
  if (bytes.length === 0 || !bytes.every((byte) => byte in escapes || isPlain(byte))) return null;
  return `"${bytes.map((byte) => escapes[byte] ?? String.fromCharCode(byte)).join('')}"`;
}

/** The reverse: bytes of a text in pairs of digits; null when a character is no byte. */
export function hexOf(text: string): string | null {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 256);
  return codes.length === 0 || codes.some((code) => code > 255)
    ? null
    : codes.map((code) => code.toString(16).padStart(2, '0')).join('');
}
