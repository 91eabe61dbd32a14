/** The completion scripts, by the shells themselves. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands, commonOptions } from './commands.ts';
import { completionScript, quoted } from './completion.ts';

describe('completion in bash', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shoal-completion-'));
    writeFileSync(join(folder, 'lvs.cf'), '');
    writeFileSync(join(folder, 'completion.bash'), completionScript('bash', commands, commonOptions));
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'a b.cf'), '');
    const answers = [
      ['_names -- ', ['web', 'mail', 'a b', '$(touch acted)', '`touch acted`']],
      ['_names -- web', ['rs1', 'rs2']],
      ['_names -- mail', ['mx1']],
    ] as const;
    const cases = answers.map(
      ([args, names]) => `'${args.trim()}') printf '%s\\n' ${names.map(quoted).join(' ')} ;;`,
    );
    const program = `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\n*) exit 3 ;;\nesac\n`;
    writeFileSync(join(folder, 'shoalctl'), program, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a real bash offers for the last word. */
  const offered = (...words: string[]): string[] => {
    const reply = '"$' + '{COMPREPLY[@]}"';
    const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _shoalctl';
    const script = `source ./completion.bash; ${ask}; printf "%s\\n" ${reply}`;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const argv = ['-c', script, 'bash', 'shoalctl', ...words];
    const output = execFileSync('bash', argv, { cwd: folder, env, encoding: 'utf8' });
    return output.split('\n').filter((line) => line !== '');
  };

  it.each([
    [['ch'], ['check']],
    [['con'], ['convert', 'confirm']],
    [['check', 'l'], ['lvs.cf']],
    [['apply', '--conf'], ['--confirm-within']],
    [['apply', '--confirm-within', ''], []],
    [['apply', '--confirm-within', '30', 'l'], ['lvs.cf']],
    [['convert', '--to', 'l'], ['lvs']],
    [['plan', '--from', 'lv'], ['lvs.cf']],
    [
      ['status', '--color', 'a'],
      ['auto', 'always'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh'],
    ],
    [['status', '--color', '=', 'al'], ['always']],
    [
      ['status', '--color', '='],
      ['auto', 'always', 'never'],
    ],
    [['plan', '--from', '=', 'l'], ['lvs.cf']],
    [['plan', '--from', '=', 'x.cf', 'l'], ['lvs.cf']],
    [['plan', '--from', 'x.cf', '--w'], ['--words']],
    [['status', '--dry'], []],
    [['status', 'x'], []],
    [['check', 'a'], ['a b.cf']],
    [['drain', 'w'], ['web']],
    [
      ['drain', 'web', ''],
      ['rs1', 'rs2'],
    ],
    [['--json', 'drain', 'mail', ''], ['mx1']],
  ])('%j offers %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('every command, and every option of each, is offered', () => {
    const shown = commands.filter(({ isHidden }) => !isHidden);
    expect(offered('')).toEqual(shown.map(({ name }) => name));
    for (const { name, options } of shown)
      expect(offered(name, '--')).toEqual([...options, ...commonOptions].map((option) => `--${option.name}`));
  });

  it('names are offered so that the shell takes them as they are, and none of them acts', () => {
    expect(offered('drain', '')).toEqual([
      'web',
      'mail',
      'a\\ b',
      '\\$\\(touch\\ acted\\)',
      '\\`touch\\ acted\\`',
    ]);
    expect(existsSync(join(folder, 'acted'))).toBe(false);
  });
});

describe('completion in zsh', () => {
  const script = completionScript('zsh', commands, commonOptions);

  it('is a completion function of its own, with every command and option and what they are for', () => {
    expect(script.split('\n')[0]).toBe('#compdef shoalctl');
    for (const { name, help, options } of commands.filter(({ isHidden }) => !isHidden)) {
      expect(script).toContain(`    ${quoted(`${name}:${help}`)}\n`);
      for (const option of options) expect(script).toContain(`--${option.name}`);
    }
  });

  const zsh = ['/bin/zsh', '/usr/bin/zsh'].find((path) => existsSync(path));
  it.skipIf(zsh === undefined)('is understood by zsh', () => {
    execFileSync(zsh ?? '', ['-n'], { input: script });
  });
});
