/** lvs.cf itself, so that every dialect is read in one way. Nothing is left behind: unknown lines are faults. */
import { checkText } from '../lvs/report.ts';
import type { ImportResult } from './result.ts';

export const readLvs = (text: string): ImportResult => ({ ...checkText(text), notCarried: [] });
