/** The administrator's own programs: `active_cmd` and `inactive_cmd`. */
import type { Router } from './router.ts';

const LIMIT_MS = 30_000;

/** Runs a command line as Piranha does: split at blanks, no shell, absolute path. Its failure is only told. */
export async function runCommand(router: Router, line: string | null): Promise<void> {
  const [program, ...args] = (line ?? '').split(/\s+/).filter((word) => word !== '');
  if (program === undefined) return;
  if (!program.startsWith('/')) {
    router.log.event(
      'warning',
      'command-failed',
      `"${line}" was not run: name the program by its absolute path`,
    );
    return;
  }
  const result = await router.exec([program, ...args], { timeoutMs: LIMIT_MS, maxOutputBytes: 65_536 });
  if (result.code !== 0)
    router.log.event(
      'warning',
      'command-failed',
      `"${line}" ${result.timedOut ? `did not end within ${LIMIT_MS / 1000} s` : `ended with code ${result.code}`}`,
    );
}
