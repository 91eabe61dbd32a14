/**
 * The orderly end. Next itself would wait for every open event stream, or end before the database is closed:
 * the start script sets NEXT_MANUAL_SIG_HANDLE, and this ends the program.
 */
import 'server-only';
import { log } from './log.ts';

/** Runs the work at SIGTERM or SIGINT, then ends the process with 0. A second signal does not wait. */
export function onShutdown(work: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    work()
      .catch((error: unknown) => log.error('The console did not end in order', error))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
