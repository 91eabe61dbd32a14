import { afterEach, describe, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { Refusal } from './refusal.ts';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, startTestRouter } from './test-router.ts';
import { activeRouter, changesOf, push, threeServers, webTable } from './test-steps.ts';
import { confirm, rollback } from './trial.ts';

afterEach(cleanUp);

describe('apply', () => {
  it('programs the table, writes the file and reports what it did', async () => {
    const test = await startTestRouter();
    const text = exampleText();
    const result = await push(test, text);
    expect(result).toMatchObject({
      applied: true,
      failure: null,
      serial: 1,
      commands: webTable,
    });
    expect(shownTable(test.kernel)).toEqual(webTable);
    expect(test.file()).toBe(text);
    expect(test.agent.router.running?.hash).toBe(result.hash);
  });

  it('gives one command for one real server more, and none that names what did not change', async () => {
    const test = await activeRouter();
    const result = await push(test, exampleText({ serial: 2, servers: threeServers }));
    const line = '-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 3';
    expect(result.commands).toEqual([line]);
    expect(changesOf(test)).toEqual([line]);
  });

  it('starts two programs for a change that leaves the addresses alone: one reads the table, one changes it', async () => {
    const test = await activeRouter();
    const before = test.kernel.programs.length;
    await push(test, exampleText({ serial: 2, servers: threeServers }));
    const started = test.kernel.programs.slice(before);
    expect(started.filter((program) => !program.startsWith('arping'))).toEqual(['ipvsadm -Sn', 'ipvsadm -R']);
  });

  it('says on a dry run what it would do, and changes neither kernel nor file', async () => {
    const test = await activeRouter();
    const result = await push(test, exampleText({ serial: 2, servers: threeServers }), { dryRun: true });
    expect(result).toMatchObject({
      applied: false,
      dryRun: true,
      commands: ['-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 3'],
    });
    expect(result.table).toContain('-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 3');
    expect(changesOf(test)).toEqual([]);
    expect(test.file()).toBe(exampleText());
    expect(test.agent.router.running?.serial).toBe(1);
  });

  it('takes everything back and names the line when the kernel refuses one in the middle', async () => {
    const test = await activeRouter();
    test.kernel.refuse = { containing: '10.11.12.23:80', message: 'Memory allocation problem' };
    const virtuals =
      'virtual dns {\n active = 1\n address = 192.0.2.101 eth0:2\n port = 53\n protocol = udp\n }';
    const result = await push(test, exampleText({ serial: 2, servers: threeServers, virtuals }));
    expect(result.applied).toBe(false);
    expect(result.failure).toBe(
      'ipvsadm -a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 3: Memory allocation problem',
    );
    expect(shownTable(test.kernel)).toEqual(webTable);
    expect(test.file()).toBe(exampleText());
    expect(test.agent.router.running?.serial).toBe(1);
    test.kernel.refuse = null;
    changesOf(test);
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
  });

  it('takes the table back when an address cannot be put on', async () => {
    const test = await activeRouter();
    test.kernel.refuse = { containing: 'addr add 192.0.2.101', message: 'Cannot find device "eth0"' };
    const virtuals =
      'virtual dns {\n active = 1\n address = 192.0.2.101 eth0:2\n port = 53\n protocol = udp\n }';
    const result = await push(test, exampleText({ serial: 2, virtuals }));
    expect(result.failure).toContain(
      'ip addr add 192.0.2.101/32 dev eth0 label eth0:2: Cannot find device "eth0"',
    );
    expect(shownTable(test.kernel)).toEqual(webTable);
    expect(test.kernel.addresses.map(({ address }) => address)).not.toContain('192.0.2.101');
    expect(test.file()).toBe(exampleText());
  });

  it('refuses a file with faults and changes nothing', async () => {
    const test = await activeRouter();
    const result = await push(test, exampleText({ serial: 2, extra: 'nat_router = 10.11.12.999 eth1:1' }));
    expect(result.applied).toBe(false);
    expect(result.diagnostics[0]).toMatchObject({ severity: 'error', line: 11 });
    expect(changesOf(test)).toEqual([]);
  });

  it('refuses a configuration that names neither address of this router', async () => {
    const test = await activeRouter();
    const text = exampleText({ serial: 2 }).replace('192.0.2.11\n', '192.0.2.13\n');
    const result = await push(test, text);
    expect(result.applied).toBe(false);
    expect(result.diagnostics.map(({ code }) => code)).toContain('not-this-router');
    expect(changesOf(test)).toEqual([]);
  });

  it('refuses a push that expects another configuration than the one that runs', async () => {
    const test = await activeRouter();
    await expect(push(test, exampleText({ serial: 2 }), { expectedHash: 'f'.repeat(64) })).rejects.toThrow(
      Refusal,
    );
    expect(test.agent.router.running?.serial).toBe(1);
  });

  it('removes a service that left the configuration, and leaves the services of others alone', async () => {
    const test = await activeRouter();
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr');
    await push(test, exampleText({ serial: 2, vip: '192.0.2.105' }));
    expect(shownTable(test.kernel).filter((line) => line.startsWith('-A'))).toEqual([
      '-A -t 192.0.2.105:80 -s wrr',
      '-A -t 192.0.2.99:25 -s rr',
    ]);
  });

  it('puts a new VIP on before it takes the old one off while it is active', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2, vip: '192.0.2.105' }));
    expect(changesOf(test).filter((line) => line.startsWith('ip '))).toEqual([
      'ip addr add 192.0.2.105/32 dev eth0 label eth0:1',
      'ip addr del 192.0.2.100/32 dev eth0',
    ]);
  });

  it('sets connection timeouts only when they differ', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2, extra: 'tcp_timeout = 600' }));
    expect(changesOf(test)).toEqual(['--set 600 0 0']);
    await push(test, exampleText({ serial: 3, extra: 'tcp_timeout = 600' }));
    expect(changesOf(test)).toEqual([]);
  });
});

