/** Whatever the bytes: every dialect answers, in time that grows with the size and no faster. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatConfig } from '../lvs/format.ts';
import { growsAtMost } from '../lvs/growth-in-test.ts';
import { parseConfig } from '../lvs/parse.ts';
import { type Dialect, dialects, recogniseDialect } from './dialects.ts';

const folder = new URL('./golden/', import.meta.url);
const names = Object.keys(dialects) as Dialect[];
const goldens = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** What holds for every text in every dialect. */
function holds(text: string): void {
  recogniseDialect(text);
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const name of names) {
    const { config, diagnostics, notCarried, loads } = dialects[name].read(text, { configId: 'lb1' });
    for (const { line, column } of diagnostics) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    for (const { line, reason } of notCarried) {
      expect(line).toBeLessThanOrEqual(lines);
      expect(reason).not.toContain('undefined');
    }
    const written = formatConfig(config);
    if (loads && name !== 'lvs')
      expect(parseConfig(written).config.virtualServers).toHaveLength(config.virtualServers.length);
  }
}

const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    '\t',
    '\n',
    '\r',
    '"',
    "'",
    '{',
    '}',
    '=',
    '#',
    '!',
    '@lb1 ',
    '@^x',
    '$A',
    `\${A}`,
    '$A=',
    '\\',
    '\0',
    '~SEQ(A,1,2) ',
  ),
  fc.constantFrom(
    'virtual_server',
    'real_server',
    '192.0.2.1',
    '80',
    'weight',
    'TCP_CHECK',
    'HTTP_GET',
    'url',
    'fwmark',
    'group',
    'include x',
  ),
  fc.constantFrom(
    'virtual =',
    '\treal =',
    'checktype',
    'connect',
    '192.0.2.1->192.0.2.9:80',
    'masq',
    '-A',
    '-a',
    '-t',
    '2001:db8::1',
    '-r',
    'constructor',
  ),
);

describe('any text', () => {
  test('made of random characters is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), holds), { numRuns: 500 });
  }, 60_000);

  test('made of the pieces of the languages is read', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => holds(pieces.join(' '))),
      { numRuns: 700 },
    );
  }, 60_000);

  test('made by damaging a golden file is read', () => {
    const damage = fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.oneof(piece, fc.string({ maxLength: 5 })));
    fc.assert(
      fc.property(
        fc.constantFrom(...goldens),
        fc.array(damage, { minLength: 1, maxLength: 5 }),
        (file, damages) => {
          let text = file;
          for (const [at, removed, added] of damages) {
            const start = at % (text.length + 1);
            text = text.slice(0, start) + added + text.slice(start + removed);
          }
          holds(text);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('time', () => {
  const address = (index: number): string => `10.${index >> 16}.${(index >> 8) % 256}.${index % 256}`;
  const times = (make: (index: number) => string) => (count: number) =>
    Array.from({ length: count }, (_, index) => make(index)).join('\n');
  const keepalived: readonly (readonly [string, (count: number) => string])[] = [
    [
      'virtual servers',
      times(
        (i) =>
          `virtual_server ${address(i)} 80 {\nprotocol TCP\nreal_server ${address(i)} 80 {\nTCP_CHECK {\n}\n}\n}`,
      ),
    ],
    [
      'real servers',
      (count) =>
        `virtual_server 192.0.2.1 80 {\n${times((i) => `real_server ${address(i)} 80 {\nHTTP_GET {\nurl {\npath /${i}\n}\n}\n}`)(count)}\n}`,
    ],
    ['vrrp instances', times((i) => `vrrp_instance ${i} {\nvirtual_ipaddress {\n${address(i)}/24\n}\n}`)],
    [
      'marks and addresses',
      times(
        (i) =>
          `virtual_server fwmark ${i + 1} {\n}\nvrrp_instance ${i} {\nvirtual_ipaddress {\n${address(i)}/24\n}\n}`,
      ),
    ],
    ['open blocks', times(() => 'virtual_server 192.0.2.1 80 {')],
    ['closing braces', times(() => '}')],
    ['unknown keywords', times((i) => `lvs_schet${i} rr`)],
    ['quotes on one line', (count) => '"a '.repeat(count)],
    ['backslashes', (count) => `x "${'\\'.repeat(count * 10)}`],
    ['definitions', times((i) => `$A${i}=$A${i - 1}`)],
    ['uses of definitions', (count) => `$A=x\n${'\x24{A}'.repeat(count)}`],
    ['dollars', (count) => '\x24{'.repeat(count * 3)],
    [
      'groups',
      times((i) => `virtual_server_group g {\n${address(i)}-255 80\n}\nvirtual_server group g {\n}`),
    ],
  ];
  const others: readonly (readonly [Dialect, string, (count: number) => string])[] = [
    [
      'ipvsadm',
      'services',
      times((i) => `-A -t ${address(i)}:80 -s rr\n-a -t ${address(i)}:80 -r ${address(i)}:80 -m -w 1`),
    ],
    ['ldirectord', 'services', times((i) => `virtual = ${address(i)}:80\n\treal = ${address(i)}:80 masq\n`)],
    [
      'ldirectord',
      'real servers',
      (count) =>
        `virtual = 192.0.2.1:80\n${times((i) => `\treal = ${address(i)}:80 masq 1 "/${i}","ok"`)(count)}`,
    ],
    ['ldirectord', 'ranges', times((i) => `virtual = ${address(i)}:80\n\treal = 10.0.0.0->10.0.0.255 gate`)],
    ['ldirectord', 'unknown keywords', times((i) => `checktimeou${i} = 1`)],
    ['ldirectord', 'comment signs', (count) => `logfile = "${' #'.repeat(count * 10)}"`],
    ['ipvsadm', 'nonsense', times(() => '-a -t x')],
  ];

  test.each([...keepalived.map(([what, make]) => ['keepalived', what, make] as const), ...others])(
    'of %s grows with the number of %s and no faster',
    (dialect, _, make) => {
      const [small = '', large = ''] = [200, 2_000].map(make);
      const { read } = dialects[dialect];
      // 10 times the size: quadratic time would be 100 times as long.
      expect(growsAtMost(40, { small: () => read(small), large: () => read(large), floorMs: 20 })).toBe(true);
    },
    120_000,
  );
});
