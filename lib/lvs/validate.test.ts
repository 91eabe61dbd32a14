import { describe, expect, test } from 'vitest';
import { hasErrors } from './diagnostics.ts';
import { formatConfig } from './format.ts';
import type { ClusterConfig } from './model.ts';
import { parseConfig } from './parse.ts';
import { whyNotName } from './quoting.ts';
import { checkText } from './report.ts';
import { validateConfig } from './validate.ts';

/** A configuration without a fault; each test changes a line or adds some. */
const sound = [
  'primary = 192.0.2.11',
  'primary_private = 10.11.12.1',
  'backup_active = 1',
  'backup = 192.0.2.12',
  'backup_private = 10.11.12.2',
  'keepalive = 2',
  'deadtime = 6',
  'network = nat',
  'nat_router = 10.11.12.254 eth1:1',
  'nat_nmask = 255.255.255.0',
];

const virtual = (name: string, ...lines: readonly string[]): string[] => [
  `virtual ${name} {`,
  ...(lines.some((line) => /^address = \S+ \S/.test(line)) ? [] : ['address = 192.0.2.100 eth0:1']),
  'active = 1',
  'vip_nmask = 255.255.255.0',
  ...lines,
  '}',
];

const server = (name: string, address: string | null, ...lines: readonly string[]): string[] => [
  `server ${name} {`,
  ...(address === null ? [] : [`address = ${address}`]),
  'active = 1',
  ...lines,
  '}',
];

const web = virtual('web', ...server('rs1', '10.11.12.21'));

/** `severity code path` of each fault. */
function faults(lines: readonly string[]): string[] {
  const { config, diagnostics } = parseConfig(lines.join('\n'));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return validateConfig(config).map(({ severity, code, path }) => `${severity} ${code} ${path?.join('.')}`);
}

/** The sound lines with some of them replaced by their first word. */
const withLines = (...changed: readonly string[]): string[] => {
  const wordOf = (line: string) => line.split(' ')[0];
  const words = changed.map(wordOf);
  return [...sound.filter((line) => !words.includes(wordOf(line))), ...changed];
};
const without = (word: string): string[] => sound.filter((line) => !line.startsWith(`${word} `));

test('a sound configuration has no fault', () => {
  expect(faults([...sound, ...web])).toEqual([]);
});

describe('routers', () => {
  test.each([
    ['primary without address', without('primary'), 'error primary-missing global.primaryAddress'],
    ['backup in use without address', without('backup'), 'error backup-missing global.backupAddress'],
    [
      'one address for both routers',
      withLines('backup = 192.0.2.11'),
      'error same-router-address global.backupAddress',
    ],
    [
      'one private address for both routers',
      withLines('backup_private = 10.11.12.1'),
      'error same-router-address global.backupPrivateAddress',
    ],
    [
      'a private address of the primary alone',
      without('backup_private'),
      'warning private-address-alone global.backupPrivateAddress',
    ],
    [
      'a private address of the backup alone',
      without('primary_private'),
      'warning private-address-alone global.primaryPrivateAddress',
    ],
    ['NAT without NAT router', without('nat_router'), 'error nat-router-missing global.natRouter'],
    [
      'deadtime equal to keepalive',
      withLines('deadtime = 2'),
      'error deadtime-not-above-keepalive global.deadtimeSeconds',
    ],
    [
      'deadtime below three keepalives',
      withLines('deadtime = 5'),
      'hint deadtime-short global.deadtimeSeconds',
    ],
    [
      'deadtime in ms against keepalive in s',
      [...sound, '#@ deadtime_ms = 1500'],
      'error deadtime-not-above-keepalive global.deadtimeMilliseconds',
    ],
    [
      'a host name for a router',
      withLines('primary = lb1.example.org'),
      'error host-name global.primaryAddress',
    ],
    [
      'a NAT router without device',
      withLines('nat_router = 10.11.12.254 ""'),
      'error device-missing global.natRouter',
    ],
    [
      'a netmask with holes',
      withLines('nat_nmask = 255.0.255.0'),
      'error odd-netmask global.natRouterNetmask',
    ],
    ['keepalive out of range', withLines('keepalive = 0'), 'error out-of-range global.keepaliveSeconds'],
    [
      'a heartbeat port out of range',
      [...sound, 'heartbeat_port = 70000'],
      'error out-of-range global.heartbeatPort',
    ],
    [
      'an obsolete directive',
      [...sound, 'primary_shared = /dev/sdb1'],
      'hint obsolete-directive global.primarySharedDevice',
    ],
    ['failover services', [...sound, 'service = fos'], 'warning failover-services-only global.serviceKind'],
  ])('%s', (_, lines, fault) => {
    const isIdle = fault.includes('failover-services-only');
    expect(faults([...lines, ...(isIdle ? [] : web)])).toEqual([fault]);
  });

  test('a lone primary router may have a private address', () => {
    const lone = sound.filter((line) => !line.startsWith('backup'));
    expect(faults([...lone, ...web])).toEqual([]);
  });
});

