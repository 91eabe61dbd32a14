/** The plan of each accepted file of the corpus against the commands that Piranha ran at start-up. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planReport } from './report.ts';

const folder = new URL('../lvs/corpus/', import.meta.url);

interface Said {
  readonly ok: boolean;
  readonly startup_commands: readonly (readonly string[])[];
}

const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.cf'))
  .sort()
  .map((name) => ({
    name,
    text: readFileSync(new URL(name, folder), 'utf8'),
    said: JSON.parse(readFileSync(new URL(name.replace('.cf', '.json'), folder), 'utf8')) as Said,
  }))
  .filter(({ said }) => said.ok);

const methods: Readonly<Record<string, string>> = { m: '-m', g: '-g', i: '-i' };

/** What one nanny adds to the table, from its arguments. */
function addLine(nanny: readonly string[]): string {
  const after = (option: string) => nanny[nanny.indexOf(option) + 1];
  const vip = `${after('-V')}:${after('-p')}`;
  const service = nanny.includes('-f') ? `-f ${after('-f')}` : `${nanny.includes('-u') ? '-u' : '-t'} ${vip}`;
  return `-a ${service} -r ${after('-h')}:${after('-r')} ${methods[after('-M') ?? '']} -w ${after('-w')}`;
}

function piranhaLines({ startup_commands: commands }: Said): string[] {
  return commands.flatMap(([program = '', ...words]) => {
    if (program.endsWith('nanny')) return [addLine(words)];
    return words[0] === '-A' ? [words.join(' ')] : [];
  });
}

describe('planning from nothing, everything up', () => {
  test.each(cases)('$name gives the commands that Piranha ran', ({ text, said }) => {
    const report = planReport(text);
    expect(report.ok && [...report.plan.commands].sort()).toEqual([...new Set(piranhaLines(said))].sort());
  });
});

test('a service stands before its destinations', () => {
  const report = planReport(cases[0]?.text ?? '');
  const commands = report.ok ? report.plan.commands : [];
  const services = commands.flatMap((line, index) => (line.startsWith('-A') ? [{ line, index }] : []));
  expect(services.length).toBeGreaterThan(0);
  for (const { line, index } of services) {
    const name = line.split(' ').slice(1, 3).join(' ');
    const first = commands.findIndex((other) => other.startsWith(`-a ${name} `));
    expect(first === -1 || first > index).toBe(true);
  }
});

test('a text that is no configuration has no plan, and says why', () => {
  const report = planReport('keepalve = 5\n');
  expect(report).toMatchObject({ ok: false, diagnostics: [{ code: 'unknown-directive', line: 1 }] });
});

test('a plan names services, schedulers and destinations as data', () => {
  const report = planReport(
    [
      'network = nat',
      'virtual web {',
      'active = 1',
      'address = 192.0.2.100 eth0:1',
      'persistent = 300',
      'pmask = 255.255.255.0',
      'server rs1 {',
      'address = 10.11.12.21',
      'active = 1',
      'weight = 3',
      '}',
      '}',
    ].join('\n'),
  );
  expect(report.ok && report.plan).toEqual({
    services: [
      {
        service: '-t 192.0.2.100:80',
        scheduler: 'wlc',
        persistence: 300,
        netmask: '255.255.255.0',
        destinations: [{ address: '10.11.12.21', port: 80, forwarding: 'nat', weight: 3 }],
      },
    ],
    commands: [
      '-A -t 192.0.2.100:80 -s wlc -p 300 -M 255.255.255.0',
      '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 3',
    ],
  });
});
