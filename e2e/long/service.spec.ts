/** The service under a real systemd: what the unit promises when it is restarted, killed, hangs, or is stopped. */
import { withQuickReturn } from '#e2e/cluster/by-hand.ts';
import { builtPackages, installDebian } from '#e2e/cluster/packages.ts';
import { settle } from '#e2e/cluster/settle.ts';
import { type MoreVirtual, runningText, withVirtuals } from '#e2e/cluster/virtual-servers.ts';
import { LOST_AFTER_MS, withoutTrace } from '#e2e/cluster/without-trace.ts';
import { untilRole, watchVip } from '#e2e/cluster/witness.ts';
import { labAddress, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import { Service, startSystemd } from '#e2e/lab/systemd.ts';
import { expect, test } from '../fixtures.ts';

/** In place of the unit's 30 s, so that the test of it takes less. */
const WATCHDOG_SECONDS = 12;
const PERIOD = `[Service]\nWatchdogSec=${WATCHDOG_SECONDS}\n`;

/** What docs/routers.md promises, by the kernel's numbers. */
const capabilities = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  NET_BIND_SERVICE: 10,
  NET_ADMIN: 12,
  NET_RAW: 13,
};

let giveBack: (() => Promise<void>) | null = null;

// r1 is handed over to systemd once, and is what it was before after the last test.
test.beforeAll(async ({ lab }) => {
  test.setTimeout(600_000);
  await settle(lab);
  giveBack = await withQuickReturn(lab);
  const { r1 } = lab;
  await r1.keepDisk();
  await startSystemd(r1);
  await r1.agent.stop();
  const said = await installDebian(r1, builtPackages().debian);
  // There is an lvs.cf: something else may still balance.
  expect(said).toContain('The agent does not run. Start it, now and at every boot');
  expect(await new Service(r1).property('ActiveState')).toBe('inactive');
  await r1.writeFile('/etc/systemd/system/shoal-agent.service.d/test.conf', PERIOD);
  await r1.on(['systemctl', 'daemon-reload']);
  await r1.on(['systemctl', 'enable', '--now', 'shoal-agent'], { timeoutMs: 180_000 });
  await untilRole(r1, 'active');
});

test.afterAll(async ({ lab }) => {
  test.setTimeout(600_000);
  await lab.r1.restoreDisk();
  await settle(lab);
  await giveBack?.();
});

test('the unit is active when the agent serves, says its role, and has eight capabilities and three folders to write to', async ({
  rested: { r1 },
}) => {
  const service = new Service(r1);
  expect(await service.property('ActiveState')).toBe('active');
  // Said with each sign of life.
  await until('the status to say the role', async () =>
    /^active, serial \d+$/.test(await service.property('StatusText')),
  );
  expect(await r1.on(['systemctl', 'is-enabled', 'shoal-agent'])).toBe('enabled\n');
  const pid = await service.mainPid();
  const about = await r1.readFile(`/proc/${pid}/status`);
  const held = Number.parseInt(/^CapEff:\s+(\S+)/m.exec(about)?.[1] ?? '', 16);
  const numbers = Object.values(capabilities);
  expect(held).toBe(numbers.reduce((sum, number) => sum + 2 ** number, 0));
  expect(about).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(about).toMatch(/^Seccomp:\s+2$/m);
  const canWrite = async (folder: string): Promise<boolean> => {
    const script = 't="$1/.lab-$$" && : >"$t" && rm "$t"';
    return (await r1.ssh(['nsenter', '-t', String(pid), '-m', 'sh', '-c', script, 'sh', folder])).code === 0;
  };
  for (const folder of ['/etc/sysconfig/ha', '/var/lib/shoal', '/run/shoal', '/tmp']) {
    expect(await canWrite(folder), folder).toBe(true);
  }
  for (const folder of ['/etc', '/usr/lib/shoal', '/var/lib', '/root', '/run']) {
    expect(await canWrite(folder), folder).toBe(false);
  }
});