describe('virtual servers', () => {
  const rs1 = server('rs1', '10.11.12.21');
  test.each([
    [
      'without address',
      ['virtual web {', 'active = 1', ...rs1, '}'],
      'error vip-missing virtualServers.0.vip',
    ],
    [
      'with an address without device',
      virtual('web', 'address = 192.0.2.100 ""', ...rs1),
      'error device-missing virtualServers.0.vip',
    ],
    [
      'with a host name',
      virtual('web', 'address = www.example.org eth0:1', ...rs1),
      'error host-name virtualServers.0.vip',
    ],
    [
      'with the address of a router',
      virtual('web', 'address = 192.0.2.12 eth0:1', ...rs1),
      'error vip-in-use virtualServers.0.vip',
    ],
    [
      'with the address of a real server',
      virtual('web', 'address = 10.11.12.21 eth1:1', ...rs1),
      'error vip-in-use virtualServers.0.vip',
    ],
    [
      'outside the networks of the routers',
      virtual('web', 'address = 198.51.100.7 eth0:1', ...rs1),
      'warning vip-off-network virtualServers.0.vip',
    ],
    ['without active real server', virtual('web'), 'warning no-real-server virtualServers.0.enabled'],
    [
      'with one endpoint twice',
      virtual('web', ...rs1, ...server('rs2', '10.11.12.21')),
      'error duplicate-server virtualServers.0.servers.1.address',
    ],
    [
      'with a real server without address',
      virtual('web', ...rs1, ...server('rs2', null)),
      'error server-address-missing virtualServers.0.servers.1.address',
    ],
    [
      'with a real server by name',
      virtual('web', ...server('rs2', 'rs2.example.org')),
      'error host-name virtualServers.0.servers.0.address',
    ],
    [
      'with a weight of 0',
      virtual('web', ...server('rs2', '10.11.12.22', 'weight = 0')),
      'hint weight-zero virtualServers.0.servers.0.weight',
    ],
    [
      'with a weight out of range',
      virtual('web', ...server('rs2', '10.11.12.22', 'weight = 65536')),
      'error out-of-range virtualServers.0.servers.0.weight',
    ],
    [
      'with a port out of range',
      virtual('web', 'port = 70000', ...rs1),
      'error out-of-range virtualServers.0.port',
    ],
    [
      'with a timeout of 0',
      virtual('web', 'timeout = 0', ...rs1),
      'error out-of-range virtualServers.0.checkSeconds',
    ],
    [
      'with two real servers of one name',
      virtual('web', ...rs1, ...server('rs1', '10.11.12.22')),
      'warning duplicate-name virtualServers.0.servers.1.name',
    ],
    [
      'that send by UDP and expect nothing',
      virtual('web', 'protocol = udp', 'send = "x"', ...rs1),
      'error udp-without-expect virtualServers.0.expect',
    ],
    [
      'with a broken expression',
      virtual('web', 'use_regex = 1', 'expect = "("', ...rs1),
      'error regex-invalid virtualServers.0.expect',
    ],
    [
      'with an expression that is missing',
      virtual('web', 'use_regex = 1', ...rs1),
      'warning regex-without-expect virtualServers.0.expectIsRegex',
    ],
    [
      'with an escape that is none',
      virtual('web', 'expect = "a\\d"', ...rs1),
      'warning unknown-escape virtualServers.0.expect',
    ],
    [
      'with a backslash at the end',
      virtual('web', 'send = "a\\"', ...rs1),
      'warning unknown-escape virtualServers.0.send',
    ],
    [
      'with single quotes',
      virtual('web', "send = 'x y'", ...rs1),
      'warning single-quotes-sent virtualServers.0.send',
    ],
    [
      'with a program by a relative path',
      virtual('web', 'send_program = "check %h"', ...rs1),
      'error program-not-absolute virtualServers.0.sendProgram',
    ],
    [
      'with a program and a text',
      virtual('web', 'send_program = "/bin/check %h"', 'send = "x"', ...rs1),
      'warning send-and-program virtualServers.0.sendProgram',
    ],
  ])('%s', (_, lines, fault) => {
    expect(faults([...sound, ...lines])).toEqual([fault]);
  });

  test('two of one address, port and protocol', () => {
    expect(faults([...sound, ...web, ...virtual('shop', ...rs1)])).toEqual([
      'error duplicate-service virtualServers.1.vip',
    ]);
    expect(faults([...sound, ...web, ...virtual('shop', 'port = 443', ...rs1)])).toEqual([]);
    expect(faults([...sound, ...web, ...virtual('dns', 'protocol = udp', ...rs1)])).toEqual([]);
  });

  test('two of one firewall mark, whatever their ports', () => {
    const marked = (name: string, port: number) => virtual(name, 'fwmark = 7', `port = ${port}`, ...rs1);
    expect(faults([...sound, ...marked('a', 80), ...marked('b', 443)])).toEqual([
      'error duplicate-service virtualServers.1.firewallMark',
    ]);
  });

  test('two of one name', () => {
    expect(faults([...sound, ...web, ...virtual('web', 'port = 443', ...rs1)])).toEqual([
      'warning duplicate-name virtualServers.1.name',
    ]);
  });

  test('with another port on the real server need NAT', () => {
    const lines = virtual('web', ...server('rs1', '10.11.12.21', 'port = 8080'));
    expect(faults([...sound, ...lines])).toEqual([]);
    for (const network of ['direct', 'tunnel'])
      expect(faults([...withLines(`network = ${network}`), ...lines])).toEqual([
        'error port-differs virtualServers.0.servers.0.port',
      ]);
    expect(
      faults([
        ...withLines('network = direct'),
        ...virtual('web', 'fwmark = 7', ...server('rs1', '10.11.12.21', 'port = 8080')),
      ]),
    ).toEqual([]);
  });

  test('that are inactive may be unfinished', () => {
    expect(faults([...sound, 'virtual new {', '}'])).toEqual([]);
  });

  test('are not held to networks when no public netmask is known', () => {
    const lines = ['virtual web {', 'active = 1', 'address = 198.51.100.7 eth0:1', ...rs1, '}'];
    expect(faults([...sound, ...lines])).toEqual([]);
  });

  test('with backslashes in an expression that Shoal can read', () => {
    const lines = virtual('web', 'use_regex = 1', 'expect = "HTTP/1\\.[01] 200"', ...rs1);
    expect(faults([...sound, ...lines])).toEqual(['warning unknown-escape virtualServers.0.expect']);
  });
});

