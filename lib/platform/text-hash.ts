/** SHA-256 of a configuration's text, hexadecimal, of one text or of its parts: the name under which routers report what they run. */
import 'server-only';
import { createHash } from 'node:crypto';

export function textHash(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part, 'utf8');
  return hash.digest('hex');
}
