/** Check kind `none`: nobody asks, the real server counts as up. */
import type { Checker, CheckResult } from './checker.ts';

/** What is known of a real server that nobody asks. */
export const unasked: CheckResult = {
  ok: true,
  evidence: 'not checked, as the configuration says',
  durationMs: 0,
};

export const checkNone: Checker<'none'> = async () => unasked;