/** What takes the kernel, a packet of its own, or another program to do; `web` of the example is there besides. */
const demanding: readonly MoreVirtual[] = [
  {
    name: 'marked',
    lines: ['address = 192.0.2.124 eth0', 'fwmark = 9', 'mark_ports = [ tcp/8443 ]', 'check = none'],
    servers: [{ name: 'rs1', address: '10.11.12.21' }],
  },
  {
    name: 'labelled',
    lines: ['address = 192.0.2.125 eth0:5', 'check = none', 'scheduler = mh'],
    servers: [{ name: 'rs1', address: '10.11.12.21' }],
  },
  {
    name: 'six',
    lines: ['address = 2001:db8::126 eth0', 'check = none'],
    servers: [{ name: 'rs1', address: '2001:db8::21', lines: ['forwarding = direct'] }],
  },
  {
    name: 'asNobody',
    lines: [
      'address = 192.0.2.127 eth0',
      'check = script',
      'send_program = "/usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups /usr/bin/id -u"',
      'expect = "65534"',
    ],
    servers: [{ name: 'rs1', address: '10.11.12.21' }],
  },
  {
    name: 'hurried',
    lines: [
      'address = 192.0.2.128 eth0',
      'check = script',
      'send_program = "/usr/bin/nice -n -40 /usr/bin/nice"',
      'expect = "-20"',
    ],
    servers: [{ name: 'rs1', address: '10.11.12.21' }],
  },
];

test('what a configuration can ask of a router works within these privileges, and nothing is complained of', async ({
  rested: { r1 },
}) => {
  const service = new Service(r1);
  // What a program or the kernel says when it is not let do something.
  const complaints = async () =>
    (await service.journal('-p', 'warning'))
      .map(({ MESSAGE }) => MESSAGE)
      .filter((text) => /permitted|denied|read-only|E(PERM|ACCES|ROFS)|failed/i.test(text));
  const [before, problems] = [await complaints(), (await r1.agent.status()).problems];
  const top = ['syncdaemon = 1', 'tcp_timeout = 700', 'monitor_links = 1', `#@ gateway = ${labAddress}`];
  await withVirtuals(r1, { virtuals: demanding, top }, async () => {
    expect(await r1.on(['ipvsadm', '-L', '--daemon'])).toMatch(/^(?!backup)\w+ sync daemon/m);
    expect(await r1.on(['ipvsadm', '-L', '--timeout'])).toContain(': 700 ');
    expect(await r1.on(['nft', 'list', 'table', 'inet', 'shoal'])).toMatch(/8443.*mark set/);
    expect(await r1.addresses('eth0')).toEqual(expect.arrayContaining(['192.0.2.124', '192.0.2.125']));
    expect(await r1.on(['ip', '-6', '-o', 'addr', 'show', 'dev', 'eth0'])).toContain('2001:db8::126/');
    expect((await r1.routingTable()).join('\n')).toContain('-s mh');
    const { role, problems: now } = await r1.agent.status();
    expect({ role, problems: now }).toEqual({ role: 'active', problems });
  });
  expect(await complaints()).toEqual(before);
});

test('systemctl restart: another agent, no request lost, no failover', async ({ rested: lab }) => {
  const service = new Service(lab.r1);
  const pid = await service.mainPid();
  await withoutTrace(lab, async () => {
    await service.control('restart');
    expect(await service.mainPid()).not.toBe(pid);
  });
});

test('kill -9: systemd starts the agent again, and no request is lost', async ({ rested: lab }) => {
  const service = new Service(lab.r1);
  const [pid, restarts] = [await service.mainPid(), Number(await service.property('NRestarts'))];
  await withoutTrace(lab, async () => {
    await service.signal('KILL');
    await service.untilAnother(pid);
  });
  expect(Number(await service.property('NRestarts'))).toBe(restarts + 1);
});

test('an agent that hangs is ended by the watchdog and started again, and no request is lost', async ({
  rested: lab,
}) => {
  const service = new Service(lab.r1);
  const pid = await service.mainPid();
  await withoutTrace(lab, async () => {
    await service.signal('STOP');
    await service.untilAnother(pid);
  });
  const told = await service.journal('-n', '100');
  expect(told.map(({ MESSAGE }) => MESSAGE).join('\n')).toMatch(/Watchdog timeout/);
});

