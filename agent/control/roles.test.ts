import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shownTable } from '../dataplane/fake-kernel.ts';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, startTestRouter } from './test-router.ts';
import { activeRouter, changesOf, webTable } from './test-steps.ts';

afterEach(cleanUp);

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
    await test.pass(1010);
    const announced = test.kernel.programs.filter((line) => line.startsWith('arping')).join('\n');
    expect(announced).toContain('-I eth0 -s 192.0.2.100 192.0.2.100');
    expect(announced).toContain('-I eth1 -s 10.11.12.254 10.11.12.254');
  });

  it('a standby rehearses the takeover: no program, no announcement, no address, no event comes of it', async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    await test.pass(600);
    const said = vi.spyOn(test.agent.router.host, 'sendFirstWord');
    const { programs, addresses } = test.kernel;
    const [standing, before] = [[...addresses], test.log.recent(1000).length];
    programs.splice(0);
    await test.pass(11_000);
    // Two addresses each time.
    expect(said.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(programs.filter((program) => !program.startsWith('ipvsadm'))).toEqual([]);
    expect(said.mock.calls.filter(([{ from, to }]) => from !== '127.0.0.1' || to !== '127.0.0.1')).toEqual(
      [],
    );
    expect(test.kernel.addresses).toEqual(standing);
    expect(test.log.recent(1000)).toHaveLength(before);
    said.mockClear();
    await test.pulse.effects.becomeActive();
    await test.pass(11_000);
    expect(said).toHaveBeenCalled();
    expect(said.mock.calls.filter(([{ from }]) => from === '127.0.0.1')).toEqual([]);
  });

  it('a takeover that seemed near asks for nothing when it comes, unless an address was there or time has passed', async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    await test.pass(600);
    const looked = vi.spyOn(test.agent.router.host, 'localAddresses');
    test.pulse.effects.getReady();
    looked.mockClear();
    const becoming = test.pulse.effects.becomeActive();
    expect(looked).not.toHaveBeenCalled();
    expect(await becoming).toBe(true);
    expect(changesOf(test).filter((line) => line.startsWith('ip addr add'))).toHaveLength(2);

    const stale = await startTestRouter(exampleText({ backup: true }));
    await stale.pass(600);
    stale.pulse.effects.getReady();
    stale.kernel.addresses = [
      ...stale.kernel.addresses,
      { address: '192.0.2.100', prefix: 32, device: 'eth0' },
    ];
    await stale.pass(1100);
    expect(await stale.pulse.effects.becomeActive()).toBe(true);
    expect(stale.kernel.addresses.filter(({ address }) => address === '192.0.2.100')).toHaveLength(1);
  });

  it('without a waiting ip it starts one', async () => {
    const test = await startTestRouter(exampleText());
    test.kernel.programs.splice(0);
    expect(await test.pulse.effects.becomeActive()).toBe(true);
    expect(test.kernel.programs[0]).toBe('ip -batch -');
  });

  it('a takeover that is not wanted any more when its turn comes is not begun', async () => {
    const test = await startTestRouter(exampleText());
    await test.pass(600);
    test.kernel.programs.splice(0);
    changesOf(test);
    let isWanted = true;
    let end = (): void => {};
    const longTask = new Promise<void>((resolve) => {
      end = resolve;
    });
    const before = test.agent.router.queue.run(() => longTask);
    const taken = test.pulse.effects.becomeActive(() => isWanted);
    isWanted = false;
    end();
    await before;
    expect(await taken).toBe(false);
    expect(changesOf(test)).toEqual([]);
    expect(test.kernel.programs.filter((line) => !line.startsWith('ipvsadm'))).toEqual([]);
  });

  it('nothing is announced after yielding', async () => {
    const test = await activeRouter();
    await test.pulse.effects.becomeStandby(false);
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
    const releasing = test.pulse.effects.becomeStandby(false);
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

  it('with a backup and no cluster key pulse runs all the same, in both roles', async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    const config = { configuredAs: 'primary', hasBackup: true, service: 'lvs' };
    expect(test.pulse.configured).toMatchObject([{ config, keys: 0 }]);
    const text = exampleText({ backup: true }).replace('primary = 192.0.2.11', 'primary = 192.0.2.19');
    const other = await startTestRouter(text.replace('backup = 192.0.2.12', 'backup = 192.0.2.11'));
    expect(other.pulse.configured).toMatchObject([
      { config: { ...config, configuredAs: 'backup' }, keys: 0 },
    ]);
  });

  it("what pulse finds wrong with the pair stands among the router's problems", async () => {
    const test = await startTestRouter(exampleText({ backup: true }));
    test.pulse.problems.push('the partner has no key');
    expect((await statusOf(test.agent.router)).problems).toEqual(['the partner has no key']);
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

  it('with monitor_links a link that is down is a fault until it is back', async () => {
    const test = await startTestRouter(exampleText({ extra: 'monitor_links = 1' }));
    test.kernel.linksDown.add('eth0');
    await test.pass(500);
    expect(test.pulse.fault).toContain('link of eth0 is down');
    expect(test.pulse.isCutOff).toBe(true);
    expect((await statusOf(test.agent.router)).problems.join()).toContain('link of eth0 is down');
    test.kernel.linksDown.clear();
    await test.pass(500);
    expect(test.pulse).toMatchObject({ fault: null, isCutOff: false });
    expect(test.events('problem-solved').join()).toContain('link of eth0');
  });

  it('without monitor_links nobody looks at links', async () => {
    const test = await startTestRouter(exampleText());
    test.kernel.linksDown.add('eth0');
    await test.pass(1000);
    expect(test.pulse.fault).toBeNull();
  });

  it('a gateway that does not answer is a fault until it does', async () => {
    const test = await startTestRouter(exampleText({ extra: '#@ gateway = 192.0.2.1' }));
    await test.pass(2000);
    expect(test.pulse.fault).toBeNull();
    test.kernel.silent.add('192.0.2.1');
    await test.pass(4000);
    expect(test.pulse.fault).toContain('192.0.2.1 does not answer');
    test.kernel.silent.clear();
    await test.pass(3000);
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

it('keeps what pulse remembers over a restart', async () => {
  const test = await activeRouter();
  const memory = { pinned: true, proven: true };
  test.pulse.effects.remember(memory);
  const stateFile = join(test.folder, 'state', 'state.json');
  await expect.poll(() => JSON.parse(readFileSync(stateFile, 'utf8')).pulse).toEqual(memory);
  test.kill();
  const next = await test.restart();
  expect(next.pulse.configured).toMatchObject([{ adopted: true, memory }]);
});
