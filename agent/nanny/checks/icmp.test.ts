import { describe, expect, it } from 'vitest';
import { exec } from '#agent/runtime/exec.ts';
import type { ExecResult } from '#agent/runtime/types.ts';
import type { Checker } from './checker.ts';
import { depsForTests, describeChecker, nobody, PROGRAM_LIMIT_MS } from './contract.ts';
import { checkIcmp } from './icmp.ts';
import { checkNone } from './none.ts';

const target = { address: '192.0.2.5', port: 80, source: null };

/** What ping of iputils (Debian 12) prints and returns. */
const ended = (code: number | null, more: Partial<ExecResult> = {}): ExecResult => ({
  code,
  stdout: '',
  stderr: '',
  timedOut: false,
  ...more,
});

function check(result: ExecResult, from: Partial<typeof target> & { source?: string } = {}) {
  const asked: string[] = [];
  const exec = async (argv: readonly string[]) => {
    asked.push(argv.join(' '));
    return result;
  };
  const deps = { ...depsForTests(), exec };
  return checkIcmp({ ...target, ...from }, {}, 1500, deps).then((outcome) => ({ ...outcome, asked }));
}

/** A real program in the place of ping, which needs a right that tests may lack; the first word is its script. */
const standIns: Record<string, string> = {
  up: 'exit 0',
  down: 'exit 1',
  refused: 'echo "ping: connect: Network is unreachable" >&2; exit 2',
  timeout: 'sleep 60',
  slow: 'sleep 0.05; exit 0',
  'reset in the middle': 'kill -9 $$',
  garbage: 'head -c 100 /dev/zero; echo rubbish >&2; exit 3',
  'more than expected': 'head -c 100000 /dev/zero; exit 0',
};
const byStandIn: Checker<'icmp'> = (place, options, limitMs, deps) =>
  checkIcmp(place, options, limitMs, {
    ...deps,
    exec: (_argv, given) => exec(['/bin/sh', '-c', standIns[place.address] ?? 'exit 9'], given),
  });
const scene = (situation: string, ok: boolean | null, evidence: RegExp) => ({
  serve: async () => {
    const fixture = await nobody();
    return { ...fixture, target: { ...fixture.target, address: situation } };
  },
  options: {},
  ok,
  evidence,
});

describeChecker(
  'icmp',
  byStandIn,
  {
    up: scene('up', true, /^answered in/),
    down: scene('down', false, /^no answer to an echo within 10 s$/),
    refused: scene('refused', false, /^network unreachable$/),
    timeout: scene('timeout', false, /^no answer to an echo within 2 s$/),
    slow: scene('slow', true, /^answered in/),
    'reset in the middle': scene('reset in the middle', null, /^not checked: /),
    garbage: scene('garbage', null, /^not checked: rubbish$/),
    'more than expected': scene('more than expected', true, /^answered in/),
  },
  PROGRAM_LIMIT_MS,
);

describe('the check kind icmp', () => {
  it('sends one echo and waits for the limit, from the address that is given', async () => {
    expect((await check(ended(0))).asked).toEqual(['ping -n -q -c 1 -W 1.5 -- 192.0.2.5']);
    const from = { source: '192.0.2.11' };
    expect((await check(ended(0), from as never)).asked[0]).toContain('-I 192.0.2.11 -- 192.0.2.5');
  });

  it.each([
    ['an answer', ended(0), true, /^answered in \d+ ms$/],
    ['no answer', ended(1), false, /^no answer to an echo within 1\.5 s$/],
    ['ping that had to be ended', ended(null, { timedOut: true }), false, /^no answer to an echo/],
    [
      'no route',
      ended(2, { stderr: 'ping: connect: Network is unreachable\n' }),
      false,
      /^network unreachable$/,
    ],
    [
      'no permission',
      ended(2, { stderr: 'ping: socket: Operation not permitted\n' }),
      null,
      /^not checked: ping: socket/,
    ],
    ['no program', ended(null), null, /^not checked: ping cannot be run \(package iputils-ping\)$/],
  ])('%s', async (_, result, ok, evidence) => {
    expect(await check(result)).toMatchObject({ ok, evidence: expect.stringMatching(evidence) });
  });
});

it('the check kind none asks nobody and counts as up', async () => {
  expect(await checkNone(target, {}, 1000, depsForTests())).toMatchObject({ ok: true, durationMs: 0 });
});
