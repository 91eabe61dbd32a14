/** The catalogue and its use: no row without a golden file or a test that shows it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { faults, reasons } from './messages.ts';

const here = new URL('./', import.meta.url);
const shown = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.expected$|(?<!messages)\.test\.ts$/.test(name))
  .map((name) => readFileSync(new URL(name, here), 'utf8'))
  .join('\n');

describe.each([
  ['fault', faults],
  ['reason', reasons],
] as const)('every %s', (_, rows) => {
  test('stands in a golden file or a test', () => {
    const unproved = Object.keys(rows).filter(
      (code) => !new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(shown),
    );
    expect(unproved).toEqual([]);
  });

  test('has a code of kebab-case words', () => {
    for (const code of Object.keys(rows)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

test('reasons are sentences', () => {
  const facts = { text: 'x', id: 'x', device: 'x', main: 'x', missing: 'x', address: 'x', name: 'x' };
  const more = { port: 1, method: 'nat', check: 'x', before: 1, after: 2 };
  for (const say of Object.values(reasons))
    expect((say as unknown as (given: object) => string)({ ...facts, ...more })).toMatch(
      /^[A-Z"].*\.$|^[a-z.]+ .*\.$/,
    );
});
