import { describe, expect, test } from 'vitest';
import { diffConfigs } from './diff.ts';
import { parseConfig } from './parse.ts';

const before = [
  '# head',
  'keepalive = 2',
  'network = nat',
  'virtual web {',
  'active = 1',
  'address = 192.0.2.100 eth0:1',
  'server rs1 {',
  'address = 10.11.12.21',
  'weight = 1',
  '}',
  'server rs2 {',
  'address = 10.11.12.22',
  'weight = 1',
  '}',
  '}',
  'virtual mail {',
  'port = 25',
  '}',
].join('\n');

const changes = (from: string, to: string): string[] =>
  diffConfigs(parseConfig(from).config, parseConfig(to).config).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

const changed = (...edits: readonly (readonly [string, string])[]): string[] =>
  changes(
    before,
    edits.reduce((text, [old, now]) => text.replace(old, now), before),
  );

describe('the difference in words', () => {
  test('is empty between equal configurations, however they are written', () => {
    expect(changes(before, before.replaceAll('\n', '\r\n  '))).toEqual([]);
  });

  test.each([
    [
      'a number with its unit',
      ['keepalive = 2', 'keepalive = 3'],
      'global.keepaliveSeconds: Heartbeat interval 2 s → 3 s',
    ],
    ['a choice', ['network = nat', 'network = direct'], 'global.forwarding: Network type nat → direct'],
    [
      'a switch',
      ['active = 1', 'active = 0'],
      'virtualServers.0.enabled: virtual server web: active on → off',
    ],
    [
      'a value that was absent',
      ['active = 1', 'active = 1\nsorry_server = 10.11.12.29'],
      'virtualServers.0.sorryServer: virtual server web: sorry server none → 10.11.12.29',
    ],
    [
      'a weight',
      ['weight = 1\n}\n}', 'weight = 3\n}\n}'],
      'virtualServers.0.servers.1.weight: real server rs2 of web: weight 1 → 3',
    ],
    ['comments', ['# head', '# other'], 'global.comments: top of the file: comments changed'],
  ] as const)('tells %s', (_, edit, sentence) => {
    expect(changed(edit)).toEqual([sentence]);
  });

  test('tells real servers that come and go', () => {
    expect(changed(['server rs2', 'server rs3'], ['10.11.12.22', '10.11.12.23'])).toEqual([
      'virtualServers.0.servers.1: real server rs2 of web removed',
      'virtualServers.0.servers.1: real server rs3 of web added (10.11.12.23, weight 1)',
    ]);
  });

  test('tells virtual servers that come and go, each in one sentence', () => {
    const shop = 'virtual shop {\naddress = 192.0.2.101 eth0:2\nserver a {\n}\n}';
    expect(changes(before, before.replace(/virtual mail[\s\S]*/, shop))).toEqual([
      'virtualServers.1: virtual server mail removed',
      'virtualServers.1: virtual server shop added (192.0.2.101:80 tcp, 1 real server)',
    ]);
  });

  test('tells a new order as such', () => {
    const [head = '', mail = ''] = before.split('virtual mail');
    const reordered = `virtual mail${mail}\n${head}`;
    expect(changes(before, reordered).filter((line) => line.includes('order'))).toEqual([
      'virtualServers: order of the virtual servers changed',
    ]);
  });

  test('matches blocks of one name by their number', () => {
    const twice = 'virtual a {\nport = 1\n}\nvirtual a {\nport = 2\n}';
    expect(changes(twice, twice.replace('port = 2', 'port = 3'))).toEqual([
      'virtualServers.1.port: virtual server a: application port 2 → 3',
    ]);
  });
});
