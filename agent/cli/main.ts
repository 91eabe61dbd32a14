/** shoalctl: the command line. */
import { parseArgs } from 'node:util';
import { VERSION } from '../version.ts';
import * as agent from './agent-commands.ts';
import { enrol } from './enrol.ts';
import { check, diff, fmt, plan } from './file-commands.ts';
import { fine, type Outcome, usage } from './outcome.ts';
import { rpc } from './rpc.ts';
import { usageText } from './usage.ts';

const DEFAULT_SOCKET = '/run/shoal/agent.sock';

interface Flags {
  readonly json: boolean;
  readonly socket: string;
  readonly dryRun: boolean;
  readonly confirmWithin: string | null;
  readonly follow: boolean;
}

interface Command {
  /** Names of the arguments, for the count and the complaint. */
  readonly takes: readonly string[];
  run(args: readonly string[], flags: Flags): Outcome | Promise<Outcome>;
}

const asking = (run: (asking: agent.Asking) => Promise<Outcome>): Command => ({
  takes: [],
  run: (_args, flags) => run(flags),
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const commands: Readonly<Record<string, Command>> = {
  check: { takes: ['FILE'], run: ([file = ''], { json }) => check(file, json) },
  fmt: { takes: ['FILE'], run: ([file = ''], { json }) => fmt(file, json) },
  plan: { takes: ['FILE'], run: ([file = ''], { json }) => plan(file, json) },
  diff: { takes: ['A', 'B'], run: ([a = '', b = ''], { json }) => diff(a, b, json) },
  status: asking(agent.status),
  apply: { takes: ['FILE'], run: ([file = ''], flags) => applyFile(file, flags) },
  confirm: asking(agent.confirm),
  rollback: asking(agent.rollback),
  reload: asking(agent.reload),
  drain: { takes: ['VS', 'RS'], run: ([vs = '', rs = ''], flags) => agent.drain(flags, vs, rs) },
  undrain: { takes: ['VS', 'RS'], run: ([vs = '', rs = ''], flags) => agent.undrain(flags, vs, rs) },
  switchover: asking(agent.switchover),
  stop: asking(agent.stop),
  start: asking(agent.start),
  events: { takes: [], run: (_args, flags) => agent.events(flags, flags.follow, print) },
  rpc: { takes: [], run: async (_args, { socket }) => ({ exitCode: await rpc(socket), text: '' }) },
  enrol: { takes: ['KEY'], run: ([key = ''], { socket, json }) => enrol(key, socket, json) },
};

function applyFile(file: string, flags: Flags): Outcome | Promise<Outcome> {
  const { confirmWithin, dryRun } = flags;
  if (confirmWithin !== null && !/^[1-9][0-9]{0,4}$/.test(confirmWithin))
    return usage('shoalctl: --confirm-within takes a number of seconds');
  const confirmWithinSeconds = confirmWithin === null ? null : Number(confirmWithin);
  return agent.apply(flags, { file, dryRun, confirmWithinSeconds });
}

const flag = { type: 'boolean' } as const;
const value = { type: 'string' } as const;

async function run(argv: readonly string[]): Promise<Outcome> {
  const parsed = readArguments(argv);
  if ('exitCode' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.help) return fine(usageText.trimEnd());
  if (values.version) return fine(`shoalctl ${VERSION}`);
  const [name = '', ...args] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    return usage(
      name === '' ? usageText.trimEnd() : `shoalctl: there is no command "${name}"\n\n${usageText.trimEnd()}`,
    );
  if (args.length !== command.takes.length)
    return usage(`usage: shoalctl ${[name, ...command.takes].join(' ')}   (see shoalctl --help)`);
  return command.run(args, {
    json: values.json ?? false,
    socket: values.socket ?? DEFAULT_SOCKET,
    dryRun: values['dry-run'] ?? false,
    confirmWithin: values['confirm-within'] ?? null,
    follow: values.follow ?? false,
  });
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        json: flag,
        socket: value,
        'dry-run': flag,
        'confirm-within': value,
        follow: flag,
        version: flag,
        help: flag,
      },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    return usage(`shoalctl: ${error instanceof Error ? error.message : String(error)}`);
  }
}

run(process.argv.slice(2)).then(
  ({ exitCode, text, complaint }) => {
    // Long output to a pipe is written before the process ends: set the code, do not exit.
    process.exitCode = exitCode;
    if (text !== '') process.stdout.write(`${text}\n`);
    if (complaint !== undefined) process.stderr.write(`${complaint}\n`);
    process.stdin.unref?.();
  },
  (error: unknown) => {
    process.exitCode = 1;
    process.stderr.write(`shoalctl: ${error instanceof Error ? error.message : String(error)}\n`);
  },
);
