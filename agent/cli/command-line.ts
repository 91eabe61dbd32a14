/** The words of a command line, read by the table of commands. Pure. */
import { nearestWord } from '#lib/lvs/nearest-word.ts';
import type { ArgumentRow, CommandRow, OptionRow } from './command.ts';

export interface ReadLine {
  /** Null when no command was named. */
  readonly command: CommandRow | null;
  readonly args: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

export type LineReading =
  | { readonly ok: true; readonly line: ReadLine }
  /** A sentence; wrong usage. */
  | { readonly ok: false; readonly problem: string };

interface Vocabulary {
  readonly commands: readonly CommandRow[];
  /** Options that every command takes. */
  readonly common: readonly OptionRow[];
}

const refuse = (problem: string): LineReading => ({ ok: false, problem });
const didYouMean = (word: string, known: readonly string[], prefix = ''): string => {
  const nearest = nearestWord(word, known);
  return nearest === null ? '' : `; did you mean ${prefix}${nearest}?`;
};

const argumentText = ({ name, choices, isOptional }: ArgumentRow): string => {
  const text = choices === undefined ? name : choices.join('|');
  return isOptional ? `[${text}]` : text;
};

/** `plan FILE`: a command with its arguments. */
export const commandText = (command: CommandRow): string =>
  [command.name, ...command.arguments.map(argumentText)].join(' ');

/** `--confirm-within SECONDS`: an option with its value. */
export const optionText = ({ name, letter, takes, choices }: OptionRow): string =>
  `${letter === undefined ? '' : `-${letter}, `}--${name}${takes === undefined ? '' : ` ${choices?.join('|') ?? takes}`}`;

interface OptionWord {
  readonly kind: 'option';
  /** As it was given. */
  readonly text: string;
  /** Null when no command has it. */
  readonly option: OptionRow | null;
  readonly value: string | null;
}
type Word = OptionWord | { readonly kind: 'plain'; readonly text: string };

/** Reads a whole command line. Options may stand anywhere behind `shoalctl`; `--` ends them. */
export function readCommandLine(argv: readonly string[], { commands, common }: Vocabulary): LineReading {
  const words = readWords(argv, [...common, ...commands.flatMap(({ options }) => options)]);
  const [name, ...args] = words.flatMap(({ kind, text }) => (kind === 'plain' ? [text] : []));
  const command = commands.find((row) => row.name === name) ?? null;
  if (name !== undefined && command === null)
    return refuse(`there is no command "${name}"${didYouMean(name, commandNames(commands))}`);
  const known = [...common, ...(command?.options ?? [])];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (const word of words) {
    if (word.kind === 'plain') continue;
    const option = known.find((row) => row.name === word.option?.name);
    const problem =
      option === undefined ? unknownOption(word, command, known) : problemOf(word, option, values);
    if (problem !== null) return refuse(problem);
    const key = word.option?.name ?? '';
    if (word.value === null) flags.add(key);
    else values.set(key, word.value);
  }
  const problem = command === null || flags.has('help') ? null : argumentProblem(command, args);
  return problem === null ? { ok: true, line: { command, args, flags, values } } : refuse(problem);
}

const commandNames = (commands: readonly CommandRow[]): string[] =>
  commands.flatMap(({ name, isHidden }) => (isHidden ? [] : [name]));

/** A lone dash is standard input. */
const isOptionLike = (text: string): boolean => text.startsWith('-') && text !== '-';

/** Behind `--` every word is plain, whatever it begins with. */
function readWords(argv: readonly string[], options: readonly OptionRow[]): Word[] {
  const words: Word[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const text = argv[index] ?? '';
    if (text === '--') {
      words.push(...argv.slice(index + 1).map((rest) => ({ kind: 'plain' as const, text: rest })));
      break;
    }
    if (!isOptionLike(text)) {
      words.push({ kind: 'plain', text });
      continue;
    }
    const [, name, given] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(text) ?? [];
    const option = options.find((row) => row.name === name || text === `-${row.letter}`) ?? null;
    const takesNext = option?.takes !== undefined && given === undefined && index + 1 < argv.length;
    if (takesNext) index += 1;
    words.push({ kind: 'option', option, text, value: takesNext ? (argv[index] ?? '') : (given ?? null) });
  }
  return words;
}

function unknownOption(
  { text }: OptionWord,
  command: CommandRow | null,
  known: readonly OptionRow[],
): string {
  const given = text.replace(/=[\s\S]*$/, '');
  const names = known.map(({ name }) => `--${name}`);
  return `${command === null ? 'there is' : `${command.name} has`} no option ${given}${didYouMean(given, names)}`;
}

function problemOf(
  { text, value }: OptionWord,
  option: OptionRow,
  values: ReadonlyMap<string, string>,
): string | null {
  const { name, takes, choices, fits } = option;
  if (takes === undefined) return value === null ? null : `--${name} takes no value`;
  if (value === null) return `${text} needs a value: ${optionText(option)}`;
  if (values.has(name)) return `--${name} was given twice`;
  if (choices !== undefined && !choices.includes(value))
    return `--${name} is ${choices.join(' or ')}, not "${value}"${didYouMean(value, choices)}`;
  return fits === undefined || fits.pattern.test(value) ? null : `--${name} takes ${fits.words}`;
}

function argumentProblem(command: CommandRow, args: readonly string[]): string | null {
  const needed = command.arguments.filter(({ isOptional }) => !isOptional).length;
  if (args.length < needed) {
    const missing = command.arguments.slice(args.length, needed).map(argumentText);
    return `${command.name} needs ${missing.join(' and ')}: shoalctl ${commandText(command)}`;
  }
  if (args.length > command.arguments.length)
    return `${command.name} takes ${command.arguments.length === 0 ? 'no argument' : `no more than ${commandText(command).slice(command.name.length + 1)}`}, but "${args[command.arguments.length]}" was given`;
  for (const [index, { choices, fits }] of command.arguments.entries()) {
    const word = args[index];
    if (choices !== undefined && word !== undefined && !choices.includes(word))
      return `${command.name} knows ${choices.join(' and ')}, not "${word}"${didYouMean(word, choices)}`;
    if (fits !== undefined && word !== undefined && !fits.pattern.test(word))
      return `${command.name} takes ${fits.words}, not "${word}"`;
  }
  return null;
}
