/**
 * Archives that are the same to the last bit whenever they are made of the same files: tar (ustar), gzip, and the ar
 * of a Debian package. Everything in them belongs to root and is of one moment.
 */
import { gzipSync } from 'node:zlib';

/** @typedef {{ path: string, mode: number, content?: Buffer, link?: string }} Entry a folder has neither content nor link */

const BLOCK = 512;
const padding = (size, unit) => Buffer.alloc((unit - (size % unit)) % unit);
const octal = (value, width) => `${value.toString(8).padStart(width - 1, '0')}\0`;

/** @param {Entry} entry @param {number} seconds */
function tarHeader({ path, mode, content, link }, seconds) {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for a tar of this kind`);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content?.length ?? 0, 12), 124);
  header.write(octal(seconds, 12), 136);
  header.write(' '.repeat(8), 148);
  header.write(link !== undefined ? '2' : content !== undefined ? '0' : '5', 156);
  header.write(link ?? '', 157);
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.write('root', 265);
  header.write('root', 297);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** @param {readonly Entry[]} entries in the order in which they are unpacked @param {number} seconds since 1970 */
export function tarOf(entries, seconds) {
  const parts = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0);
    return [tarHeader(entry, seconds), content, padding(content.length, BLOCK)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** @param {Buffer} content */
export function gzipped(content) {
  const packed = gzipSync(content, { level: 9 });
  // The operating system on which it was packed is nobody's business: 255 = unknown.
  packed[9] = 255;
  return packed;
}

/** @param {readonly (readonly [name: string, content: Buffer])[]} members @param {number} seconds since 1970 */
export function arOf(members, seconds) {
  const parts = members.flatMap(([name, content]) => [
    Buffer.from(
      `${name.padEnd(16)}${String(seconds).padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`,
    ),
    content,
    Buffer.from(content.length % 2 === 0 ? '' : '\n'),
  ]);
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** The folders above the entries, each once and before what is in it, and the entries. @param {readonly Entry[]} entries */
export function withFolders(entries) {
  const folders = new Set();
  for (const { path } of entries) {
    const names = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= names.length; depth += 1) folders.add(`${names.slice(0, depth).join('/')}/`);
  }
  const all = [...[...folders].map((path) => ({ path, mode: 0o755 })), ...entries];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}
