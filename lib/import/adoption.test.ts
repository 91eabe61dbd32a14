import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tableLines } from '../ipvs/command.ts';
import { compileTable } from '../ipvs/compile.ts';
import { readTable } from '../ipvs/read.ts';
import { parseConfig } from '../lvs/parse.ts';
import { compareWithLive } from './adoption.ts';
import { adoptionWords } from './adoption-words.ts';

const config = parseConfig(`network = nat
virtual web {
  active = 1
  address = 192.0.2.100 eth0:1
  port = 80
  scheduler = wlc
  persistent = 300
  sorry_server = 10.11.12.99
  server rs1 {
    address = 10.11.12.21
    active = 1
    weight = 32
  }
  server rs2 {
    address = 10.11.12.22
    active = 1
    weight = 32
  }
}
virtual dns {
  active = 1
  address = 192.0.2.101 eth0:2
  protocol = udp
  port = 53
  server rs1 {
    address = 10.11.12.21
    active = 1
  }
}
`).config;

const live = [
  '-A -t 192.0.2.100:80 -s wlc -p 300',
  '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 32',
  '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 32',
  '-A -u 192.0.2.101:53 -s wlc',
  '-a -u 192.0.2.101:53 -r 10.11.12.21:53 -m -w 1',
];
const compare = (lines: readonly string[]) => compareWithLive(config, readTable(lines.join('\n')));
const changed = (from: string, to: string | null) =>
  live.flatMap((line) => (line === from ? (to === null ? [] : [to]) : [line]));

