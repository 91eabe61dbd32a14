/** Check kind `tcp`: the real server accepts a connection. */
import type { Checker } from './checker.ts';
import { converse } from './dialogue.ts';

export const checkTcp: Checker<'tcp'> = (target, _options, limitMs, deps) =>
  converse(target, { send: null, expect: null }, limitMs, deps);