describe('what lvs.cf cannot hold', () => {
  const { config } = parseConfig([...sound, ...web].join('\n'));
  const change = (settings: object): ClusterConfig => ({
    ...config,
    virtualServers: config.virtualServers.map((service) => ({ ...service, ...settings })),
  });

  test.each([
    ['a name with both kinds of quotes', { name: `a"b'c d` }, 'name-unusable', 'name'],
    ['a name with a line break', { name: 'a {\nport = 1' }, 'name-unusable', 'name'],
    ['an empty name', { name: '' }, 'name-unusable', 'name'],
    ['a text with a line break', { loadMonitor: 'a\nb' }, 'unholdable-value', 'loadMonitor'],
    ['a raw text with a line break', { send: '"a\nb"' }, 'unholdable-value', 'send'],
    ['a raw text whose quote closes early', { send: '"a b" c"' }, 'unholdable-value', 'send'],
    [
      'a device with a line break',
      { vip: { address: '192.0.2.100', device: 'eth0\n}' } },
      'unholdable-value',
      'vip',
    ],
  ])('%s is refused, and does not break the file', (_, settings, code, key) => {
    const changed = change(settings);
    const errors = validateConfig(changed).filter(({ severity }) => severity === 'error');
    expect(errors.map((found) => `${found.code} ${found.path?.join('.')}`)).toEqual([
      `${code} virtualServers.0.${key}`,
    ]);
    const { config: read, diagnostics } = parseConfig(formatConfig(changed));
    expect(diagnostics).toEqual([]);
    expect(read.virtualServers.length).toBe(1);
    expect(read.virtualServers[0]?.port).toBe(80);
  });

  test.each(['web', 'my shop', "it's", 'a"b', '{', 'é'])('the name %s can be held', (name) => {
    expect(whyNotName(name)).toBeNull();
  });

  test.each(['', `"'`, 'a\nb', 'a\rb', 'a\0b', '"a'])('the name %j cannot', (name) => {
    expect(whyNotName(name)).toMatchObject({ message: expect.any(String), hint: expect.any(String) });
  });
});

describe('check reports', () => {
  test('give the true place of faults that only validation finds', () => {
    const report = checkText([...sound, 'virtual web {', 'active = 1', '  port = 70000', '}'].join('\n'));
    expect(report.loads).toBe(true);
    expect(hasErrors(report.diagnostics)).toBe(true);
    expect(report.diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '11:1 vip-missing',
      '12:10 no-real-server',
      '13:10 out-of-range',
    ]);
  });

  test('say a fault once: what could not be read is not reported as missing, too', () => {
    const report = checkText(withLines('primary = 300.1.1.1', ...web).join('\n'));
    expect(report.diagnostics.map(({ code }) => code)).toEqual(['invalid-value']);
  });

  test('are fine with warnings and hints', () => {
    const report = checkText([...withLines('deadtime = 5'), ...web].join('\n'));
    expect(report).toMatchObject({ loads: true, diagnostics: [{ severity: 'hint' }] });
    expect(report.config).toMatchObject({
      global: { keepaliveSeconds: 2 },
      virtualServers: [{ name: 'web' }],
    });
  });
});
