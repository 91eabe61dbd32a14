/** shoalctl: the command line. */
import { reasonOf } from '../runtime/attempt.ts';
import { VERSION } from '../version.ts';
import type { Given } from './command.ts';
import { type ReadLine, readCommandLine } from './command-line.ts';
import { commands, commonOptions, DEFAULT_SOCKET } from './commands.ts';
import { commandHelp, usageText } from './help.ts';
import { fine, type Outcome, usage } from './outcome.ts';
import { type ColourChoice, paintFor } from './paint.ts';

function givenOf({ args, flags, values }: ReadLine): Given {
  const colour = (values.get('color') ?? 'auto') as ColourChoice;
  const { env } = process;
  return {
    args,
    flag: (name) => flags.has(name),
    value: (name) => values.get(name) ?? null,
    json: flags.has('json'),
    socket: values.get('socket') ?? DEFAULT_SOCKET,
    paint: paintFor(colour, { isTerminal: process.stdout.isTTY === true, env }),
    errorPaint: paintFor(colour, { isTerminal: process.stderr.isTTY === true, env }),
  };
}

async function run(argv: readonly string[]): Promise<Outcome> {
  const reading = readCommandLine(argv, { commands, common: commonOptions });
  if (!reading.ok) return usage(`shoalctl: ${reading.problem}\nSee shoalctl --help`);
  const { command, flags } = reading.line;
  if (flags.has('version')) return fine(`shoalctl ${VERSION}`);
  if (flags.has('help'))
    return fine(command === null ? usageText(commands, commonOptions) : commandHelp(command, commonOptions));
  return command === null ? usage(usageText(commands, commonOptions)) : command.run(givenOf(reading.line));
}

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', () => process.exit());

run(process.argv.slice(2)).then(
  ({ exitCode, text, complaint }) => {
    // Long output to a pipe is written before the process ends: set the code, do not exit.
    process.exitCode = exitCode;
    if (text !== '') process.stdout.write(`${text}\n`);
    if (complaint !== undefined && complaint !== '') process.stderr.write(`${complaint}\n`);
    process.stdin.unref?.();
  },
  (error: unknown) => {
    process.exitCode = 1;
    process.stderr.write(`shoalctl: ${reasonOf(error)}\n`);
  },
);
