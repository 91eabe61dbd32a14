/** What is written for one who leaves: it reads back as the same, and the real keepalived takes it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyConfig } from '../lvs/arbitrary.ts';
import {
  type ClusterConfig,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '../lvs/model.ts';
import { readKeepalived } from './keepalived.ts';
import { heldConfig } from './write-keepalived/arbitrary.ts';
import { writeKeepalived } from './write-keepalived.ts';

const roles = ['primary', 'backup'] as const;

describe.each(roles)('the file of the %s router', (role) => {
  test('reads back as the same configuration, and leaves nothing out that it can hold', () => {
    fc.assert(
      fc.property(heldConfig(role), (config) => {
        const { text, notCarried } = writeKeepalived(config, { role });
        expect(notCarried).toEqual([]);
        const again = readKeepalived(text);
        expect(again.diagnostics.filter(({ path }) => path === undefined)).toEqual([]);
        expect(again.config).toEqual(config);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

test('whatever the configuration: blocks and quotes are whole, every remark has a line of the text', () => {
  const broken = new Set([
    'quote-unclosed',
    'brace-unexpected',
    'brace-stray',
    'block-unclosed',
    'block-missing',
  ]);
  fc.assert(
    fc.property(anyConfig, fc.constantFrom(...roles), (config, role) => {
      const { text, notCarried } = writeKeepalived(config, { role });
      expect(readKeepalived(text).diagnostics.filter(({ code }) => broken.has(code))).toEqual([]);
      const lines = text.split('\n').length;
      for (const { line, reason } of notCarried) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
        expect(reason).not.toContain('undefined');
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);

describe('what keepalived cannot hold is listed', () => {
  const server = (settings: Partial<RealServer> = {}): RealServer => ({
    ...defaultServer('rs'),
    enabled: true,
    address: '10.11.12.21',
    ...settings,
  });
  const web = (settings: Partial<VirtualServer> = {}): VirtualServer => ({
    ...defaultVirtual('web'),
    enabled: true,
    vip: { address: '192.0.2.100', device: 'eth0' },
    checkKind: 'tcp',
    rise: 1,
    slowStartSeconds: 0,
    servers: [server()],
    ...settings,
  });
  const withVirtual = (
    virtual: VirtualServer,
    global: Partial<ClusterConfig['global']> = {},
  ): ClusterConfig => ({
    ...emptyConfig(),
    global: { ...emptyConfig().global, primaryAddress: '192.0.2.11', deadtimeSeconds: 6, ...global },
    virtualServers: [virtual],
  });
  const codes = (config: ClusterConfig) =>
    writeKeepalived(config, { role: 'primary' }).notCarried.map(({ code }) => code);

  test('and nothing else is', () => {
    expect(codes(withVirtual(web()))).toEqual([]);
  });

  test.each<readonly [string, Partial<VirtualServer>, Partial<ClusterConfig['global']>]>([
    ['not-in-keepalived', { loadAgentPort: 7777 }, {}],
    ['not-in-keepalived', { checkKind: 'dns', dnsAnswer: '192.0.2.1' }, {}],
    ['not-in-keepalived', {}, { gatewayAddress: '192.0.2.1' }],
    ['netmask-unwritable', { vipNetmask: '255.0.255.0' }, {}],
    ['label-unwritable', { vip: { address: '2001:db8::1', device: 'eth0:1' } }, {}],
    ['nat-router-idle', {}, { forwarding: 'direct', natRouter: { address: '10.11.12.254', device: 'eth1' } }],
    ['interval-rounded', {}, { keepaliveMilliseconds: 255, deadtimeMilliseconds: 780 }],
    ['deadtime-rounded', {}, { deadtimeSeconds: 5 }],
    ['delay-cut', {}, { preemptDelaySeconds: 5000 }],
    ['own-address-missing', {}, { primaryAddress: null }],
    ['backup-off', {}, { backupAddress: '192.0.2.12' }],
    ['program-output', { checkKind: 'script', sendProgram: '"/bin/true"', expect: '"OK"' }, {}],
    ['check-text', { checkKind: 'script', sendProgram: '"/bin/echo $x"' }, {}],
    ['conversation', { checkKind: 'send-expect', expect: '"220"' }, {}],
    ['one-success', { rise: null }, {}],
    ['no-slow-start', { slowStartSeconds: null }, {}],
    ['mask-idle', { persistenceNetmask: '255.255.255.0' }, {}],
    ['hysteresis-large', { quorumHysteresis: 3 }, {}],
    ['port-fixed', { servers: [server({ port: 81 })] }, { forwarding: 'direct' }],
    ['server-inactive', { servers: [server({ enabled: false })] }, {}],
    ['server-unwritable', { servers: [server({ address: 'web1' })] }, {}],
  ])('as %s: %j %j', (code, virtual, global) => {
    expect(codes(withVirtual(web(virtual), global))).toContain(code);
  });

  test('as whole blocks', () => {
    expect(codes(withVirtual(web({ enabled: false })))).toEqual(['server-inactive', 'nothing-moves']);
    expect(codes(withVirtual(web({ vip: null })))).toEqual(['nothing-moves', 'service-unwritable']);
    expect(codes({ ...emptyConfig(), failoverServices: [web()] })).toContain('failover-services');
  });
});

describe('the real keepalived', () => {
  /** In a network of its own with the interfaces that the files name; keepalived may signal its own group. */
  const script = `
    ip link add eth0 type veth peer name eth1 || exit 99
    ip addr add 192.0.2.11/24 dev eth0
    ip addr add 192.0.2.12/24 dev eth0
    ip addr add 10.11.12.11/24 dev eth1
    ip link set eth0 up
    ip link set eth1 up
    ip link set lo up
    cd "$1"
    for file in *.conf; do
      echo "== $file"
      PATH=$PATH:/usr/sbin keepalived -t -f "$file" 2>&1
      echo "exit $?"
    done`;

  /** What keepalived says to each file. */
  function tested(texts: readonly string[]): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'shoal-keepalived-'));
    try {
      for (const [index, text] of texts.entries())
        writeFileSync(join(folder, `${String(index).padStart(3, '0')}.conf`), text);
      const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
      const argv = ['setsid', '--wait', 'unshare', ...own, '--net', 'sh', '-c', script, 'sh', folder];
      const { stdout, stderr, status } = spawnSync(argv[0] as string, argv.slice(1), { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the network for keepalived could not be made: ${stderr}${stdout}`);
      return stdout.split(/^== .*\n/m).slice(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test('is installed (npm test does it; apt-get install keepalived)', () => {
    const { error, stderr } = spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin exec keepalived --version'], {
      encoding: 'utf8',
    });
    expect(error).toBeUndefined();
    expect(stderr).toContain('Keepalived v2');
  });

  test('takes every file that is written, without a remark', () => {
    const sample = roles.flatMap((role) =>
      fc
        .sample(heldConfig(role), { numRuns: 30, seed: 2 })
        .map((config) => writeKeepalived(config, { role }).text),
    );
    const answers = tested(sample);
    expect(answers).toHaveLength(sample.length);
    const refused = answers.flatMap((answer, index) =>
      answer === 'exit 0\n' ? [] : [`${answer}${sample[index]}`],
    );
    expect(refused).toEqual([]);
  }, 120_000);

  test('tells a file that it refuses', () => {
    expect(tested(['virtual_server 192.0.2.100 80 {\n'])[0]).toMatch(/missing '\}'[\s\S]*exit [1-9]/);
  });
});
