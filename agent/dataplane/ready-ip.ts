/**
 * A standby keeps one `ip -batch -` waiting for its lines: starting a program is most of the time that taking over
 * needs. Whoever runs `ip -batch -` next gets it, without knowing.
 */
import type { Exec, Prepare, Prepared } from '../runtime/types.ts';

const ARGV = ['ip', '-batch', '-'] as const;

export interface ReadyIp {
  readonly exec: Exec;
  /** Keeps one ready, or none. Replaces one that has ended. */
  keep(isWanted: boolean): void;
}

export function createReadyIp(exec: Exec, prepare: Prepare): ReadyIp {
  let ready: Prepared | null = null;
  return {
    exec(argv, options) {
      const taken = ready;
      if (taken === null || argv.join(' ') !== ARGV.join(' ')) return exec(argv, options);
      ready = null;
      return taken.isAlive() ? taken.run(options) : exec(argv, options);
    },
    keep(isWanted) {
      if (!isWanted) {
        ready?.cancel();
        ready = null;
      } else if (ready === null || !ready.isAlive()) ready = prepare(ARGV);
    },
  };
}
