import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { readCommandLine } from './command-line.ts';
import { commands, commonOptions } from './commands.ts';
import { diagnosticLines } from './diagnostics-text.ts';
import { commandHelp, usageText } from './help.ts';
import { manPage } from './man-page.ts';
import { paintFor } from './paint.ts';

const read = (...argv: string[]) => readCommandLine(argv, { commands, common: commonOptions });

describe('a command line', () => {
  it('takes options anywhere, short and long, with the value behind a blank or an equal sign', () => {
    for (const argv of [
      ['apply', 'lvs.cf', '-n', '--confirm-within', '30'],
      ['--confirm-within=30', 'apply', '--dry-run', 'lvs.cf'],
    ]) {
      const reading = read(...argv);
      expect(reading).toMatchObject({ ok: true, line: { command: { name: 'apply' }, args: ['lvs.cf'] } });
      if (!reading.ok) continue;
      expect([...reading.line.flags]).toEqual(['dry-run']);
      expect([...reading.line.values]).toEqual([['confirm-within', '30']]);
    }
  });

  it('a lone dash is an argument, and behind two dashes everything is', () => {
    expect(read('check', '-')).toMatchObject({ ok: true, line: { args: ['-'] } });
    expect(read('check', '--', '--odd-name')).toMatchObject({ ok: true, line: { args: ['--odd-name'] } });
  });

  it.each([
    [['chekc', 'x'], 'there is no command "chekc"; did you mean check?'],
    [['status', '--jsn'], 'status has no option --jsn; did you mean --json?'],
    [['status', '--dry-run'], 'status has no option --dry-run'],
    [['plan'], 'plan needs FILE: shoalctl plan FILE'],
    [['drain', 'web'], 'drain needs RS: shoalctl drain VS RS'],
    [['status', 'now'], 'status takes no argument, but "now" was given'],
    [['apply', 'x', '--confirm-within', 'soon'], '--confirm-within takes a number of seconds'],
    [['apply', 'x', '--confirm-within'], '--confirm-within needs a value: --confirm-within SECONDS'],
    [['convert', 'x', '--from', 'lsv'], '--from is'],
    [['completion', 'fish'], 'completion knows bash and zsh, not "fish"'],
    [['status', '--json=1'], '--json takes no value'],
  ])('%j is refused with a sentence', (argv, sentence) => {
    const reading = read(...argv);
    expect(reading.ok).toBe(false);
    if (!reading.ok) expect(reading.problem).toContain(sentence);
  });
});

describe('the table of commands', () => {
  it('is told whole by usage, the help of each command and the manual page', () => {
    const usage = usageText(commands, commonOptions);
    const page = manPage(commands, commonOptions).replaceAll('\\-', '-');
    for (const command of commands.filter(({ isHidden }) => !isHidden)) {
      expect(usage).toContain(`  ${command.name}`);
      expect(page).toContain(`.B ${command.name}`);
      const help = commandHelp(command, commonOptions);
      for (const { name } of [...command.options, ...commonOptions]) expect(help).toContain(`--${name}`);
      for (const { name } of command.options) expect(page).toContain(`--${name}`);
    }
  });

  it('no line of the help is wider than a terminal, and no word of the manual page is taken for a command', () => {
    const texts = [
      usageText(commands, commonOptions),
      ...commands.map((row) => commandHelp(row, commonOptions)),
    ];
    for (const line of texts.join('\n').split('\n')) expect(line.length, line).toBeLessThanOrEqual(96);
    const requests = [
      '.TH',
      '.SH',
      '.SS',
      '.TP',
      '.IP',
      '.PP',
      '.RS',
      '.RE',
      '.EX',
      '.EE',
      '.B',
      '.I',
      '.BR',
      '.RI',
    ];
    for (const line of manPage(commands, commonOptions).split('\n')) {
      if (line.startsWith('.')) expect(requests).toContain(line.split(' ')[0]);
      expect(line.startsWith("'")).toBe(false);
    }
  });
});

/** Of groff-base, which man-db brings along. */
const GROFF = '/usr/bin/groff';

it.skipIf(!existsSync(GROFF))('the manual page is set without a complaint', () => {
  const input = manPage(commands, commonOptions);
  const { stdout, stderr, status } = spawnSync(GROFF, ['-man', '-Tutf8', '-ww', '-P-cbou'], {
    input,
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/SHOALCTL\(8\)[\s\S]*--confirm-within SECONDS[\s\S]*EXIT STATUS/);
});

it('an option takes a value with every command that has it, or with none', () => {
  const kinds = new Map<string, boolean>();
  for (const { name, takes } of [...commonOptions, ...commands.flatMap(({ options }) => options)]) {
    expect(kinds.get(name) ?? takes !== undefined, name).toBe(takes !== undefined);
    kinds.set(name, takes !== undefined);
  }
});

describe('colours', () => {
  const terminal = { isTerminal: true, env: { TERM: 'xterm' } };
  test.each([
    ['auto', terminal, true],
    ['auto', { ...terminal, isTerminal: false }, false],
    ['auto', { ...terminal, env: { TERM: 'xterm', NO_COLOR: '1' } }, false],
    ['auto', { ...terminal, env: { TERM: 'dumb' } }, false],
    ['never', terminal, false],
    ['always', { isTerminal: false, env: { NO_COLOR: '1' } }, true],
  ] as const)('%s on %j: %s', (choice, surroundings, isPainted) => {
    expect(paintFor(choice, surroundings)('x', 'red') !== 'x').toBe(isPainted);
  });
});

describe('a fault in its line', () => {
  const fault = { severity: 'error', message: 'No.', line: 2, column: 8, length: 6 } as const;

  it('has a caret under its place, tabs and wide characters counted', () => {
    expect(diagnosticLines('f', [fault], { source: 'a\nport = eighty\n' })).toEqual([
      'f:2:8: error: No.',
      '    2 | port = eighty',
      '      |        ^^^^^^',
    ]);
    const tab = { ...fault, line: 1, column: 2, length: 1 };
    expect(diagnosticLines('f', [tab], { source: '\tx' })[2]).toBe('      |         ^');
    const wide = { ...fault, line: 1, column: 3, length: 1 };
    expect(diagnosticLines('f', [wide], { source: '日本x' })[2]).toBe('      |     ^');
  });

  it('shows the part of a long line that it is about, and nothing that acts on the terminal', () => {
    const source = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
    const [, line = '', caret = ''] = diagnosticLines('f', [{ ...fault, line: 1, column: 501, length: 1 }], {
      source,
    });
    expect(line.length).toBeLessThan(120);
    expect(line[caret.indexOf('^')]).toBe('X');
    const acting = diagnosticLines('f', [{ ...fault, line: 1, column: 1, length: 1 }], {
      source: '\u001B[31mred',
    });
    expect(acting.join('')).not.toContain('\u001B');
  });
});
