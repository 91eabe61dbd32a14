import { describe, expect, it } from 'vitest';
import type { ExecResult } from '#agent/runtime/types.ts';
import { depsForTests } from './contract.ts';
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
