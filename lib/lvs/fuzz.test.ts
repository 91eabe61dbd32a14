/** Whatever the bytes: the parser answers, in time that grows with the size and no faster. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertTextLaws } from './fuzz-laws.ts';
import { growsAtMost } from './growth-in-test.ts';
import { checkText } from './report.ts';

const folder = new URL('./corpus/', import.meta.url);
const corpus = readdirSync(folder)
  .filter((name) => name.endsWith('.cf'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '"',
    "'",
    '{',
    '}',
    '=',
    '#',
    '#@',
    '[',
    ']',
    '\\',
    '\0',
    '\uFEFF',
  ),
  fc.constantFrom(
    'virtual',
    'server',
    'failover',
    'address',
    'port',
    'send',
    'dirs',
    'scheduler',
    'x',
    '1',
    'rr',
  ),
);

describe('any text', () => {
  test('made of random characters is read without an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), assertTextLaws), { numRuns: 1000 });
  }, 60_000);

  test('made of the pieces of the language is read, written and read again', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => assertTextLaws(pieces.join(''))),
      { numRuns: 2000 },
    );
  }, 60_000);

  test('made by damaging a real file is read, written and read again', () => {
    const damage = fc.tuple(fc.nat(), fc.nat({ max: 30 }), fc.oneof(piece, fc.string({ maxLength: 5 })));
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        (file, damages) => {
          let text = file;
          for (const [at, removed, added] of damages) {
            const start = at % (text.length + 1);
            text = text.slice(0, start) + added + text.slice(start + removed);
          }
          assertTextLaws(text);
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);
});

describe('time', () => {
  const manyServers = (count: number): string =>
    [
      'virtual web {',
      ...Array.from(
        { length: count },
        (_, i) => `server s${i} {\naddress = 10.${i >> 16}.${(i >> 8) % 256}.${i % 256}\nactive = 1\n}`,
      ),
      '}',
    ].join('\n');

  test.each([
    ['real servers', manyServers],
    ['open blocks', (count: number) => 'virtual a {\n'.repeat(count)],
    ['unknown blocks', (count: number) => '#@ a {\n'.repeat(count)],
    ['quotes on one line', (count: number) => `send = ${'"a '.repeat(count)}`],
    ['glued quotes on one line', (count: number) => `keepalive = ${`"a"b 'c' `.repeat(count)}`],
    ['digits', (count: number) => `keepalive = ${'1'.repeat(count * 10)}x`],
    ['dots', (count: number) => `primary = ${'1.'.repeat(count * 10)}`],
    ['letters of a name', (count: number) => `primary = ${'a1.'.repeat(count * 10)}`],
    ['blanks', (count: number) => `keepalive = 3${' \t'.repeat(count * 10)}`],
    ['comments', (count: number) => '# x\n'.repeat(count)],
    ['faults', (count: number) => 'nonsense\n'.repeat(count)],
    ['stray braces', (count: number) => '}\n'.repeat(count)],
  ])(
    'grows with the number of %s and no faster',
    (_, make) => {
      const [small = '', large = ''] = [1_000, 16_000].map(make);
      // 16 times the size: quadratic time would be 256 times as long.
      const work = { small: () => checkText(small), large: () => checkText(large), floorMs: 2 };
      expect(growsAtMost(80, work)).toBe(true);
    },
    60_000,
  );
});