describe('a push on trial', () => {
  it('returns to the configuration before when nobody confirms', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2, servers: threeServers }), { confirmWithinSeconds: 30 });
    await test.pass(29_000);
    expect(test.agent.router.running?.serial).toBe(2);
    await test.pass(2000);
    await expect.poll(() => test.agent.router.running?.serial).toBe(1);
    expect(shownTable(test.kernel)).toEqual(webTable);
    expect(test.file()).toBe(exampleText());
  });

  it('stays when it is confirmed', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2 }), { confirmWithinSeconds: 30 });
    expect(await confirm(test.agent.router)).toMatchObject({ done: true });
    await test.pass(60_000);
    expect(test.agent.router.running?.serial).toBe(2);
  });

  it('goes on counting after a restart of the agent', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2 }), { confirmWithinSeconds: 30 });
    await test.pass(20_000);
    test.kill();
    const next = await test.restart();
    expect((await statusOf(next.agent.router)).config.confirmSecondsLeft).toBe(10);
    await next.pass(11_000);
    await expect.poll(() => next.agent.router.running?.serial).toBe(1);
  });

  it('returns at once when its time passed while no agent ran', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2 }), { confirmWithinSeconds: 30 });
    test.kill();
    await test.pass(40_000);
    const next = await test.restart();
    await next.pass(10);
    await expect.poll(() => next.agent.router.running?.serial).toBe(1);
  });
});

describe('rollback', () => {
  it('returns to the configuration before this one', async () => {
    const test = await activeRouter();
    await push(test, exampleText({ serial: 2, servers: threeServers }));
    expect(await rollback(test.agent.router)).toMatchObject({ applied: true, serial: 1 });
    expect(test.file()).toBe(exampleText());
  });

  it('is refused when there is no earlier one', async () => {
    const test = await activeRouter();
    await expect(rollback(test.agent.router)).rejects.toThrow('no earlier configuration');
  });
});
