import { afterEach, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { cleanUp, exampleText } from './test-router.ts';
import { activeRouter, changesOf, push } from './test-steps.ts';

afterEach(cleanUp);

const marked = (address: string, ports: string): string =>
  [
    `#@ virtual site {\n#@ active = 1\n#@ address = ${address} eth0\n#@ fwmark = 7`,
    `#@ mark_ports = [ ${ports} ]\n#@ }`,
  ].join('\n');
const text = exampleText({ serial: 2, virtuals: marked('192.0.2.120', 'tcp/443 udp/5060-5070') });
const rules = [
  'ip daddr 192.0.2.120 tcp dport 443 meta mark set 7\n',
  'ip daddr 192.0.2.120 udp dport 5060-5070 meta mark set 7\n',
].join('');

it('ports of a firewall mark get rules in one transaction, and lose them with the configuration', async () => {
  const test = await activeRouter();
  expect(await push(test, text)).toMatchObject({ applied: true });
  expect(test.kernel.markRules).toBe(rules);
  await test.pass(20_000);
  expect(changesOf(test).filter((line) => line.startsWith('nft'))).toEqual(['nft -f -']);
  await push(test, exampleText({ serial: 3, virtuals: marked('2001:db8::100', 'tcp/80') }));
  expect(test.kernel.markRules).toBe('ip6 daddr 2001:db8::100 tcp dport 80 meta mark set 7\n');
  await push(test, exampleText({ serial: 4 }));
  expect(test.kernel.markRules).toBeNull();
});

it('a configuration without such ports never runs nft', async () => {
  const test = await activeRouter();
  await push(test, exampleText({ serial: 2, vip: '192.0.2.105' }));
  await test.pass(20_000);
  await test.agent.shutDown();
  expect(test.kernel.programs.filter((line) => line.startsWith('nft'))).toEqual([]);
});

it('rules that somebody changed are back within two seconds, with an event', async () => {
  const test = await activeRouter(text);
  test.kernel.markRules = null;
  await test.pass(2000);
  expect(test.kernel.markRules).toBe(rules);
  expect(test.events('drift-repaired').join()).toContain('nft table inet shoal');
});

it('an apply that fails takes the rules back, and rules that nft refuses take the apply back', async () => {
  const test = await activeRouter();
  const before = shownTable(test.kernel);
  test.kernel.refuse = { containing: 'addr add 192.0.2.120', message: 'Cannot find device "eth0"' };
  expect(await push(test, text)).toMatchObject({ applied: false });
  expect(test.kernel.markRules).toBeNull();
  test.kernel.refuse = { containing: 'dport 443', message: 'Error: Could not process rule' };
  const refused = await push(test, text);
  expect(refused.failure).toContain('The rules for firewall marks cannot be set: nft: Error: Could not');
  expect(shownTable(test.kernel)).toEqual(before);
});

it('rules of an apply that was killed go when the configuration before it runs on', async () => {
  const test = await activeRouter();
  void push(test, text);
  await expect.poll(() => test.kernel.markRules).not.toBeNull();
  test.kill();
  const next = await test.restart();
  await next.pass(2000);
  // The file tells nothing here: what the killed one had begun to write may come after the restart.
  expect(next.kernel.markRules).toBe(next.agent.router.running?.text === text ? rules : null);
});

it('the end of the service removes the rules, and the next start sets them again', async () => {
  const test = await activeRouter(text);
  await test.agent.shutDown();
  expect(test.kernel.markRules).toBeNull();
  test.kill();
  const next = await test.restart();
  expect(next.kernel.markRules).toBe(rules);
});
