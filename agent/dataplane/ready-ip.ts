/**
 * A standby keeps one `ip -batch -` waiting for its lines: starting a program is most of the time that taking over
 * needs, and most of the rest is that `ip` reads the list of interfaces before the first line that needs it. So it gets
 * a line that changes nothing ahead. Whoever runs `ip -batch -` next gets it, without knowing.
 */
import type { Exec, ExecResult, Prepare, Prepared } from '../runtime/types.ts';
import { failedLineOf, sayingLine } from './interfaces.ts';

const ARGV = ['ip', '-batch', '-'] as const;
const AHEAD = 'neigh show dev lo\n';

export interface ReadyIp {
  readonly exec: Exec;
  /** Keeps one ready, or none. Replaces one that has ended. */
  keep(isWanted: boolean): void;
}

export function createReadyIp(exec: Exec, prepare: Prepare): ReadyIp {
  let ready: { readonly program: Prepared; readonly ahead: string } | null = null;
  let ahead = AHEAD;
  return {
    async exec(argv, options) {
      const taken = ready;
      if (taken === null || argv.join(' ') !== ARGV.join(' ')) return exec(argv, options);
      ready = null;
      if (!taken.program.isAlive()) return exec(argv, options);
      return withoutAhead(await taken.program.run(options), taken.ahead);
    },
    keep(isWanted) {
      if (!isWanted) {
        ready?.program.cancel();
        ready = null;
        return;
      }
      if (ready?.program.isAlive() === true) return;
      // One that ended by itself did not like the line.
      if (ready !== null) ahead = '';
      ready = { program: prepare(ARGV, ahead), ahead };
    },
  };
}

/** `ip` counts the line ahead, its caller does not. */
function withoutAhead(result: ExecResult, ahead: string): ExecResult {
  const failed = failedLineOf(result);
  return ahead === '' || failed === null ? result : sayingLine(result, failed - 1);
}
