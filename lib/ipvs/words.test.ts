/** Steps in words: every step has one sentence, and every difference stands in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../lvs/parse.ts';
import { anyTable } from './arbitrary.ts';
import { destinationName } from './command.ts';
import { planSteps } from './plan.ts';
import { readTable } from './read.ts';
import { planReport } from './report.ts';
import { serviceInWords, stepsInWords, tableNames } from './words.ts';

const words = (before: string, after: string): string[] => {
  const [a, b] = [readTable(before), readTable(after)];
  return stepsInWords(a, planSteps(a, b));
};
const web = '-A -t 192.0.2.100:80 -s wlc\n';
const rs = '-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 1\n';

describe('a sentence says', () => {
  it.each([
    ['a new service', '', web, 'service tcp 192.0.2.100:80 added: scheduler wlc'],
    [
      'a new service with all that it has',
      '',
      '-A -u [2001:db8::1]:53 -s mh -p 300 -M 64 -o -b mh-fallback,mh-port\n',
      'service udp [2001:db8::1]:53 added: scheduler mh, persistence 300 s, persistence mask 64, scheduler flags mh-fallback mh-port, one packet on',
    ],
    ['a service that goes', web, '', 'service tcp 192.0.2.100:80 removed'],
    [
      'another scheduler',
      web,
      '-A -t 192.0.2.100:80 -s rr -p 60\n',
      'service tcp 192.0.2.100:80: scheduler wlc → rr, persistence none → 60 s',
    ],
    [
      'a new destination',
      web,
      web + rs,
      'real server 10.11.12.21:80 of tcp 192.0.2.100:80 added: weight 1, forwarding nat',
    ],
    ['a destination that goes', web + rs, web, 'real server 10.11.12.21:80 of tcp 192.0.2.100:80 removed'],
    [
      'another weight and method',
      web + rs,
      web + rs.replace('-m -w 1', '-g -w 3'),
      'real server 10.11.12.21:80 of tcp 192.0.2.100:80: weight 1 → 3, forwarding nat → direct',
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(words(before, after)).toEqual([expected]);
  });
});

it('marks have their number, and their family where it is IPv6', () => {
  expect(serviceInWords({ kind: 'mark', mark: 7, family: 4 })).toBe('firewall mark 7');
  expect(serviceInWords({ kind: 'mark', mark: 7, family: 6 })).toBe('firewall mark 7 (IPv6)');
});

it('for any two tables there is one sentence a step, and each names its service', () => {
  fc.assert(
    fc.property(anyTable, anyTable, (before, after) => {
      const steps = planSteps(before, after);
      const sentences = stepsInWords(before, steps);
      expect(sentences).toHaveLength(steps.length);
      for (const [index, step] of steps.entries()) {
        const key = 'service' in step ? step.service.key : step.key;
        expect(sentences[index]).toContain(serviceInWords(key));
        if ('destination' in step) expect(sentences[index]).toContain(destinationName(step.destination));
        // A change that names nothing would tell nothing.
        expect(sentences[index]).not.toMatch(/: $|set again/);
      }
    }),
    { numRuns: 300 },
  );
});

const clusterText = (weight: number): string =>
  [
    'network = direct',
    'virtual web {',
    '  active = 1',
    '  address = 192.0.2.100 eth0:1',
    '  port = 80',
    '  server rs1 {',
    '    address = 10.11.12.21',
    '    port = 8080',
    '    active = 1',
    `    weight = ${weight}`,
    '  }',
    '}',
    '',
  ].join('\n');

describe('a plan', () => {
  it('calls things by their names in the configuration, whatever port the kernel keeps', () => {
    const names = tableNames(parseConfig(clusterText(1)).config);
    expect([...names.keys()]).toContain('-t 192.0.2.100:80 -r 10.11.12.21:80');
    expect(planReport(clusterText(3), clusterText(1))).toMatchObject({
      words: ['real server rs1 (10.11.12.21:80) of web: weight 1 → 3'],
    });
    expect(planReport(clusterText(1))).toMatchObject({
      words: [
        'service web (tcp 192.0.2.100:80) added: scheduler wlc',
        'real server rs1 (10.11.12.21:8080) of web added: weight 1, forwarding direct',
      ],
    });
  });

  it('takes away what the configuration before had and this one has not', () => {
    const report = planReport('network = direct\n', clusterText(1));
    expect(report).toMatchObject({
      plan: { commands: ['-D -t 192.0.2.100:80'] },
      words: ['service web (tcp 192.0.2.100:80) removed'],
    });
  });

  it('leaves services of a saved table that nobody names, unless they are to be removed', () => {
    const table = '-A -f 7 -s rr\n';
    expect(planReport(clusterText(1), table)).toMatchObject({ kept: ['firewall mark 7'] });
    const removing = planReport(`#@ foreign = remove\n${clusterText(1)}`, table);
    expect(removing).toMatchObject({ kept: [] });
    expect(removing.ok && removing.plan.commands).toContain('-D -f 7');
  });

  it('from a saved table that is what is wanted changes nothing', () => {
    const table = `-A -t 192.0.2.100:80 -s wlc\n-a -t 192.0.2.100:80 -r 10.11.12.21:80 -g -w 1\n`;
    expect(planReport(clusterText(1), table)).toMatchObject({ plan: { commands: [] }, words: [] });
  });

  it('says which lines of a saved table were no rules, and which of two texts is faulty', () => {
    expect(planReport(clusterText(1), `${web}nonsense\n`)).toMatchObject({
      passedOver: [{ line: 2, text: 'nonsense' }],
    });
    expect(planReport(clusterText(1), 'keepalve = 1\n')).toMatchObject({ ok: false, text: 'from' });
    expect(planReport('keepalve = 1\n', clusterText(1))).toMatchObject({ ok: false, text: 'wanted' });
  });
});
