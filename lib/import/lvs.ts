/** lvs.cf itself, so that every dialect is read in one way. Nothing is left behind: unknown lines are faults. */
import { refuseCutOff } from '../lvs/cut-off.ts';
import { checkText } from '../lvs/report.ts';
import type { ImportResult } from './result.ts';

export function readLvs(text: string): ImportResult {
  const read = checkText(text);
  const diagnostics = refuseCutOff(read.diagnostics, 'and what is missing would be missing here, too');
  return { ...read, diagnostics, notCarried: [] };
}
