import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScriptOptions } from '#lib/lvs/checks.ts';
import type { Target } from './checker.ts';
import { depsForTests, describeChecker, nobody, PROGRAM_LIMIT_MS } from './contract.ts';
import { checkScript } from './script.ts';

const folder = mkdtempSync(join(tmpdir(), 'nanny-script-'));
afterAll(() => rmSync(folder, { recursive: true }));

const target: Target = { address: '192.0.2.5', port: 53, source: null };
const shell = (text: string, expected: string | null = null): ScriptOptions => ({
  argv: ['/bin/sh', '-c', text],
  expect: expected,
});
const check = (options: ScriptOptions, limitMs = 10_000) =>
  checkScript(target, options, limitMs, depsForTests());

const scene = (text: string, ok: boolean, evidence: RegExp, expected: string | null = null) => ({
  serve: nobody,
  options: shell(text, expected),
  ok,
  evidence,
});

describeChecker(
  'script',
  checkScript,
  {
    up: scene('exit 0', true, /^answered in/),
    down: scene('echo FAIL', false, /^the program printed "FAIL", expected "OK"$/, 'OK'),
    refused: scene('echo refused >&2; exit 1', false, /^the program ended with code 1: "refused"$/),
    timeout: scene('sleep 60', false, /^the program did not end within 2 s$/),
    slow: scene('sleep 0.05; echo OK', true, /^answered in/, 'OK'),
    'reset in the middle': scene('echo O; kill -9 $$', false, /^the program was ended: "O"$/, 'OK'),
    garbage: scene('head -c 100 /dev/zero', false, /^the program printed "\\x00/, 'OK'),
    'more than expected': scene(
      'while :; do echo OK; done',
      false,
      /^the program was ended: .*wrote more/,
      'OK',
    ),
  },
  PROGRAM_LIMIT_MS,
);

describe('the result of a program', () => {
  it.each<[string, ScriptOptions, boolean | null, RegExp]>([
    ['up: exit code 0', shell('exit 0'), true, /^answered in/],
    ['up: exit code 0 and the output is the expected one', shell('echo OK', 'OK'), true, /^answered in/],
    ['up: output without a line end', shell('printf OK', 'OK'), true, /^answered in/],
    [
      'up: exit code 0 whatever it prints, when nothing is expected',
      shell('echo FAIL'),
      true,
      /^answered in/,
    ],
    ['down: another output', shell('echo FAIL', 'OK'), false, /^the program printed "FAIL", expected "OK"$/],
    ['down: more output than expected', shell('echo OK; echo', 'OK'), false, /^the program printed "OK\\n"/],
    ['down: an expected output is no prefix', shell('echo OKAY', 'OK'), false, /^the program printed "OKAY"/],
    [
      'down: another exit code, even with the expected output',
      shell('echo OK; exit 1', 'OK'),
      false,
      /^the program ended with code 1: "OK"$/,
    ],
    [
      'down: its complaint is told',
      shell('echo no route >&2; exit 7'),
      false,
      /^the program ended with code 7: "no route"$/,
    ],
    ['down: ended by a signal', shell('kill -9 $$'), false, /^the program was ended$/],
    [
      'down: endless output',
      shell('while :; do echo garbage; done'),
      false,
      /^the program was ended: .*wrote more than/,
    ],
    [
      'not judged: no such program',
      { argv: ['/nonexistent/check'], expect: null },
      null,
      /^not checked: the program could not be started/,
    ],
    [
      'not judged: a program that would have to be searched',
      { argv: ['check.sh'], expect: null },
      null,
      /absolute path, not "check.sh"/,
    ],
  ])('%s', async (_, options, ok, evidence) => {
    expect(await check(options)).toMatchObject({ ok, evidence: expect.stringMatching(evidence) });
  });
});

it('replaces %h and %p where they are an argument of their own', async () => {
  const options: ScriptOptions = {
    argv: ['/bin/echo', '%h', '%p', 'x%h'],
    expect: '192.0.2.5 53 x%h',
  };
  expect(await check(options)).toMatchObject({ ok: true });
});

it('never hands an argument to a shell', async () => {
  const trap = join(folder, 'trap');
  const options: ScriptOptions = { argv: ['/bin/echo', `;touch`, trap, `$(touch ${trap})`], expect: null };
  expect(await check(options)).toMatchObject({ ok: true });
  expect(existsSync(trap)).toBe(false);
});

it('kills a program that hangs, with what it has started', async () => {
  const file = join(folder, 'child');
  const program = join(folder, 'hang.sh');
  writeFileSync(program, `#!/bin/sh\nsleep 600 &\necho $! > ${file}\nwait\n`, { mode: 0o755 });
  const result = await check({ argv: [program], expect: null }, 3000);
  expect(result).toMatchObject({ ok: false, evidence: 'the program did not end within 3 s' });
  const child = Number(readFileSync(file, 'utf8'));
  expect(child).toBeGreaterThan(1);
  // A zombie without a parent to reap it counts as gone.
  const isAlive = () => /^State:\s+[^ZX]/m.test(readFileSync(`/proc/${child}/status`, 'utf8'));
  await expect.poll(() => existsSync(`/proc/${child}`) && isAlive()).toBe(false);
});
