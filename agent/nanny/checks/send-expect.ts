/** Check kind `send-expect`: connect, send a text, compare what comes back (Piranha reference 3.2). */
import type { Checker } from './checker.ts';
import { converse } from './dialogue.ts';

export const checkSendExpect: Checker<'send-expect'> = converse;
