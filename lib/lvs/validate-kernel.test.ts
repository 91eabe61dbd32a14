/** What the kernel's table takes and what it does not: IPv6, ports, flags, thresholds, tunnels, marks. */
import { expect, test } from 'vitest';
import { parseConfig } from './parse.ts';
import { validateConfig } from './validate.ts';

const top = ['primary = 192.0.2.11', 'network = direct'];

interface Block {
  readonly virtual?: readonly string[];
  readonly server?: readonly string[];
  readonly global?: readonly string[];
  /** The whole block on `#@` lines. */
  readonly isShoal?: boolean;
}

/** `severity code path` of each fault of a cluster with one virtual server. */
function faults({ virtual = [], server = [], global = top, isShoal = false }: Block): string[] {
  const lead = isShoal ? '#@ ' : '';
  const vip = virtual.some((line) => line.startsWith('address')) ? [] : ['address = 192.0.2.100 eth0'];
  const real = server.some((line) => line.startsWith('address')) ? [] : ['address = 192.0.2.21'];
  const block = [
    'virtual web {',
    'active = 1',
    ...vip,
    ...virtual,
    'server rs1 {',
    'active = 1',
    ...real,
    ...server,
  ];
  const lines = [
    ...global,
    ...[...block, '}', '}'].map((line) => (line.startsWith('#@') ? line : lead + line)),
  ];
  const { config, diagnostics } = parseConfig(lines.join('\n'));
  expect(diagnostics).toEqual([]);
  return validateConfig(config).map(
    ({ severity, code, path }) => `${severity} ${code} ${path?.slice(2).join('.')}`,
  );
}

const v6 = ['address = 2001:db8::100 eth0'];

test('an IPv6 virtual server with IPv6 real servers has no fault', () => {
  const virtual = [...v6, 'vip_nmask = /64', 'persistent = 60', 'pmask = /56'];
  expect(faults({ isShoal: true, virtual, server: ['address = 2001:db8::21'] })).toEqual([]);
});

test('netmasks are those of the address family', () => {
  expect(
    faults({
      isShoal: true,
      virtual: [...v6, 'vip_nmask = 255.255.255.0'],
      server: ['address = 2001:db8::21'],
    }),
  ).toEqual(['error netmask-family vipNetmask']);
  expect(faults({ isShoal: true, virtual: ['pmask = /56'] })).toEqual([
    'error netmask-family persistenceNetmask',
  ]);
});

test('families mix by tunnels only', () => {
  expect(faults({ isShoal: true, virtual: v6 })).toEqual(['error mixed-families servers.0.address']);
  expect(faults({ isShoal: true, virtual: v6, server: ['forwarding = tunnel'] })).toEqual([]);
  expect(faults({ virtual: ['#@ sorry_server = 2001:db8::9'] })).toEqual([
    'error mixed-families sorryServer',
  ]);
});

test('a mark service serves the family of its VIP, or the one that it names', () => {
  const virtual = ['address = 0.0.0.0 eth0', 'fwmark = 7', 'family = ipv6'];
  expect(faults({ isShoal: true, virtual, server: ['address = 2001:db8::21'] })).toEqual([]);
  expect(faults({ isShoal: true, virtual })).toEqual(['error mixed-families servers.0.address']);
});

test('port 0 needs persistence or a mark, and a port to check', () => {
  expect(faults({ virtual: ['port = 0'] })).toEqual([
    'error port-zero port',
    'error port-zero-unchecked servers.0.port',
  ]);
  expect(faults({ virtual: ['port = 0', 'persistent = 60', '#@ check_port = 80'] })).toEqual([]);
  expect(faults({ virtual: ['port = 0', 'fwmark = 5', '#@ check = icmp'] })).toEqual([]);
});

test('flags of hashing are for the schedulers that hash', () => {
  expect(faults({ virtual: ['scheduler = sh', '#@ hash_port = 1'] })).toEqual([]);
  expect(faults({ virtual: ['#@ hash_port = 1', '#@ hash_fallback = 1'] })).toEqual([
    'warning hash-flag-idle hashPort',
    'warning hash-flag-idle hashFallback',
  ]);
});

test('one-packet scheduling is for UDP and marks', () => {
  expect(faults({ virtual: ['#@ one_packet = 1'] })).toEqual(['error one-packet-needs-udp onePacket']);
  expect(faults({ virtual: ['protocol = udp', '#@ one_packet = 1'] })).toEqual([]);
});

