/** The page about Piranha's faults names tests; each of them has to be there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const rows = [...read('docs/piranha-faults.md').matchAll(/^\| ([A-Z]\d+) \|.*\| `([^`]+)`: (.+) \|$/gm)].map(
  ([, fault = '', file = '', title = '']) => ({ fault, file, title }),
);

test('the page has a row for each kind of fault', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(new Set(rows.map(({ fault }) => fault[0]))).toEqual(new Set(['S', 'C', 'D', 'H']));
});

test.each(rows)('$fault: $title', ({ file, title }) => {
  expect(existsSync(new URL(file, root)), file).toBe(true);
  const text = read(file);
  // As a title, not in passing: behind a quote, with or without what comes after it.
  expect([`'${title}`, `"${title}`, `\`${title}`].some((start) => text.includes(start))).toBe(true);
});
