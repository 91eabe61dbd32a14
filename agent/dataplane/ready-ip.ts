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
  /** Gives the one that waits these lines already; false when none waits. One that refuses a line ends, and waits no more. */
  feed(lines: readonly string[]): boolean;
  isWaiting(): boolean;
  /** Keeps one ready, or none. Replaces one that has ended. */
  keep(isWanted: boolean): void;
}

interface Ready {
  readonly program: Prepared;
  /** How many lines it has got. */
  lines: number;
  isFed: boolean;
}

export function createReadyIp(exec: Exec, prepare: Prepare): ReadyIp {
  let ready: Ready | null = null;
  let ahead = AHEAD;
  const isWaiting = (): boolean => ready?.program.isAlive() === true;
  return {
    isWaiting,
    async exec(argv, options) {
      const taken = ready;
      if (taken === null || argv.join(' ') !== ARGV.join(' ')) return exec(argv, options);
      ready = null;
      if (!taken.program.isAlive()) return exec(argv, options);
      return withoutAhead(await taken.program.run(options), taken.lines);
    },
    feed(lines) {
      if (ready === null || !isWaiting()) return false;
      ready.program.feed(lines.map((line) => `${line}\n`).join(''));
      ready.lines += lines.length;
      ready.isFed = true;
      return true;
    },
    keep(isWanted) {
      if (!isWanted) {
        ready?.program.cancel();
        ready = null;
        return;
      }
      if (isWaiting()) return;
      // One that ended by itself did not like the line.
      if (ready?.isFed === false) ahead = '';
      ready = { program: prepare(ARGV, ahead), lines: ahead === '' ? 0 : 1, isFed: false };
    },
  };
}

/** `ip` counts the lines ahead, its caller does not; one of them that failed is no line of the caller's. */
function withoutAhead(result: ExecResult, lines: number): ExecResult {
  const failed = failedLineOf(result);
  if (failed === null || lines === 0) return result;
  return failed > lines
    ? sayingLine(result, failed - lines)
    : { ...result, stderr: 'a line ahead was refused' };
}