test('the lower threshold lies below the upper one', () => {
  expect(faults({ server: ['#@ upper_threshold = 10', '#@ lower_threshold = 5'] })).toEqual([]);
  expect(faults({ server: ['#@ upper_threshold = 5', '#@ lower_threshold = 10'] })).toEqual([
    'error thresholds-crossed servers.0.lowerThreshold',
  ]);
  expect(faults({ server: ['#@ lower_threshold = 10'] })).toEqual([
    'error thresholds-crossed servers.0.lowerThreshold',
  ]);
});

test('tunnels are complete and their options are for tunnels', () => {
  expect(faults({ server: ['#@ tunnel_type = gre'] })).toEqual([
    'warning tunnel-option-idle servers.0.tunnelType',
  ]);
  const gue = ['#@ forwarding = tunnel', '#@ tunnel_type = gue'];
  expect(faults({ server: gue })).toEqual(['error tunnel-port-missing servers.0.tunnelPort']);
  expect(faults({ server: [...gue, '#@ tunnel_port = 6080', '#@ tunnel_checksum = remcsum'] })).toEqual([]);
  expect(
    faults({ server: ['#@ forwarding = tunnel', '#@ tunnel_type = gre', '#@ tunnel_checksum = remcsum'] }),
  ).toEqual(['error tunnel-checksum-unfit servers.0.tunnelChecksum']);
});

test('a real server with its own forwarding method is held to that method', () => {
  const nat = ['primary = 192.0.2.11', 'network = nat', 'nat_router = 10.11.12.254 eth1'];
  expect(faults({ global: nat, server: ['port = 8080'] })).toEqual([]);
  expect(faults({ global: nat, server: ['port = 8080', '#@ forwarding = direct'] })).toEqual([
    'error port-differs servers.0.port',
  ]);
});

test('only NAT changes the port of the sorry server', () => {
  expect(faults({ virtual: ['sorry_server = 192.0.2.99', '#@ sorry_port = 8080'] })).toEqual([
    'error sorry-port-differs sorryPort',
  ]);
});

test('a quorum can be reached', () => {
  expect(faults({ virtual: ['#@ quorum = 5'], server: ['weight = 4'] })).toEqual([
    'warning quorum-unreachable quorum',
  ]);
  expect(faults({ virtual: ['#@ quorum = 4'], server: ['weight = 4'] })).toEqual([]);
});

test('ports of a mark are named, and belong to a mark and a VIP', () => {
  expect(faults({ virtual: ['fwmark = 5', '#@ mark_ports = [ tcp/80 udp/5060-5070 ]'] })).toEqual([]);
  expect(faults({ virtual: ['fwmark = 5', '#@ mark_ports = [ tcp/80 http tcp/9-5 tcp/0 ]'] })).toEqual([
    'error mark-port-invalid markPorts',
    'error mark-port-invalid markPorts',
    'error mark-port-invalid markPorts',
  ]);
  expect(faults({ virtual: ['#@ mark_ports = [ tcp/80 ]'] })).toEqual(['error mark-ports-idle markPorts']);
  expect(faults({ virtual: ['address = 0.0.0.0 eth0', 'fwmark = 5', '#@ mark_ports = [ tcp/80 ]'] })).toEqual(
    ['error mark-ports-idle markPorts'],
  );
});

test('options of a check belong to its kind', () => {
  expect(faults({ virtual: ['#@ check = http', '#@ http_path = /health'] })).toEqual([]);
  expect(
    faults({ virtual: ['#@ check = dns', '#@ http_path = /health', '#@ dns_name = example.org'] }),
  ).toEqual(['warning check-option-idle httpPath']);
  expect(faults({ virtual: ['#@ tls_verify = 1'] })).toEqual(['warning check-option-idle tlsVerify']);
});

test('a check has what it needs', () => {
  expect(faults({ virtual: ['#@ check = script'] })).toEqual(['error check-without-program sendProgram']);
  expect(faults({ virtual: ['#@ check = http', '#@ http_method = HEAD', '#@ http_body = ok'] })).toEqual([
    'error body-of-no-get httpBody',
  ]);
  const regex = ['#@ check = https', '#@ http_body_regex = 1', '#@ http_body = "(a"'];
  expect(faults({ virtual: regex })).toEqual(['error body-regex-invalid httpBody']);
});

test('a check ends before the next one', () => {
  expect(faults({ virtual: ['#@ check_interval_ms = 500'] })).toEqual([]);
  expect(faults({ virtual: ['#@ check_interval_ms = 500', '#@ check_limit_ms = 900'] })).toEqual([
    'warning check-limit-long checkLimitMilliseconds',
  ]);
});
