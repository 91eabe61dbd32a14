/** Programs of administrators that follow the role: active_cmd, inactive_cmd, failover services. */
import { afterEach, describe, expect, it } from 'vitest';
import { statusOf } from './status.ts';
import { cleanUp, exampleText, startTestRouter, type TestRouter } from './test-router.ts';
import { push } from './test-steps.ts';

afterEach(cleanUp);

/** Programs that are not the agent's own tools, in order, since `forget`. */
const ran = (test: TestRouter): string[] =>
  test.kernel.programs.filter((line) => line.startsWith('/') || line.startsWith('sh '));
const forget = (test: TestRouter): void => void test.kernel.programs.splice(0);

/** All has been run by now: an agent that follows this one and is active again runs nothing. */
async function expectNothingMore(test: TestRouter): Promise<void> {
  await expect.poll(() => test.agent.router.state.current.activeTold).toBe(true);
  test.kill();
  forget(test);
  const last = await test.restart();
  await last.pulse.effects.becomeActive();
  await last.pass(1000);
  expect(ran(last), 'it runs already').toEqual([]);
}

describe('active_cmd and inactive_cmd', () => {
  const extra = 'active_cmd = "/usr/local/bin/on --role active $HOME;x"\ninactive_cmd = "/usr/local/bin/off"';

  it('run after the change of role and at the start of a standby, from an argument vector: nothing in them is special', async () => {
    const test = await startTestRouter(exampleText({ extra }));
    await expect.poll(() => ran(test)).toEqual(['/usr/local/bin/off']);
    forget(test);
    await test.pulse.effects.becomeActive();
    await expect.poll(() => ran(test)).toEqual(['/usr/local/bin/on --role active $HOME;x']);
    forget(test);
    await test.pulse.effects.becomeStandby(false);
    await expect.poll(() => ran(test)).toEqual(['/usr/local/bin/off']);
  });

  it('are not run by a restart of the agent on an active router', async () => {
    const test = await startTestRouter(exampleText({ extra }));
    await test.pulse.effects.becomeActive();
    await expect.poll(() => ran(test)).toHaveLength(2);
    await expect.poll(() => test.agent.router.state.current.activeTold).toBe(true);
    forget(test);
    test.kill();
    const next = await test.restart();
    await next.pulse.effects.becomeActive();
    await next.pass(1000);
    expect(ran(next)).toEqual([]);
  });

  it('active_cmd is run by the next agent when the one before was killed between the VIPs and it, and only once', async () => {
    const test = await startTestRouter(exampleText({ extra: `${extra}\nsyncdaemon = 1` }));
    await expect.poll(() => test.kernel.syncDaemons.join()).toContain('backup');
    forget(test);
    // The sync daemon comes before it.
    test.kernel.hanging.add('ipvsadm');
    await test.pulse.effects.becomeActive();
    await expect.poll(() => test.kernel.programs).toContain('ipvsadm -L --daemon');
    test.kill();
    test.kernel.hanging.clear();
    expect(ran(test)).toEqual([]);
    const next = await test.restart();
    await next.pulse.effects.becomeActive();
    await expect.poll(() => ran(next)).toEqual(['/usr/local/bin/on --role active $HOME;x']);
    await expectNothingMore(next);
  });

  it('do not delay the role, and a failure is told and changes nothing', async () => {
    const test = await startTestRouter(exampleText({ extra }));
    test.kernel.failing.set('/usr/local/bin/on', 7);
    expect(await test.pulse.effects.becomeActive()).toBe(true);
    await expect.poll(() => test.events('command-failed').join()).toContain('ended with code 7');
    expect(test.pulse.fault).toBeNull();
  });

  it('without an absolute path are refused in words', async () => {
    const test = await startTestRouter(exampleText({ extra: 'active_cmd = "on now"' }));
    await test.pulse.effects.becomeActive();
    await expect.poll(() => test.events('command-failed').join()).toContain('absolute path');
    expect(ran(test)).toEqual([]);
  });
});

