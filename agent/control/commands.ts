/** The administrator's own programs: `active_cmd`, `inactive_cmd`, and those of failover services. */
import type { Router } from './router.ts';

const LIMIT_MS = 30_000;

/**
 * Runs a command line as Piranha does: split at blanks, no shell, absolute path. Its failure is told, and returned
 * as a sentence.
 */
export async function runCommand(
  router: Router,
  line: string | null,
  limitMs = LIMIT_MS,
): Promise<string | null> {
  const [program, ...args] = (line ?? '').split(/\s+/).filter((word) => word !== '');
  if (program === undefined) return null;
  const problem = program.startsWith('/')
    ? await run(router, [program, ...args], limitMs)
    : 'was not run: name the program by its absolute path';
  if (problem === null) return null;
  const sentence = `"${line}" ${problem}`;
  router.log.event('warning', 'command-failed', sentence);
  return sentence;
}

async function run(
  router: Router,
  argv: readonly [string, ...string[]],
  limitMs: number,
): Promise<string | null> {
  const result = await router.exec(argv, { timeoutMs: limitMs, maxOutputBytes: 65_536 });
  if (result.code === 0) return null;
  return result.timedOut ? `did not end within ${limitMs / 1000} s` : `ended with code ${result.code}`;
}
