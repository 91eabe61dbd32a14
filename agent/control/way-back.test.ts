/** An apply that fails and whose way back fails too: the watch finishes what the apply could not. */
import { afterEach, describe, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import type { Exec } from '../runtime/types.ts';
import { cleanUp, exampleText, type TestRouter } from './test-router.ts';
import { activeRouter, push, threeServers } from './test-steps.ts';

afterEach(cleanUp);

const marked = (port: number): string =>
  [
    '#@ virtual site {\n#@ active = 1\n#@ address = 192.0.2.120 eth0',
    `#@ fwmark = 7\n#@ mark_ports = [ tcp/${port} ]\n#@ }\n`,
  ].join('\n');
const dns = 'virtual dns {\n active = 1\n address = 192.0.2.101 eth0:2\n port = 53\n protocol = udp\n }\n';
const before = exampleText({ extra: 'tcp_timeout = 600', virtuals: marked(443) });
const after = exampleText({
  serial: 2,
  servers: threeServers,
  vip: '192.0.2.105',
  virtuals: `${marked(8443)}${dns}`,
  extra: 'tcp_timeout = 700',
});

const sight = (test: TestRouter) => ({
  table: shownTable(test.kernel),
  addresses: test.kernel.addresses.map(({ address }) => address).sort(),
  timeouts: test.kernel.timeouts,
  marks: test.kernel.markRules,
  file: test.file(),
});

/** What goes wrong with a program: how much of it happens before it says that it failed. */
const faults: Readonly<Record<string, (exec: Exec) => Exec>> = {
  'does nothing': () => async () => ({ code: 0, stdout: '', stderr: '', timedOut: false }),
  'does its work': (exec) => exec,
  'does half of its work': (exec) => (argv, options) => {
    const lines = (options?.stdin ?? '').split('\n').filter((line) => line !== '');
    const half = lines.slice(0, Math.floor(lines.length / 2));
    return exec(argv, { ...options, stdin: half.map((line) => `${line}\n`).join('') });
  },
};

/** Lets the programs of these numbers fail; returns the names of those that were run. */
function breakPrograms(test: TestRouter, numbers: readonly number[], fault: (exec: Exec) => Exec): string[] {
  const { router } = test.agent;
  const { exec } = router;
  const names: string[] = [];
  const broken: Exec = async (argv, options) => {
    if (!/^(ipvsadm|ip|nft)$/.test(argv[0])) return exec(argv, options);
    names.push(argv.slice(0, 2).join(' '));
    if (!numbers.includes(names.length)) return exec(argv, options);
    return { ...(await fault(exec)(argv, options)), code: 1, stderr: 'Cannot allocate memory' };
  };
  Object.assign(router, { exec: broken });
  return names;
}

describe.each(Object.entries(faults))('where a program %s and fails', (_, fault) => {
  it('during an apply and again on the way back, one configuration stands whole soon', async () => {
    const old = sight(await activeRouter(before));
    const finished = await activeRouter(before);
    const fresh = { ...sight(finished) };
    const all = breakPrograms(finished, [], fault);
    expect(await push(finished, after)).toMatchObject({ applied: true });
    Object.assign(fresh, sight(finished));
    const count = all.length;
    expect(count).toBeGreaterThan(5);
    let failed = 0;
    for (let first = 1; first <= count; first += 1) {
      for (let second = first + 1; second <= first + 6; second += 1) {
        const test = await activeRouter(before);
        const names = breakPrograms(test, [first, second], fault);
        const { applied } = await push(test, after);
        if (!applied) failed += 1;
        await test.pass(12_000);
        const what = `${names[first - 1]} (${first}), then ${names[second - 1]} (${second})`;
        expect(sight(test), what).toEqual(applied ? fresh : old);
        expect([...test.agent.router.findings.values()].flat(), what).toEqual([]);
      }
    }
    expect(failed).toBeGreaterThan(10);
  }, 240_000);
});

it('connection timeouts that cannot be read are not changed: they could not be given back', async () => {
  const test = await activeRouter(before);
  const old = sight(test);
  const { router } = test.agent;
  const { exec } = router;
  Object.assign(router, {
    exec: (async (argv, options) =>
      argv.join(' ') === 'ipvsadm -L --timeout'
        ? { code: 1, stdout: '', stderr: 'Cannot allocate memory', timedOut: false }
        : exec(argv, options)) satisfies Exec,
  });
  const { applied, failure } = await push(test, after);
  expect(applied).toBe(false);
  expect(failure).toContain('cannot be read: ipvsadm -L --timeout: Cannot allocate memory');
  expect(sight(test)).toEqual(old);
});