describe('the table of a running router against the one of a configuration', () => {
  it('says that nothing would change, and how much is equal', () => {
    const adoption = compare(live);
    expect(adoption).toMatchObject({
      services: 2,
      destinations: 3,
      differences: [],
      commands: [],
      absent: [],
    });
    expect(adoptionWords(adoption)).toEqual({
      tone: 'good',
      title: 'Nothing would change: 2 services and 3 destinations are equal',
      notes: [],
    });
  });

  it('does not take a weight on its way up, or one of 0, for a difference', () => {
    const rising = changed(live[1] as string, '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 2');
    const adoption = compare(
      rising.map((line) => (line === live[2] ? '-a -t 192.0.2.100:80 -r 10.11.12.22:80 -m -w 0' : line)),
    );
    expect(adoption).toMatchObject({ differences: [], commands: [], destinations: 3 });
    expect(adoption.weights).toEqual([
      { name: 'rs1 (10.11.12.21:80) of web', now: 2, configured: 32 },
      { name: 'rs2 (10.11.12.22:80) of web', now: 0, configured: 32 },
    ]);
    const { tone, notes } = adoptionWords(adoption);
    expect(tone).toBe('good');
    expect(notes).toMatchObject([
      expect.stringMatching(
        /1 weight is not at .* rs1 \(10\.11\.12\.21:80\) of web \(2 now, 32 configured\)/,
      ),
      expect.stringMatching(/1 destination has weight 0 now/),
    ]);
  });

  it('does not take a real server that is down for a difference', () => {
    const adoption = compare(changed(live[2] as string, null));
    expect(adoption).toMatchObject({
      differences: [],
      commands: [],
      destinations: 2,
      absent: ['rs2 (10.11.12.22:80) of web'],
    });
    expect(adoptionWords(adoption).notes).toMatchObject([expect.stringMatching(/takes out what is down/)]);
  });

  it('takes the sorry server for what it is while every real server is down', () => {
    const sorry = ['-A -t 192.0.2.100:80 -s wlc -p 300', '-a -t 192.0.2.100:80 -r 10.11.12.99:80 -m -w 1'];
    expect(compare([...sorry, ...live.slice(3)])).toMatchObject({ differences: [], commands: [] });
    expect(compare([sorry[0] as string, ...live.slice(3)])).toMatchObject({
      differences: ['real server sorry_server (10.11.12.99:80) of web added: weight 1, forwarding nat'],
      commands: ['-a -t 192.0.2.100:80 -r 10.11.12.99:80 -m -w 1'],
    });
  });

  it('tells another scheduler or persistence, with both in ipvsadm’s words', () => {
    const adoption = compare(changed(live[0] as string, '-A -t 192.0.2.100:80 -s rr'));
    expect(adoption).toMatchObject({
      services: 1,
      differences: ['service web (tcp 192.0.2.100:80): scheduler rr → wlc, persistence none → 300 s'],
      commands: ['-E -t 192.0.2.100:80 -s wlc -p 300'],
    });
    expect(adoptionWords(adoption).tone).toBe('warn');
  });

  it('tells another forwarding method at the weight of the moment', () => {
    const adoption = compare(changed(live[1] as string, '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -i -w 7'));
    expect(adoption.commands).toEqual(['-e -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 7']);
    expect(adoption.differences).toMatchObject([
      'real server rs1 (10.11.12.21:80) of web: forwarding tunnel → nat',
    ]);
    expect(adoption.destinations).toBe(2);
  });

  it('tells a destination that only the kernel has, and a service that it lacks', () => {
    const adoption = compare([...live.slice(0, 3), '-a -t 192.0.2.100:80 -r 10.11.12.23:80 -m -w 1']);
    expect(adoption.differences).toMatchObject([
      'real server 10.11.12.23:80 of web removed',
      'service dns (udp 192.0.2.101:53) added: scheduler wlc',
      'real server rs1 (10.11.12.21:53) of dns added: weight 1, forwarding nat',
    ]);
    expect(adoption.commands).toEqual([
      '-d -t 192.0.2.100:80 -r 10.11.12.23:80',
      '-A -u 192.0.2.101:53 -s wlc',
      '-a -u 192.0.2.101:53 -r 10.11.12.21:53 -m -w 1',
    ]);
  });

  it('leaves a service alone that the configuration does not know', () => {
    const adoption = compare([
      ...live,
      '-A -t 192.0.2.200:25 -s rr',
      '-a -t 192.0.2.200:25 -r 10.11.12.9:25 -m -w 1',
    ]);
    expect(adoption).toMatchObject({ differences: [], commands: [], foreign: ['tcp 192.0.2.200:25'] });
    expect(adoptionWords(adoption).notes).toMatchObject([
      expect.stringMatching(/1 service of the kernel stands in no/),
    ]);
  });

  it('removes such a service when the configuration says so, and tells it', () => {
    const removing = { ...config, global: { ...config.global, foreignServices: 'remove' as const } };
    expect(
      compareWithLive(removing, readTable([...live, '-A -t 192.0.2.200:25 -s rr'].join('\n'))),
    ).toMatchObject({
      foreign: [],
      differences: ['service tcp 192.0.2.200:25 removed'],
      commands: ['-D -t 192.0.2.200:25'],
    });
  });

  it('says of the standby of a Piranha pair that it has no table', () => {
    expect(adoptionWords(compare([])).title).toMatch(/no routing table now/);
  });

  const corpus = new URL('../lvs/corpus/', import.meta.url);
  it('finds nothing to change on a router that runs what the file says, for every file of the corpus', () => {
    let withTable = 0;
    for (const name of readdirSync(corpus).filter((file) => file.endsWith('.cf'))) {
      const parsed = parseConfig(readFileSync(new URL(name, corpus), 'utf8')).config;
      const table = compileTable(parsed);
      const adoption = compareWithLive(parsed, readTable(tableLines(table).join('\n')));
      expect(adoption, name).toMatchObject({
        differences: [],
        commands: [],
        weights: [],
        absent: [],
        foreign: [],
      });
      expect(adoption.services, name).toBe(table.services.length);
      if (adoption.hasTable) withTable += 1;
    }
    expect(withTable).toBeGreaterThan(20);
  });
});
