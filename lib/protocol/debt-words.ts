/** Decisions that did not reach every router, in words. Pure. */
import type { LiveDebt } from './live.ts';

/** "2 decisions about real servers did not reach every router; 1 waits for a person". Of none: ''. */
export function debtsInWords(debts: readonly LiveDebt[]): string {
  if (debts.length === 0) return '';
  const count = debts.length === 1 ? '1 decision' : `${debts.length} decisions`;
  const contested = debts.filter(({ isContested }) => isContested).length;
  const waits = contested === 0 ? '' : `; ${contested} ${contested === 1 ? 'waits' : 'wait'} for a person`;
  return `${count} about real servers did not reach every router${waits}`;
}