test('an agent that lives is left alone by the watchdog', async ({ rested: { r1 } }) => {
  const service = new Service(r1);
  const pid = await service.mainPid();
  const { uptimeSeconds: from } = await r1.agent.status();
  await until(
    'three periods of the watchdog to pass',
    async () => (await r1.agent.status()).uptimeSeconds - from > 3 * WATCHDOG_SECONDS,
    { timeoutMs: 180_000, everyMs: 1000 },
  );
  expect(await service.mainPid()).toBe(pid);
});

test('the journal holds lines of fields with their priority; the log level is changed while the agent runs', async ({
  rested: { r1 },
}) => {
  const service = new Service(r1);
  await service.control('restart');
  const lines = await service.journal('-t', 'shoal-agent');
  const started = lines.find(({ MESSAGE }) => MESSAGE.startsWith('event=agent-started '));
  expect(started).toMatchObject({
    MESSAGE: expect.stringMatching(/^event=agent-started sequence=\d+ message="[^"]+"$/),
    PRIORITY: '6',
    _SYSTEMD_UNIT: 'shoal-agent.service',
  });
  const odd = lines.filter(({ MESSAGE }) => !/^event=[\w-]+( [\w-]+=("([^"\\]|\\.)*"|\S+))*$/.test(MESSAGE));
  expect(odd.map(({ MESSAGE }) => MESSAGE)).toEqual([]);

  const details = async () => (await service.journal('-t', 'shoal-agent', '-p', '7..7')).length;
  // The agent of a router at rest may have nothing to tell for a minute: this one runs a program.
  const text = await runningText(r1);
  const makeWork = () => r1.agent.rpc.request('config.apply', { text, dryRun: true });
  const none = await details();
  expect((await r1.agent.shoalctl(['log-level', 'debug'])).code).toBe(0);
  await makeWork();
  await until('lines of priority debug', async () => (await details()) > none);
  expect((await r1.agent.shoalctl(['log-level', 'warning'])).stdout).toBe('warning\n');
  const then = await details();
  await makeWork();
  expect((await r1.agent.shoalctl(['log-level'])).stdout).toBe('warning\n');
  expect(await details()).toBe(then);
  await service.signal('USR1');
  await until('the level debug', async () => (await r1.agent.shoalctl(['log-level'])).stdout === 'debug\n');
  await makeWork();
  await until('lines of priority debug after SIGUSR1', async () => (await details()) > then);
  await service.signal('USR1');
  await until('the usual level', async () => (await r1.agent.shoalctl(['log-level'])).stdout === 'info\n');
});

test('systemctl stop hands over first: when it returns the VIP is the partner’s, and the agent stays away', async ({
  rested: lab,
}) => {
  const { r1, r2 } = lab;
  const service = new Service(r1);
  const seen = await watchVip(lab, LOST_AFTER_MS);
  const from = performance.now();
  await service.control('stop');
  const tookMs = performance.now() - from;
  expect(await r1.addresses('eth0')).not.toContain(vip);
  expect((await r2.agent.status()).role).toBe('active');
  await seen.ownedBy(r2);
  const { report } = await seen.stop();
  // Not the deadtime, which is 30 s here.
  expect(report.longestGapMs).toBeLessThan(LOST_AFTER_MS);
  expect(tookMs).toBeLessThan(20_000);
  expect(await service.property('ActiveState')).toBe('inactive');
  expect(await service.property('Result')).toBe('success');
  await service.control('start');
  await untilRole(r1, 'active');
});

test('the end of the machine hands over first', async ({ rested: lab }) => {
  const { r1, r2 } = lab;
  const seen = await watchVip(lab, LOST_AFTER_MS);
  await r1.on(['systemctl', 'poweroff', '--no-block']);
  await untilRole(r2, 'active');
  expect((await r2.agent.status()).roleReason).toContain('primary stopped');
  await seen.ownedBy(r2);
  expect((await seen.stop()).report.longestGapMs).toBeLessThan(LOST_AFTER_MS);
  await until('r1 to be off', () => !r1.isRunning(), { timeoutMs: 120_000 });
});
