/** The table of dialects: each recognises its own, and answers to anything. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Dialect, dialects, recogniseDialect } from './dialects.ts';

const saved = readFileSync(new URL('../ipvs/fixtures/save.txt', import.meta.url), 'utf8');
const piranha = readFileSync(new URL('../lvs/corpus/0000.cf', import.meta.url), 'utf8');

describe('a text is recognised by its content', () => {
  test.each([
    ['ipvsadm', saved],
    ['ipvsadm', '-A -t 192.0.2.1:80 -s wlc\n'],
    ['lvs', piranha],
    ['lvs', 'virtual web {\n  active = 1\n}\n'],
  ] as const)('as %s', (dialect, text) => {
    expect(recogniseDialect(text)).toBe(dialect);
  });

  test('or not at all', () => {
    expect(recogniseDialect('')).toBeNull();
    expect(recogniseDialect('hello\n')).toBeNull();
  });
});

describe('every dialect', () => {
  test.each(Object.keys(dialects) as Dialect[])('%s answers to an empty text and to nonsense', (name) => {
    for (const text of ['', '\n', 'nonsense', '\0\uFEFF{{{"']) {
      const result = dialects[name].read(text);
      expect(result.config.virtualServers).toEqual([]);
      for (const { line, column } of result.diagnostics) expect([line, column]).not.toContain(0);
    }
  });

  test.each(Object.keys(dialects) as Dialect[])('%s says that nonsense does not load', (name) => {
    expect(dialects[name].read('nonsense {\n').loads).toBe(false);
  });
});