describe('service = fos', () => {
  const block = (name: string, vip: string, active = 1): string =>
    [
      `failover ${name} {`,
      `  active = ${active}`,
      `  address = ${vip} eth0:1`,
      '  port = 25',
      `  start_cmd = "/etc/init.d/${name} start"`,
      `  stop_cmd = "/etc/init.d/${name} stop"`,
      '}',
    ].join('\n');
  const fos = (...blocks: string[]): string =>
    exampleText({ virtuals: blocks.join('\n') }).replace('service = lvs', 'service = fos');
  const addresses = (test: TestRouter) =>
    test.kernel.addresses.map(({ address }) => address).filter((address) => address.startsWith('192.0.2.1'));

  it('the active router holds the VIPs of the failover services and runs them; virtual servers are not served', async () => {
    const test = await startTestRouter(fos(block('mail', '192.0.2.110'), block('old', '192.0.2.111', 0)));
    await expect.poll(() => ran(test)).toEqual(['/etc/init.d/mail stop']);
    forget(test);
    await test.pulse.effects.becomeActive();
    await expect.poll(() => ran(test)).toEqual(['/etc/init.d/mail start']);
    forget(test);
    expect(addresses(test)).toEqual(['192.0.2.11', '192.0.2.110']);
    expect(test.kernel.table.services).toEqual([]);
    expect(test.pulse.configured.at(-1)?.config.service).toBe('fos');
    await test.pulse.effects.becomeStandby(false);
    expect(ran(test)).toEqual(['/etc/init.d/mail stop']);
    expect(addresses(test)).toEqual(['192.0.2.11']);
  });

  it('needs neither IPVS nor forwarding; only a push with virtual servers is refused there', async () => {
    const first = await startTestRouter();
    first.kernel.hasIpvs = false;
    first.kernel.forwards = false;
    expect(await push(first, fos(block('mail', '192.0.2.110')))).toMatchObject({ applied: true });
    first.kill();
    const test = await first.restart();
    await test.pass(10_000);
    expect((await statusOf(test.agent.router)).problems).toEqual([]);
    expect(test.pulse.fault).toBeNull();
    await test.pulse.effects.becomeActive();
    expect(addresses(test)).toEqual(['192.0.2.11', '192.0.2.110']);
    const next = fos(block('mail', '192.0.2.110'), block('news', '192.0.2.111'));
    expect(await push(test, next)).toMatchObject({ applied: true, commands: [] });
    expect(test.kernel.programs.filter((line) => line.startsWith('ipvsadm'))).toEqual([]);
    test.kernel.forwards = true;
    const lvs = await push(test, exampleText({ serial: 2 }));
    expect(lvs).toMatchObject({ applied: false, failure: expect.stringContaining("Can't initialize ipvs") });
  });

  it('an agent that was killed before all services had started: the next one starts them', async () => {
    const text = fos(block('mail', '192.0.2.110'), block('news', '192.0.2.111'));
    const test = await startTestRouter(text);
    await expect.poll(() => ran(test)).toHaveLength(2);
    forget(test);
    test.kernel.hanging.add('/etc/init.d/mail');
    await test.pulse.effects.becomeActive();
    await expect.poll(() => ran(test)).toEqual(['/etc/init.d/mail start']);
    test.kill();
    test.kernel.hanging.clear();
    forget(test);
    const next = await test.restart();
    await expect.poll(() => ran(next)).toEqual(['/etc/init.d/mail start', '/etc/init.d/news start']);
    await next.pulse.effects.becomeActive();
    await expectNothingMore(next);
  });

  it('an agent that was killed while it stopped services: the next one, active again, starts them', async () => {
    const test = await startTestRouter(fos(block('mail', '192.0.2.110')));
    await test.pulse.effects.becomeActive();
    await expect.poll(() => test.agent.router.state.current.activeTold).toBe(true);
    // The VIP is still there when the service has ended.
    test.kernel.refuse = { containing: 'addr del', message: 'RTNETLINK answers: Device or resource busy' };
    void test.pulse.effects.becomeStandby(false);
    await expect.poll(() => ran(test).at(-1)).toBe('/etc/init.d/mail stop');
    await expect.poll(() => test.agent.router.state.current.activeTold).toBe(false);
    test.kill();
    test.kernel.refuse = null;
    forget(test);
    const next = await test.restart();
    await expect.poll(() => ran(next)).toEqual(['/etc/init.d/mail start']);
  });

  it('a push starts what is new and stops what is gone, and leaves the rest alone', async () => {
    const test = await startTestRouter(fos(block('mail', '192.0.2.110'), block('news', '192.0.2.111')));
    await test.pulse.effects.becomeActive();
    await expect.poll(() => ran(test).at(-1)).toBe('/etc/init.d/news start');
    forget(test);
    const next = fos(block('mail', '192.0.2.110'), block('irc', '192.0.2.112'));
    await push(test, next.replace('serial_no = 1', 'serial_no = 2'));
    await expect.poll(() => ran(test)).toEqual(['/etc/init.d/news stop', '/etc/init.d/irc start']);
    expect(addresses(test)).toEqual(['192.0.2.11', '192.0.2.110', '192.0.2.112']);
  });

  it('active_cmd and the sync daemon count for virtual servers only, as in Piranha', async () => {
    const global = 'active_cmd = /usr/local/bin/on\nsyncdaemon = 1';
    const text = fos(block('mail', '192.0.2.110')).replace('service = fos', `service = fos\n${global}`);
    const test = await startTestRouter(text);
    await test.pulse.effects.becomeActive();
    await expect.poll(() => ran(test).at(-1)).toBe('/etc/init.d/mail start');
    await test.pass(1000);
    expect(test.kernel.programs.join()).not.toMatch(/local.bin.on|--start-daemon/);
  });

  it('a service that does not start is told, and the VIP stays', async () => {
    const test = await startTestRouter(fos(block('mail', '192.0.2.110')));
    test.kernel.failing.set('/etc/init.d/mail', 1);
    await test.pulse.effects.becomeActive();
    await expect
      .poll(async () => (await statusOf(test.agent.router)).problems.join())
      .toContain('mail did not start');
    expect(test.pulse.fault).toBeNull();
    expect(addresses(test)).toContain('192.0.2.110');
  });
});
