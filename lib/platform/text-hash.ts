/** SHA-256 of a configuration's text, hexadecimal: the name under which routers report what they run. */
import 'server-only';
import { createHash } from 'node:crypto';

export const textHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
