/** Real output of ipvsadm (fixtures/README.md). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serviceName, tableLines } from './command.ts';
import { readServiceName, readTable, withThresholds } from './read.ts';
import type { Service } from './table.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

const sortedLines = (text: string): string[] => text.split('\n').filter(Boolean).sort();

const find = (services: readonly Service[], name: string): Service | undefined =>
  services.find(({ key }) => serviceName(key) === name);

describe('ipvsadm -Sn', () => {
  test.each(['save.txt', 'save-after-edits.txt'])('%s is read and printed again word for word', (name) => {
    const text = fixture(name);
    expect(tableLines(readTable(text)).sort()).toEqual(sortedLines(text));
  });

  const { services } = readTable(fixture('save.txt'));

  test('a service has its scheduler, flags, persistence and mask', () => {
    expect(find(services, '-t 192.0.2.102:443')).toMatchObject({
      scheduler: 'sh',
      schedulerFlags: ['sh-fallback', 'sh-port'],
      persistence: 60,
      netmask: '255.255.255.0',
      onePacket: false,
    });
    expect(find(services, '-u 192.0.2.100:53')).toMatchObject({
      onePacket: true,
      schedulerFlags: ['mh-fallback'],
    });
    expect(find(services, '-t 192.0.2.100:80')).toMatchObject({ persistence: null, netmask: null });
  });

  test.each(['constructor', '__proto__', 'toString'])('%s is no protocol', (word) => {
    expect(readTable(`-A ${word} 192.0.2.100:80 -s wlc`)).toEqual({ services: [] });
    expect(readServiceName(`${word} 192.0.2.100:80`)).toBeNull();
    const { services: listed } = withThresholds(readTable(fixture('save.txt')), `${word} 192.0.2.100:80 wlc`);
    expect(listed.length).toBe(services.length);
  });

  test('a plain tunnel carries no option, another one carries its own', () => {
    expect(find(services, '-t 192.0.2.102:443')?.destinations.map(({ extra }) => extra)).toEqual([
      [],
      ['--tun-type', 'gue', '--tun-port', '5555', '--tun-nocsum'],
      ['--tun-type', 'gre', '--tun-csum'],
    ]);
  });

  test('marks are unsigned, though ipvsadm prints them signed', () => {
    expect(services.map(({ key }) => (key.kind === 'mark' ? key.mark : null)).filter(Boolean)).toEqual([
      4_294_967_295, 7, 8, 2_147_483_648,
    ]);
  });

  test('IPv6 services, SCTP and marks of IPv6 have names of their own', () => {
    expect(find(services, '-t [2001:db8::100]:80')?.destinations).toMatchObject([
      { address: '2001:db8::21', port: 80, forwarding: 'nat', weight: 5 },
    ]);
    expect(find(services, '--sctp-service 192.0.2.100:99')?.destinations).toMatchObject([{ weight: 65_535 }]);
    expect(find(services, '-f 8 -6')).toMatchObject({ persistence: 90, netmask: '64' });
  });

  test('whatever the text, reading does not throw', () => {
    for (const text of [
      '',
      '\n',
      '-A',
      '-A -t',
      '-a -t 192.0.2.1:80 -r',
      'Zg==\0',
      '-A -f x -s rr',
      '-a -f 1 -r 1:1',
    ])
      expect(readTable(text).services).toEqual([]);
  });
});

describe('ipvsadm -Ln --thresholds', () => {
  test('gives each destination the thresholds that ipvsadm -Sn leaves out', () => {
    const lines = ['-A -t 192.0.2.100:80 -s wrr', '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1'];
    const more = ['-A -f 8 -6 -s rr', '-a -f 8 -6 -r [2001:db8::21]:0 -g -w 1'];
    const listing = [
      'Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn',
      '  -> RemoteAddress:Port',
      'TCP  192.0.2.100:80 wrr',
      '  -> 10.11.12.21:80               100        50         12         3         ',
      'FWM  8 IPv6 rr',
      '  -> [2001:db8::21]:0             7          0          0          0         ',
    ].join('\n');
    const { services } = withThresholds(readTable([...lines, ...more].join('\n')), listing);
    expect(
      services.flatMap(({ destinations }) =>
        destinations.map(({ upperThreshold, lowerThreshold }) => [upperThreshold, lowerThreshold]),
      ),
    ).toEqual([
      [100, 50],
      [7, 0],
    ]);
  });

  test('a destination that the listing lacks has none, and no text throws', () => {
    const table = readTable(fixture('save.txt'));
    for (const text of ['', '  -> 10.11.12.21:80 1 2', 'TCP x\n  -> y z']) {
      const read = withThresholds(table, text);
      expect(read.services.length).toBe(table.services.length);
      expect(
        read.services.flatMap(({ destinations }) => destinations).every((item) => item.upperThreshold === 0),
      ).toBe(true);
    }
  });
});
