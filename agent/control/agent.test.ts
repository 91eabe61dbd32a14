import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { type ApplyRequest, apply } from './apply.ts';
import { Refusal } from './refusal.ts';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, startTestRouter, type TestRouter } from './test-router.ts';
import { confirm, rollback } from './trial.ts';

afterEach(cleanUp);

const push = (test: TestRouter, text: string, more: Partial<ApplyRequest> = {}) =>
  apply(test.agent.router, { text, dryRun: false, confirmWithinSeconds: null, origin: 'push', ...more });

/** What the agent did to the kernel since the last look. */
const changesOf = (test: TestRouter): string[] => test.kernel.changes.splice(0);

async function activeRouter(): Promise<TestRouter> {
  const test = await startTestRouter(exampleText());
  expect(await test.pulse.effects.becomeActive()).toBe(true);
  await test.pass(1500);
  changesOf(test);
  return test;
}

const webTable = [
  '-A -t 192.0.2.100:80 -s wrr',
  '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1',
  '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 2',
];
const threeServers = [
  ['rs1', '10.11.12.21', 1],
  ['rs2', '10.11.12.22', 2],
  ['rs3', '10.11.12.23', 3],
] as const;

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
      table: webTable,
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

describe('a start', () => {
  it('after kill -9 gives not one command that changes anything, and takes its role from the VIPs', async () => {
    const test = await activeRouter();
    test.kill();
    const next = await test.restart();
    await next.pass(20_000);
    expect(changesOf(next)).toEqual([]);
    expect(next.pulse.configured).toEqual([expect.objectContaining({ adopted: true })]);
    expect(next.agent.router.holding).toBe(true);
  });

  it('after kill -9 in the middle of an apply removes a service that was removed from the file', async () => {
    const test = await activeRouter();
    const text = exampleText({ serial: 2, vip: '192.0.2.105' });
    const dying = push(test, text);
    void dying.catch(() => {});
    await expect.poll(() => test.kernel.changes.length).toBeGreaterThan(0);
    test.kill();
    const next = await test.restart();
    await next.pass(2000);
    expect(shownTable(next.kernel).filter((line) => line.startsWith('-A'))).toHaveLength(1);
    expect(next.kernel.addresses.filter(({ address }) => address.startsWith('192.0.2.10'))).toHaveLength(1);
  });

  it('with a damaged file runs the last good configuration and says so', async () => {
    const test = await activeRouter();
    test.kill();
    writeFileSync(test.configPath, 'virtual {{{');
    const next = await test.restart();
    await next.pass(5000);
    expect(next.agent.router.running?.serial).toBe(1);
    expect(changesOf(next)).toEqual([]);
    const status = await statusOf(next.agent.router);
    expect(status.problems.join()).toContain('has faults and is not used');
    expect(status.config.fileHash).not.toBe(status.config.hash);
  });

  it('with a damaged state file starts all the same', async () => {
    const test = await activeRouter();
    test.kill();
    writeFileSync(join(test.folder, 'state', 'state.json'), '{"version":1,');
    const next = await test.restart();
    expect(next.events('state-damaged')).toHaveLength(1);
    expect(changesOf(next)).toEqual([]);
  });

  it('without a configuration touches nothing and says what to do', async () => {
    const test = await startTestRouter();
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr');
    await test.pass(20_000);
    const status = await statusOf(test.agent.router);
    expect(status).toMatchObject({ role: 'fault', configuredAs: null });
    expect(status.roleReason).toContain('push one from the console');
    expect(changesOf(test)).toEqual([]);
    expect(status.services).toMatchObject([{ service: '-t 192.0.2.99:25', owned: false }]);
  });

  it('waits for its address and then takes part', async () => {
    const test = await startTestRouter(exampleText().replace('192.0.2.11\n', '192.0.2.15\n'));
    expect(test.pulse.fault).toContain('neither the primary');
    test.kernel.addresses.push({ address: '192.0.2.15', prefix: 24, device: 'eth0' });
    await test.pass(1100);
    expect(test.pulse.fault).toBeNull();
    expect(test.pulse.configured).toHaveLength(1);
  });
});

