/** Tells the log, at level debug, of every program that is run. */
import type { EventLog } from './log.ts';
import type { Clock, Exec, ExecResult, Prepare } from './types.ts';

const MOST_INPUT = 4000;

type Argv = readonly [string, ...string[]];

/** An administrator's own program may get a password as an argument: of those only the path is written. */
const commandOf = ([program, ...args]: Argv): string =>
  program.startsWith('/') ? program : [program, ...args].join(' ');

const inputOf = ([program]: Argv, stdin: string | undefined): Readonly<Record<string, string>> =>
  stdin === undefined || program.startsWith('/') ? {} : { input: stdin.slice(0, MOST_INPUT) };

export function tellingExec(
  { exec, prepare }: { readonly exec: Exec; readonly prepare: Prepare },
  log: EventLog,
  clock: Clock,
): { readonly exec: Exec; readonly prepare: Prepare } {
  const told = async (
    argv: Argv,
    stdin: string | undefined,
    running: Promise<ExecResult>,
  ): Promise<ExecResult> => {
    const startedAt = clock.now();
    const result = await running;
    log.debug('ran', {
      program: commandOf(argv),
      ...inputOf(argv, stdin),
      code: result.code ?? (result.timedOut ? 'timeout' : 'killed'),
      ms: Math.round(clock.now() - startedAt),
    });
    return result;
  };
  return {
    exec: (argv, options) => told(argv, options?.stdin, exec(argv, options)),
    prepare(argv, firstInput) {
      const prepared = prepare(argv, firstInput);
      return { ...prepared, run: (options) => told(argv, options?.stdin, prepared.run(options)) };
    },
  };
}
