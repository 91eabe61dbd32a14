/** Before the agent is uninstalled: the kernel is as it was before Shoal. */
import { afterEach, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { clearKernel } from './clear.ts';
import { cleanUp, exampleText, type TestRouter } from './test-router.ts';
import { activeRouter, changesOf } from './test-steps.ts';

afterEach(cleanUp);

const foreign = ['-A -t 198.51.100.7:25 -s rr', '-a -t 198.51.100.7:25 -r 10.11.12.40:25 -m -w 1'];
const marked =
  '#@ virtual site {\n#@ active = 1\n#@ address = 192.0.2.120 eth0\n#@ fwmark = 7\n#@ mark_ports = [ tcp/443 ]\n#@ }';

const clear = (test: TestRouter): Promise<string[]> =>
  clearKernel(test.kernel, {
    state: test.agent.router.state.current,
    config: test.file(),
  });

const addresses = (test: TestRouter): string[] => test.kernel.addresses.map(({ address }) => address).sort();
const ownAddresses = ['10.11.12.1', '127.0.0.1', '192.0.2.11'];

it('after a stop the table goes, too; what others put there stays', async () => {
  const test = await activeRouter(exampleText({ extra: 'tcp_timeout = 600', virtuals: marked }));
  test.kernel.ipvsadm(...foreign);
  expect(test.kernel.timeouts).toEqual([600, 120, 300]);
  await test.agent.shutDown();
  expect(addresses(test)).toEqual(ownAddresses);
  expect(shownTable(test.kernel).join('\n')).toContain('192.0.2.100:80');

  expect(await clear(test)).toEqual([]);
  expect(shownTable(test.kernel)).toEqual(foreign);
  expect(test.kernel.timeouts).toEqual([900, 120, 300]);
  expect(test.kernel.markRules).toBeNull();
});

it('an agent that was killed left addresses, routes and rules behind: they go as well', async () => {
  const test = await activeRouter(exampleText({ virtuals: marked }));
  test.kill();
  expect(addresses(test)).toContain('192.0.2.100');
  expect(test.kernel.markRules).not.toBeNull();
  expect(test.kernel.routes).not.toEqual([]);
  test.kernel.held = '192.0.2.100 timeout 2s';

  expect(await clear(test)).toEqual([]);
  expect(addresses(test)).toEqual(ownAddresses);
  expect(shownTable(test.kernel)).toEqual([]);
  expect(test.kernel.held).toBeNull();
  expect(test.kernel.routes).toEqual([]);
  expect(test.kernel.markRules).toBeNull();
});

it('where there is nothing, nothing is changed', async () => {
  const test = await activeRouter();
  await test.agent.shutDown();
  await clear(test);
  changesOf(test);
  expect(await clear(test)).toEqual([]);
  expect(changesOf(test)).toEqual([]);
});

it('what the kernel refuses is named, and the rest goes all the same', async () => {
  const test = await activeRouter();
  test.kill();
  test.kernel.refuse = { containing: 'addr del', message: 'RTNETLINK answers: Operation not permitted' };
  expect((await clear(test)).join()).toContain('Operation not permitted');
  expect(shownTable(test.kernel)).toEqual([]);
});
