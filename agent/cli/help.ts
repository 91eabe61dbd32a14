/** Usage of shoalctl and the help of one command, from the table of commands. Pure. */
import { type CommandRow, groups, type OptionRow } from './command.ts';
import { commandText, optionText } from './command-line.ts';
import { wrap } from './terminal-text.ts';

const WIDTH = 92;
const LEFT = 26;

/** A term on the left, its words on the right; a long term has a line of its own. */
function entry(term: string, words: string, indent = 2): string[] {
  const left = ' '.repeat(indent) + term;
  const lines = wrap(words, WIDTH - LEFT);
  const rest = lines.map((line) => `${' '.repeat(LEFT)}${line}`);
  if (left.length >= LEFT - 1) return [left, ...rest];
  return [`${left.padEnd(LEFT)}${lines[0] ?? ''}`, ...rest.slice(1)];
}

const optionEntries = (options: readonly OptionRow[], indent: number): string[] =>
  options.flatMap((option) => entry(optionText(option), option.help, indent));

export const exitCodes =
  'exit code: 0 fine, 1 faults in what was given, 2 wrong usage, 3 no answer from the agent';

export function usageText(commands: readonly CommandRow[], common: readonly OptionRow[]): string {
  const lines = [
    'shoalctl: speaks to the Shoal agent on this router, and works on lvs.cf files',
    '',
    'usage: shoalctl COMMAND [ARGUMENTS] [OPTIONS]',
  ];
  for (const [group, title] of Object.entries(groups)) {
    const rows = commands.filter((row) => row.group === group && !row.isHidden);
    lines.push('', title);
    for (const row of rows) {
      lines.push(...entry(commandText(row), row.help), ...optionEntries(row.options, 4));
    }
  }
  return [...lines, '', 'every command', ...optionEntries(common, 2), '', exitCodes].join('\n');
}

export function commandHelp(command: CommandRow, common: readonly OptionRow[]): string {
  const examples = (command.examples ?? []).flatMap(([line, does]) => [`  # ${does}`, `  shoalctl ${line}`]);
  return [
    `shoalctl ${commandText(command)}: ${command.help}`,
    ...(command.details ?? []).flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]),
    ...(command.options.length === 0 ? [] : ['', 'options', ...optionEntries(command.options, 2)]),
    '',
    'every command',
    ...optionEntries(common, 2),
    ...(examples.length === 0 ? [] : ['', 'examples', ...examples]),
  ].join('\n');
}