describe('drift', () => {
  it('a flushed table is back within two seconds, and an event says what was missing', async () => {
    const test = await activeRouter();
    test.kernel.table = { services: [] };
    await test.pass(1500);
    expect(shownTable(test.kernel)).toEqual(webTable);
    expect(test.events('drift-repaired').join()).toContain('the service -t 192.0.2.100:80 was missing');
  });

  it('a weight that somebody changed is put right', async () => {
    const test = await activeRouter();
    test.kernel.ipvsadm('-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 77');
    await test.pass(1500);
    expect(changesOf(test)).toEqual(['-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1']);
    expect(test.events('drift-repaired').join()).toContain('was 77 instead of 1');
  });

  it('a VIP that somebody removed is put on and announced again', async () => {
    const test = await activeRouter();
    test.kernel.addresses = test.kernel.addresses.filter(({ address }) => address !== '192.0.2.100');
    test.kernel.programs.splice(0);
    await test.pass(1500);
    expect(test.kernel.addresses.map(({ address }) => address)).toContain('192.0.2.100');
    expect(test.events('drift-repaired').join()).toContain('192.0.2.100/32 eth0 was missing');
    expect(test.kernel.programs.filter((line) => line.startsWith('arping')).join()).toContain('192.0.2.100');
  });

  it('a VIP that somebody put on a standby router is taken off', async () => {
    const test = await startTestRouter(exampleText());
    test.kernel.addresses.push({ address: '192.0.2.100', prefix: 32, device: 'eth0' });
    await test.pass(1500);
    expect(test.kernel.addresses.map(({ address }) => address)).not.toContain('192.0.2.100');
  });

  it('services of others are reported and left alone', async () => {
    const test = await activeRouter();
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr');
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
    const { services } = await statusOf(test.agent.router);
    expect(services.map(({ service, owned }) => [service, owned])).toEqual([
      ['-t 192.0.2.100:80', true],
      ['-t 192.0.2.99:25', false],
    ]);
  });

  it('a change of health is no drift', async () => {
    const test = await activeRouter();
    test.nanny.weights.set('web/rs1', null);
    test.nanny.notify();
    await test.pass(3000);
    expect(changesOf(test)).toEqual(['-d -t 192.0.2.100:80 -r 10.11.12.21:80']);
    expect(test.events('drift-repaired')).toEqual([]);
  });

  it('a file edited by hand is reported once, and taken in by a reload only', async () => {
    const test = await activeRouter();
    writeFileSync(test.configPath, exampleText({ serial: 9, servers: threeServers }));
    await test.pass(1100);
    await expect.poll(() => test.events('file-changed').length).toBe(1);
    expect(test.agent.router.running?.serial).toBe(1);
    expect(changesOf(test)).toEqual([]);
    await test.agent.reload();
    expect(test.agent.router.running?.serial).toBe(9);
    expect(changesOf(test)).toEqual(['-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 3']);
  });
});

