/** What a router's kernel serves, as a configuration. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileTable } from '../ipvs/compile.ts';
import { readTable } from '../ipvs/read.ts';
import { readIpvsadm } from './ipvsadm.ts';

const saved = readFileSync(new URL('../ipvs/fixtures/save.txt', import.meta.url), 'utf8');

const web = [
  '-A -t 192.0.2.100:80 -s wrr -p 300 -M 255.255.255.0',
  '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 3',
  '-a -t 192.0.2.100:80 -r 10.11.12.22:8080 -m -w 0',
].join('\n');

const codes = (text: string) =>
  readIpvsadm(text)
    .diagnostics.filter(({ path }) => path === undefined)
    .map(({ line, code }) => [line, code]);

describe('a kernel table', () => {
  test('becomes a configuration that programs the same table', () => {
    for (const text of [web, saved]) expect(compileTable(readIpvsadm(text).config)).toEqual(readTable(text));
  });

  test('names a virtual server after its address and puts its address on the given device', () => {
    const { virtualServers, global } = readIpvsadm(web, { device: 'bond0' }).config;
    expect(global.forwarding).toBe('nat');
    expect(virtualServers).toMatchObject([
      {
        name: '192.0.2.100:80',
        vip: { address: '192.0.2.100', device: 'bond0' },
        persistenceSeconds: 300,
        persistenceNetmask: '255.255.255.0',
        servers: [
          { name: '10.11.12.21', port: null, weight: 3 },
          { name: '10.11.12.22', port: 8080, weight: 0 },
        ],
      },
    ]);
  });

  test('keeps marks, protocols and scheduler flags', () => {
    const { virtualServers } = readIpvsadm(saved).config;
    expect(virtualServers.map(({ name }) => name)).toEqual([
      'fwmark-4294967295',
      '192.0.2.100:80',
      '192.0.2.101:443',
      '192.0.2.102:443',
      '192.0.2.103:0',
      '192.0.2.104:25',
      '192.0.2.105:25',
      '192.0.2.100:53-udp',
      '192.0.2.100:99-sctp',
      '[2001:db8::100]:80',
      'fwmark-7',
      'fwmark-8-ipv6',
      'fwmark-2147483648',
    ]);
    expect(virtualServers[3]).toMatchObject({
      hashPort: true,
      hashFallback: true,
      servers: [
        { forwarding: 'tunnel' },
        { tunnelType: 'gue', tunnelPort: 5555, tunnelChecksum: 'none' },
        { tunnelType: 'gre', tunnelChecksum: 'csum' },
      ],
    });
    expect(virtualServers[11]).toMatchObject({ firewallMark: 8, addressFamily: 'ipv6' });
  });

  test('says once what the kernel does not know', () => {
    expect(readIpvsadm(saved).notCarried.map(({ line, what }) => [line, what])).toEqual([
      [1, 'health checks'],
      [1, 'interfaces'],
      [1, 'thresholds'],
    ]);
    expect(readIpvsadm('').notCarried).toEqual([]);
  });

  test('names a scheduler and an option that are not known here', () => {
    const { config, notCarried } = readIpvsadm(
      '-A -t 192.0.2.1:80 -s quick\n-a -t 192.0.2.1:80 -r 10.11.12.21:80 -m -w 1 --odd\n',
    );
    expect(config.virtualServers[0]?.scheduler).toBe('wlc');
    expect(notCarried.slice(-2)).toMatchObject([
      { line: 1, what: '-s quick' },
      { line: 2, what: '--odd' },
    ]);
  });
});

describe('a fault', () => {
  test.each([
    ['not-a-rule', `${web}\nhello`, 4],
    ['rule-with-names', '-A -t www.example.org:http -s wlc', 1],
    ['service-repeated', `${web}\n-A -t 192.0.2.100:80 -s rr`, 4],
    ['service-unknown', '\n-a -t 192.0.2.1:80 -r 10.11.12.21:80 -m -w 1', 2],
    [
      'listing-given',
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\nTCP  192.0.2.1:80 wlc\n',
      1,
    ],
  ] as const)('%s is told once, on its line', (code, text, line) => {
    expect(codes(text)).toEqual([[line, code]]);
  });

  test('comments and blank lines are none', () => {
    expect(codes(`# saved on lb1\n\n${web}\n`)).toEqual([]);
  });

  test('of the configuration stands on the line of its service', () => {
    const { diagnostics } = readIpvsadm(`${web}\n-A -t 192.0.2.101:80 -s rr\n`);
    expect(diagnostics.find(({ code }) => code === 'no-real-server')).toMatchObject({ line: 4 });
  });
});
