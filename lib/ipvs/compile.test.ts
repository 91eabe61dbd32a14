import { describe, expect, test } from 'vitest';
import { parseConfig } from '../lvs/parse.ts';
import { stepLine, tableLines } from './command.ts';
import { compileTable, createCompiler, type WeightOf } from './compile.ts';
import { planSteps } from './plan.ts';
import { readTable } from './read.ts';

const configOf = (...lines: readonly string[]) => parseConfig(lines.join('\n')).config;

const virtual = (...lines: readonly string[]): string[] => [
  'virtual web {',
  'active = 1',
  'address = 192.0.2.100 eth0:1',
  ...lines,
  '}',
];

const server = (name: string, address: string, ...lines: readonly string[]): string[] => [
  `server ${name} {`,
  `address = ${address}`,
  'active = 1',
  ...lines,
  '}',
];

const lines = (text: readonly string[], weightOf?: WeightOf): string[] =>
  tableLines(weightOf ? compileTable(configOf(...text), weightOf) : compileTable(configOf(...text)));

describe('the wanted table', () => {
  test('holds active virtual servers with their active real servers at their weights', () => {
    const text = virtual(
      'scheduler = wrr',
      ...server('rs1', '10.11.12.21', 'weight = 3'),
      ...server('rs2', '10.11.12.22', 'port = 8080'),
      'server rs3 {',
      'address = 10.11.12.23',
      '}',
    );
    expect(lines([...text, 'virtual off {', 'address = 192.0.2.101 eth0:2', '}'])).toEqual([
      '-A -t 192.0.2.100:80 -s wrr',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 3',
      '-a -t 192.0.2.100:80 -r 10.11.12.22:8080 -m -w 1',
    ]);
  });

  test('takes the weights of the moment: null is not in the table, 0 stays 0', () => {
    const text = virtual(...server('rs1', '10.11.12.21'), ...server('rs2', '10.11.12.22'));
    expect(lines(text, (_, index) => (index === 0 ? null : 0))).toEqual([
      '-A -t 192.0.2.100:80 -s wlc',
      '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 0',
    ]);
  });

  test('has persistence only above zero, and a netmask only with persistence', () => {
    expect(lines(virtual('pmask = 255.255.255.0'))).toEqual(['-A -t 192.0.2.100:80 -s wlc']);
    expect(lines(virtual('pmask = 255.255.255.0', 'persistent = 60'))).toEqual([
      '-A -t 192.0.2.100:80 -s wlc -p 60 -M 255.255.255.0',
    ]);
  });

  test('knows a service by its firewall mark when it has one', () => {
    const text = virtual('fwmark = 7', ...server('rs1', '10.11.12.21'));
    expect(lines(text)).toEqual(['-A -f 7 -s wlc', '-a -f 7 -r 10.11.12.21:80 -m -w 1']);
  });

  test('has the sorry server exactly while no real server can take a connection', () => {
    const text = virtual('sorry_server = 10.11.12.29', ...server('rs1', '10.11.12.21'));
    const sorry = '-a -t 192.0.2.100:80 -r 10.11.12.29:80 -m -w 1';
    expect(lines(text)).not.toContain(sorry);
    expect(lines(text, () => null)).toContain(sorry);
    expect(lines(text, () => 0)).toEqual([
      '-A -t 192.0.2.100:80 -s wlc',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 0',
      sorry,
    ]);
  });

  test('has the first of two services with one identity and of two destinations with one address', () => {
    const text = virtual(
      ...server('rs1', '10.11.12.21', 'weight = 2'),
      ...server('rs2', '10.11.12.21', 'weight = 9'),
    );
    expect(lines([...text, ...virtual('scheduler = rr')])).toEqual([
      '-A -t 192.0.2.100:80 -s wlc',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 2',
    ]);
  });

  test('keeps the port of the service for direct routing, as ipvsadm does', () => {
    const text = virtual(...server('rs1', '10.11.12.21', 'port = 8080'));
    expect(lines(['network = direct', ...text])).toContain('-a -t 192.0.2.100:80 -r 10.11.12.21:80 -g -w 1');
  });

  test('leaves out what has no address that the kernel could take', () => {
    expect(lines(['virtual web {', 'active = 1', 'address = lb.example.org eth0:1', '}'])).toEqual([]);
    expect(lines(virtual(...server('rs1', 'rs1.example.org')))).toEqual(['-A -t 192.0.2.100:80 -s wlc']);
  });

  test('is empty when the file is about failover services', () => {
    expect(lines(['service = fos', ...virtual()])).toEqual([]);
  });
});

describe('a change', () => {
  const actual = readTable(
    [
      '-A -t 192.0.2.100:80 -s wrr -p 60',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1',
      '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 1',
      '-A -t 192.0.2.200:22 -s rr',
    ].join('\n'),
  );
  const steps = (...wanted: readonly string[]) =>
    planSteps(actual, readTable(wanted.join('\n')), (key) => key.kind === 'address' && key.port === 80).map(
      stepLine,
    );

  test('of one weight is one line that repeats the forwarding method', () => {
    expect(
      steps(
        '-A -t 192.0.2.100:80 -s wrr -p 60',
        '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1',
        '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 5',
      ),
    ).toEqual(['-e -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 5']);
  });

  test('of the scheduler repeats the persistence and names no destination', () => {
    expect(
      steps(
        '-A -t 192.0.2.100:80 -s lc -p 60',
        '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1',
        '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 1',
      ),
    ).toEqual(['-E -t 192.0.2.100:80 -s lc -p 60']);
  });

  test('of the real servers adds, raises, lowers to zero, deletes, in this order', () => {
    expect(
      steps(
        '-A -t 192.0.2.100:80 -s wrr -p 60',
        '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 0',
        '-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 1',
      ),
    ).toEqual([
      '-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 1',
      '-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 0',
      '-d -t 192.0.2.100:80 -r 10.11.12.22:80',
    ]);
  });

  test('takes away an own service that is not wanted, never a foreign one', () => {
    expect(steps()).toEqual(['-D -t 192.0.2.100:80']);
  });
});

describe('a compiler', () => {
  const text = [
    ...virtual(
      ...server('rs1', '10.11.12.21'),
      ...server('rs2', '10.11.12.22'),
      'sorry_server = 10.11.12.99',
    ),
    ...virtual('port = 443', ...server('rs1', '10.11.12.21')),
  ];
  const config = configOf(...text);

  test('gives the very service of before where no weight has changed, and a new one where one has', () => {
    const compile = createCompiler();
    const all = compile(config, () => 1);
    expect(compile(config, () => 1).services).toEqual(all.services);
    const one = compile(config, (virtualIndex) => (virtualIndex === 0 ? null : 1));
    expect(one.services[1]).toBe(all.services[1]);
    expect(one).toEqual(compileTable(config, (virtualIndex) => (virtualIndex === 0 ? null : 1)));
    expect(planSteps(all, one).map(stepLine)).toEqual([
      '-a -t 192.0.2.100:80 -r 10.11.12.99:80 -m -w 1',
      '-d -t 192.0.2.100:80 -r 10.11.12.21:80',
      '-d -t 192.0.2.100:80 -r 10.11.12.22:80',
    ]);
  });

  test('follows the settings of all virtual servers', () => {
    const compile = createCompiler();
    compile(config, () => 1);
    const direct = { ...config, global: { ...config.global, forwarding: 'direct' as const } };
    expect(compile(direct, () => 1)).toEqual(compileTable(direct, () => 1));
    const none = { ...config, virtualServers: config.virtualServers.slice(1) };
    expect(compile(none, () => 1)).toEqual(compileTable(none, () => 1));
  });
});
