import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, startTestRouter } from './test-router.ts';
import { activeRouter, changesOf, push, threeServers, webTable } from './test-steps.ts';

afterEach(cleanUp);

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

  it('takes away the files that the killed agent had begun to write', async () => {
    const test = await activeRouter();
    test.kill();
    const { pid: dead = 0 } = spawnSync('true');
    const half = ['', 'state', join('state', 'configurations')].map((folder) => join(test.folder, folder));
    for (const folder of half) writeFileSync(join(folder, `.lvs.cf.${dead}.new`), 'virtual {{{');
    const next = await test.restart();
    await next.pass(2000);
    expect(half.flatMap((folder) => readdirSync(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
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

  it('services of others are reported within two seconds, once, and left alone', async () => {
    const test = await activeRouter();
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr');
    await test.pass(2000);
    expect(test.events('foreign-service').join()).toContain('-t 192.0.2.99:25');
    await test.pass(20_000);
    expect(test.events('foreign-service')).toHaveLength(1);
    expect(changesOf(test)).toEqual([]);
    const { services } = await statusOf(test.agent.router);
    expect(services.map(({ service, owned }) => [service, owned])).toEqual([
      ['-t 192.0.2.100:80', true],
      ['-t 192.0.2.99:25', false],
    ]);
  });

  it('of a persistent service the kernel prints ticks: nothing is read by a program, others are reported, a change is repaired', async () => {
    const text = exampleText().replace('  port = 80\n', '  port = 80\n  persistent = 60\n');
    const test = await activeRouter(text);
    const persistent = async () => (await statusOf(test.agent.router)).services[0]?.persistence;
    expect(await persistent()).toBe(60);
    await test.pass(2000);
    const before = test.kernel.programs.length;
    await test.pass(20_000);
    expect(test.kernel.programs.slice(before).filter((line) => line.startsWith('ipvsadm'))).toEqual([]);
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr -p 300');
    await test.pass(2000);
    expect(test.events('foreign-service').join()).toContain('-t 192.0.2.99:25');
    expect((await statusOf(test.agent.router)).services[1]?.persistence).toBe(300);
    test.kernel.ipvsadm('-E -t 192.0.2.100:80 -s wrr -p 30');
    await test.pass(2000);
    expect(test.events('drift-repaired')).toEqual([
      expect.stringContaining('the persistence of -t 192.0.2.100:80 was 30 instead of 60'),
    ]);
    expect(await persistent()).toBe(60);
  });

  it('services of others go within two seconds when the configuration says so', async () => {
    const test = await activeRouter(exampleText({ extra: '#@ foreign = remove' }));
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr', '-A -f 7 -6 -s rr');
    await test.pass(2000);
    expect(changesOf(test)).toEqual(['-D -f 7 -6', '-D -t 192.0.2.99:25']);
    expect(test.events('drift-repaired').join()).toContain('the service -t 192.0.2.99:25 had been added');
  });

  it('a push that lets nothing foreign stay shows its removal first, and failing gives it back', async () => {
    const test = await activeRouter();
    test.kernel.ipvsadm('-A -t 192.0.2.99:25 -s rr', '-a -t 192.0.2.99:25 -r 10.11.12.29:25 -m -w 5');
    const before = shownTable(test.kernel);
    const text = exampleText({ serial: 2, extra: '#@ foreign = remove', vip: '192.0.2.105' });
    const dry = await push(test, text, { dryRun: true });
    expect(dry.commands).toContain('-D -t 192.0.2.99:25');
    test.kernel.refuse = { containing: 'addr add 192.0.2.105', message: 'Cannot find device "eth0"' };
    expect(await push(test, text)).toMatchObject({ applied: false });
    expect(shownTable(test.kernel)).toEqual(before);
    test.kernel.refuse = null;
    expect(await push(test, text)).toMatchObject({ applied: true });
    expect(shownTable(test.kernel).filter((line) => line.startsWith('-A'))).toEqual([
      '-A -t 192.0.2.105:80 -s wrr',
    ]);
  });

  it('what /proc does not show is put right within two seconds where it is used', async () => {
    const hidden = [
      '#@ virtual hash {\n#@ active = 1\n#@ address = 192.0.2.110 eth0\n#@ scheduler = mh\n#@ hash_port = 1\n#@ }',
      '#@ virtual dns {\n#@ active = 1\n#@ address = 192.0.2.111 eth0\n#@ protocol = udp\n#@ one_packet = 1',
      '#@ server a {\n#@ active = 1\n#@ address = 10.11.12.21\n#@ forwarding = tunnel\n#@ tunnel_type = gre\n#@ }\n#@ }',
    ];
    const test = await activeRouter(exampleText({ virtuals: hidden.join('\n') }));
    const whole = shownTable(test.kernel);
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
    const edits = [
      '-E -t 192.0.2.110:80 -s mh',
      '-E -u 192.0.2.111:80 -s wlc',
      '-e -u 192.0.2.111:80 -r 10.11.12.21:80 -i -w 1',
    ];
    for (const edit of edits) {
      test.kernel.ipvsadm(edit);
      await test.pass(2000);
      expect(shownTable(test.kernel), edit).toEqual(whole);
    }
    expect(test.events('drift-repaired')).toHaveLength(edits.length);
    await test.pass(20_000);
    expect(changesOf(test)).toHaveLength(edits.length);
  });

  it('an IPv6 service, weight and VIP come back as those of IPv4 do', async () => {
    const six = '#@ virtual six {\n#@ active = 1\n#@ address = 2001:db8::100 eth0\n#@ vip_nmask = /64';
    const server = '#@ server a {\n#@ active = 1\n#@ address = 2001:db8::21\n#@ }\n#@ }';
    const test = await activeRouter(exampleText({ virtuals: `${six}\n${server}` }));
    const whole = shownTable(test.kernel);
    test.kernel.ipvsadm('-e -t [2001:db8::100]:80 -r [2001:db8::21]:80 -m -w 9');
    test.kernel.addresses = test.kernel.addresses.filter(({ address }) => address !== '2001:db8::100');
    await test.pass(1500);
    expect(shownTable(test.kernel)).toEqual(whole);
    expect(changesOf(test)).toContain('ip addr add 2001:db8::100/64 dev eth0 nodad');
    test.kernel.ipvsadm('-D -t [2001:db8::100]:80');
    await test.pass(1500);
    expect(shownTable(test.kernel)).toEqual(whole);
  });

  it('connection thresholds are kept, and come back when somebody takes them away', async () => {
    const limited = exampleText().replace(
      'address = 10.11.12.21',
      'address = 10.11.12.21\n    #@ upper_threshold = 100\n    #@ lower_threshold = 50',
    );
    const test = await activeRouter(limited);
    const line = '-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1 -x 100 -y 50';
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
    test.kernel.ipvsadm('-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1');
    await test.pass(2000);
    expect(changesOf(test)).toEqual([line]);
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
  });

  it('a firewall mark for IPv6 beside one for IPv4 is as it was left', async () => {
    const mark = (name: string, address: string): string =>
      `#@ virtual ${name} {\n#@ active = 1\n#@ fwmark = 8\n#@ address = ${address} eth0\n#@ }`;
    const virtuals = [mark('six', '2001:db8::100'), mark('four', '192.0.2.120')].join('\n');
    const test = await activeRouter(exampleText({ virtuals }));
    expect(shownTable(test.kernel)).toEqual(expect.arrayContaining(['-A -f 8 -s wlc', '-A -f 8 -6 -s wlc']));
    await test.pass(20_000);
    expect(changesOf(test)).toEqual([]);
  });

  it('a change of health is no drift', async () => {
    const test = await activeRouter();
    test.nanny.weights.set('web/rs1', null);
    test.kernel.programs.splice(0);
    test.nanny.notify();
    await test.pass(250);
    expect(test.kernel.programs, 'the table is not read on the way').toEqual(['ipvsadm -R']);
    await test.pass(3000);
    expect(changesOf(test)).toEqual(['-d -t 192.0.2.100:80 -r 10.11.12.21:80']);
    expect(test.events('drift-repaired')).toEqual([]);
  });

  it('a change of health in a table that somebody flushed brings back the whole', async () => {
    const test = await activeRouter();
    test.kernel.table = { services: [] };
    test.nanny.weights.set('web/rs1', 7);
    test.nanny.notify();
    await test.pass(250);
    expect(shownTable(test.kernel)).toEqual(
      webTable.map((line) => line.replace('21:80 -m -w 1', '21:80 -m -w 7')),
    );
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
