import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDottedIpv4, isIpv6, readIpv6 } from './address.ts';

test.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['0:0:0:0:0:0:0:0', '::'],
])('%s is written %s (RFC 5952)', (text, canonical) => {
  expect(readIpv6(text)).toBe(canonical);
  expect(isIpv6(canonical)).toBe(true);
});

test.each([
  '',
  ':',
  ':::',
  '1:2',
  '1::2::3',
  '12345::',
  'g::',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8:9',
  '192.0.2.1',
  '1.2.3.4::',
  '::1%eth0',
])('%j is no IPv6 address', (text) => {
  expect(readIpv6(text)).toBeNull();
});

test('every address that the operating system takes is read, and nothing else', () => {
  const group = fc.oneof(
    fc.constant('0'),
    fc.constant(''),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdefgF.'), maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 9 }), (groups) => {
      const text = groups.join(':');
      const read = readIpv6(text);
      expect(read !== null, text).toBe(isIP(text) === 6);
      if (read !== null) expect(readIpv6(read)).toBe(read);
    }),
    { numRuns: 2000 },
  );
});

const numberish = fc.oneof(
  fc.nat(300).map(String),
  fc.constantFrom('', '00', '01', '-1', '1e2', ' 1', '256', '0x1'),
);

test('a dotted address is four decimal numbers from 0 to 255 without zeros in front, as node:net has it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(numberish, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.')),
        fc.ipV4(),
        fc.string(),
      ),
      (text) => isDottedIpv4(text) === (isIP(text) === 4),
    ),
    { numRuns: 2000 },
  );
});