describe('roles', () => {
  it('becoming active puts on the VIPs and the NAT router address without starting a program, and announces them', async () => {
    const test = await startTestRouter(exampleText());
    await test.pass(600);
    changesOf(test);
    expect(test.kernel.programs.splice(0)).toContain('ip -batch - (ready)');
    await test.pulse.effects.becomeActive();
    expect(test.kernel.programs).toEqual([]);
    expect(changesOf(test)).toEqual([
      'ip addr add 10.11.12.254/24 broadcast 10.11.12.255 dev eth1 label eth1:1',
      'ip addr add 192.0.2.100/32 dev eth0 label eth0:1',
    ]);
    await test.pass(10);
    const announced = test.kernel.programs.filter((line) => line.startsWith('arping')).join('\n');
    expect(announced).toContain('-I eth0 -s 192.0.2.100 192.0.2.100');
    expect(announced).toContain('-I eth1 -s 10.11.12.254 10.11.12.254');
  });

  it('without a waiting ip it starts one', async () => {
    const test = await startTestRouter(exampleText());
    test.kernel.programs.splice(0);
    expect(await test.pulse.effects.becomeActive()).toBe(true);
    expect(test.kernel.programs[0]).toBe('ip -batch -');
  });

  it('nothing is announced after yielding', async () => {
    const test = await activeRouter();
    await test.pulse.effects.becomeStandby();
    test.kernel.programs.splice(0);
    await test.pass(200_000);
    expect(test.kernel.programs.filter((line) => line.startsWith('arping'))).toEqual([]);
    expect(test.kernel.addresses.map(({ address }) => address)).not.toContain('192.0.2.100');
  });

  it('a VIP that cannot be taken off is tried again until it is gone', async () => {
    const test = await activeRouter();
    test.kernel.refuse = {
      containing: 'addr del 192.0.2.100',
      message: 'RTNETLINK answers: Device or resource busy',
    };
    const releasing = test.pulse.effects.becomeStandby();
    await test.pass(1200);
    test.kernel.refuse = null;
    await test.pass(1200);
    await releasing;
    expect(test.kernel.addresses.map(({ address }) => address)).not.toContain('192.0.2.100');
  });

  it('an activation that fails is told to pulse, and tried again after a while', async () => {
    const test = await startTestRouter(exampleText());
    test.kernel.refuse = {
      containing: 'addr add 192.0.2.100',
      message: 'RTNETLINK answers: Operation not permitted',
    };
    expect(await test.pulse.effects.becomeActive()).toBe(false);
    expect(test.pulse.fault).toContain('Operation not permitted');
    await test.pass(7000);
    expect(test.pulse.fault).toBeNull();
    expect(test.kernel.addresses).toHaveLength(3);
  });

  it('with a backup and no cluster key the primary serves alone and says why', async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    expect(test.pulse.configured).toMatchObject([
      { config: { configuredAs: 'primary', hasBackup: false }, keys: 0 },
    ]);
    expect((await statusOf(test.agent.router)).problems.join()).toContain('no cluster key');
  });

  it('without a cluster key the backup stays standby', async () => {
    const text = exampleText({ backup: true }).replace('primary = 192.0.2.11', 'primary = 192.0.2.19');
    const test = await startTestRouter(text.replace('backup = 192.0.2.12', 'backup = 192.0.2.11'));
    expect(test.pulse.configured).toEqual([]);
    expect(await statusOf(test.agent.router)).toMatchObject({ role: 'standby', configuredAs: 'backup' });
  });

  it('a missing ip_forward with NAT is a fault that names its cure, and its end is told', async () => {
    const test = await startTestRouter(exampleText());
    test.kernel.forwards = false;
    await test.pass(6000);
    expect(test.pulse.fault).toContain('sysctl -w net.ipv4.ip_forward=1');
    test.kernel.forwards = true;
    await test.pass(6000);
    expect(test.pulse.fault).toBeNull();
  });

  it('the sync daemon follows the role', async () => {
    const test = await startTestRouter(exampleText({ extra: 'syncdaemon = 1\nsyncd_id = 7' }));
    await expect
      .poll(() => test.kernel.syncDaemons)
      .toEqual(['backup sync daemon (mcast=eth0, syncid=7, maxlen=1460)']);
    await test.pulse.effects.becomeActive();
    await expect
      .poll(() => test.kernel.syncDaemons)
      .toEqual(['master sync daemon (mcast=eth0, syncid=7, maxlen=1460)']);
  });
});

describe('the end', () => {
  it('by SIGTERM hands over, takes the VIPs off and leaves the table', async () => {
    const test = await activeRouter();
    const ended = test.agent.shutDown();
    await test.pass(100);
    await ended;
    expect(test.pulse.calls).toEqual(['stop', 'close']);
    expect(changesOf(test).sort()).toEqual([
      'ip addr del 10.11.12.254/24 dev eth1',
      'ip addr del 192.0.2.100/32 dev eth0',
    ]);
    expect(shownTable(test.kernel)).toEqual(webTable);
  });

  it('by SIGUSR2 leaves everything in place', async () => {
    const test = await activeRouter();
    await test.agent.leave();
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
    expect(test.pulse.calls).toEqual(['close']);
  });
});

it('keeps drains over a restart', async () => {
  const test = await activeRouter();
  const { handlers } = await import('./handlers.ts');
  const params = { virtualServer: 'web', realServer: 'rs1' };
  await handlers['server.drain'](test.agent.router, params, { subscribe() {} });
  await test.pass(10);
  expect(changesOf(test)).toEqual(['-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 0']);
  test.kill();
  const next = await test.restart();
  await next.pass(10);
  expect(changesOf(next)).toEqual([]);
  expect(JSON.parse(readFileSync(join(test.folder, 'state', 'state.json'), 'utf8')).drains).toEqual([params]);
});
