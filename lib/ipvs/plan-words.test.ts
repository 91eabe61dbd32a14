import { describe, expect, it } from 'vitest';
import { parseConfig } from '../lvs/parse.ts';
import { planInWords } from './plan-words.ts';
import { tableNames } from './words.ts';

const names = tableNames(
  parseConfig(
    `primary = 192.0.2.11
network = nat
virtual web {
  active = 1
  address = 192.0.2.100 eth0:1
  port = 80
  server rs1 { address = 10.11.12.21; active = 1 }
}`
      .replaceAll('{ address', '{\n address')
      .replaceAll('; active = 1 }', '\n active = 1\n }'),
  ).config,
);
const destination = (address: string, activeConnections: number, weight = 1) => ({
  address,
  port: 80,
  forwarding: 'nat' as const,
  weight,
  activeConnections,
});
const services = [
  {
    service: '-t 192.0.2.100:80',
    scheduler: 'wlc',
    persistence: null,
    netmask: null,
    destinations: [destination('10.11.12.21', 12), destination('10.11.12.22', 0)],
  },
];
const words = (commands: readonly string[], addressCommands: readonly string[] = []) =>
  planInWords({ commands, addressCommands, services, names });

describe('a plan in words', () => {
  it('says what a weight becomes and that no connection is touched', () => {
    expect(words(['-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 3'])).toEqual([
      'real server rs1 (10.11.12.21:80) of web: weight 1 → 3',
      'nothing else changes; no connection is touched',
    ]);
  });

  it('says how many connections break off when a real server goes, and nothing of one that has none', () => {
    expect(words(['-d -t 192.0.2.100:80 -r 10.11.12.21:80'])).toEqual([
      'real server rs1 (10.11.12.21:80) of web removed',
      '12 open connections to rs1 (10.11.12.21:80) of web break off',
      'nothing else changes',
    ]);
    expect(words(['-d -t 192.0.2.100:80 -r 10.11.12.22:80']).at(-1)).toBe(
      'nothing else changes; no connection is touched',
    );
  });

  it('says that open connections go on when a weight becomes 0', () => {
    expect(words(['-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 0'])).toContain(
      'rs1 (10.11.12.21:80) of web gets no new connections; open ones go on',
    );
  });

  it('counts the connections of a service that goes, and names an address that goes with it', () => {
    expect(words(['-D -t 192.0.2.100:80'], ['addr del 192.0.2.100/32 dev eth0'])).toEqual([
      'service web (tcp 192.0.2.100:80) removed',
      'the address 192.0.2.100/32 is taken off eth0',
      '12 open connections to web (tcp 192.0.2.100:80) break off',
      'connections to 192.0.2.100 break off',
      'nothing else changes',
    ]);
  });

  it('claims no change of an attribute that the router does not report', () => {
    expect(words(['-E -t 192.0.2.100:80 -s wrr -o'])[0]).toBe(
      'service web (tcp 192.0.2.100:80): scheduler wlc → wrr',
    );
  });

  it('is empty when the kernel stays as it is', () => {
    expect(words([])).toEqual([]);
  });
});
