/** The manual page of shoalctl, from the table of commands, in the macros of man(7). Pure. */
import { type CommandRow, groups, type OptionRow } from './command.ts';
import { commandText, optionText } from './command-line.ts';

/** Backslashes and leading dots or quotes would be commands; dashes stay dashes that can be copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}

const term = (head: string, text: string): string[] => ['.TP', `.B ${escaped(head)}`, escaped(text)];

const options = (rows: readonly OptionRow[]): string[] =>
  rows.flatMap((row) => term(optionText(row), row.help));

function commandLines(command: CommandRow): string[] {
  const inner = command.options.length === 0 ? [] : ['.RS', ...options(command.options), '.RE'];
  const details = (command.details ?? []).flatMap((paragraph) => ['.IP', escaped(paragraph)]);
  return [...term(commandText(command), `${command.help}.`), ...details, ...inner];
}

/** The whole page; ends in a newline. */
export function manPage(commands: readonly CommandRow[], common: readonly OptionRow[]): string {
  const shown = commands.filter(({ isHidden }) => !isHidden);
  const examples = shown.flatMap(({ examples: rows }) => rows ?? []);
  return `${[
    '.TH SHOALCTL 8 "" Shoal "System Administration"',
    '.SH NAME',
    'shoalctl \\- speaks to the Shoal agent on a router, and works on lvs.cf files',
    '.SH SYNOPSIS',
    '.B shoalctl',
    '.I COMMAND',
    '.RI [ ARGUMENTS ]',
    '.RI [ OPTIONS ]',
    '.SH DESCRIPTION',
    'The agent on a router programs the IPVS routing table, checks real servers and decides with its partner which of',
    'the two routers is active.',
    '.B shoalctl',
    'shows and steers it, and checks, formats, compares and converts configuration files without it.',
    '.SH COMMANDS',
    ...Object.entries(groups).flatMap(([group, title]) => [
      `.SS ${escaped(title)}`,
      ...shown.filter((row) => row.group === group).flatMap(commandLines),
    ]),
    '.SH OPTIONS',
    'Every command takes these.',
    ...options(common),
    '.SH EXIT STATUS',
    ...term('0', 'Fine.'),
    ...term('1', 'Faults in what was given.'),
    ...term('2', 'Wrong usage.'),
    ...term('3', 'No answer from the agent.'),
    '.SH FILES',
    ...term('/etc/sysconfig/ha/lvs.cf', 'The configuration.'),
    ...term('/run/shoal/agent.sock', "The agent's socket; members of the group shoal may use it."),
    ...term('/var/lib/shoal', 'What the agent keeps over a restart.'),
    '.SH ENVIRONMENT',
    ...term(
      'NO_COLOR',
      'If it is set and not empty, there are no colours unless --color=always asks for them.',
    ),
    ...term('COLUMNS', 'Width of what is printed into a pipe.'),
    '.SH EXAMPLES',
    ...examples.flatMap(([line, does]) => [
      '.PP',
      escaped(`${does}:`),
      '.PP',
      '.EX',
      escaped(`    shoalctl ${line}`),
      '.EE',
    ]),
    '.SH SEE ALSO',
    '.BR ipvsadm (8),',
    '.BR ip (8)',
  ].join('\n')}\n`;
}
