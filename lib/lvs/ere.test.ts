import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileEre } from './ere.ts';
import { growsAtMost } from './growth-in-test.ts';

const test = (pattern: string, text: string): boolean => {
  const result = compileEre(pattern);
  if (!result.ok) throw new Error(result.message);
  return result.ere.test(text);
};

describe('what grep -E says', () => {
  it.each([
    ['abc', 'xxabcxx', true],
    ['abc', 'ab', false],
    ['ABC', 'abc', false],
    ['^HTTP/1.[01] (200|302)', 'HTTP/1.0 200 OK\r\n', true],
    ['^HTTP/1.[01] (200|302)', 'HTTP/1.1 503 Service Unavailable', false],
    ['^HTTP', 'x HTTP', false],
    ['OK$', 'all OK', true],
    ['OK$', 'OK!', false],
    ['^$', '', true],
    ['^$', 'a', false],
    ['', 'anything', true],
    ['a|b|', '', true],
    ['()', '', true],
    ['a(|b)c', 'ac', true],
    ['a{2}', 'xaay', true],
    ['^a{2}$', 'aaa', false],
    ['^a{2,}$', 'aaa', true],
    ['^a{,2}$', 'aaa', false],
    ['^a{1,3}$', 'aaaa', false],
    ['^(ab){2,3}$', 'ababab', true],
    ['^a**$', 'aaa', true],
    ['a.c', 'a\nc', true],
    ['^[[:digit:]]+$', '2024', true],
    ['^[[:digit:][:blank:]-]+$', '1 -2', true],
    ['^[^[:space:]]+$', 'a b', false],
    ['^[]x]+$', 'x]', true],
    ['^[^]x]+$', 'ab', true],
    ['^[a-]+$', '-a-', true],
    ['^[\\.]$', '\\', true],
    ['^[[.-.]]$', '-', true],
    ['^\\.$', '.', true],
    ['^\\.$', 'x', false],
    ['\\<up\\>', 'is up now', true],
    ['\\bup\\b', 'upper', false],
    ['\\w+\\s\\S', 'a b', true],
    ['a\\|b', 'a|b', true],
    [')', 'a)', true],
    ['a^b', 'a^b', false],
    ['(a*)*', 'b', true],
    ['^(a*)+$', 'aab', false],
    ['^(a|b)*abb$', 'babaabb', true],
  ])('%s on %j', (pattern, text, matches) => {
    expect(test(pattern, text)).toBe(matches);
  });
});

describe('what cannot be read is told with its place', () => {
  it.each([
    ['*', 0, /nothing stands before "\*"/],
    ['a|*', 2, /nothing stands before/],
    ['(ab', 0, /closing "\)" is missing/],
    ['x[ab', 1, /closing "\]" is missing/],
    ['a{2', 1, /a count is expected/],
    ['a{3,2}', 1, /wrong way round/],
    ['[z-a]', 1, /wrong way round/],
    ['[[:nope:]]', 1, /no character class/],
    ['ab\\', 2, /backslash stands at the end/],
    ['(a)\\1', 3, /back-reference/],
    ['(a{1000}){1000}', 0, /too large/],
    ['((){32767}){32767}', 0, /too large/],
    ['|'.repeat(4000), 0, /too large/],
    ['a'.repeat(5000), 4096, /longer than 4096/],
    [`${'('.repeat(500)}a${')'.repeat(500)}`, 100, /nested/],
  ])('%s', (pattern, at, message) => {
    const result = compileEre(pattern);
    expect(result).toMatchObject({ ok: false, at });
    if (!result.ok) expect(result.message).toMatch(message);
  });
});

/** Random expressions that JavaScript reads the same way. */
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', 'c'),
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => left + right),
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(${left}|${right})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}'))
      .map(([of, times]) => `(${of})${times}`),
  ),
})).node;

describe('laws', () => {
  it('agrees with the backtracking engine on short texts', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }),
        fc.boolean(),
        (source, text, anchored) => {
          const whole = anchored ? `^(${source})$` : source;
          expect(test(whole, text)).toBe(new RegExp(whole, 's').test(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('does not depend on how the text is cut into pieces', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 4 })),
        (source, pieces) => {
          const compiled = compileEre(`\\b(${source})`);
          if (!compiled.ok) throw new Error(compiled.message);
          const { ere } = compiled;
          const matcher = ere.matcher();
          const found = pieces.map((piece) => matcher.feed(piece));
          expect(found.at(-1) ?? false).toBe(
            pieces.some((_, index) => ere.test(pieces.slice(0, index + 1).join(''))),
          );
        },
      ),
    );
  });

  it('takes a time in proportion to the text where backtracking would never end', () => {
    const compiled = compileEre('^(a+)+(a|aa)+(b|bb)*$');
    if (!compiled.ok) throw new Error(compiled.message);
    const test = (length: number) => () => expect(compiled.ere.test(`${'a'.repeat(length)}c`)).toBe(false);
    expect(growsAtMost(80, { small: test(4 * 1024), large: test(64 * 1024), floorMs: 2 })).toBe(true);
  });
});
