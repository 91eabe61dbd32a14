/** The catalogue and its use: no row without a test that names it, no code that the catalogue lacks. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from './messages.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const tests = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.test.ts'))
  .map(read)
  .join('\n');

test('every code of the catalogue stands in a test', () => {
  const unproved = Object.keys(catalogue).filter((code) => !new RegExp(`\\b${code}\\b`).test(tests));
  expect(unproved).toEqual([]);
});

test('codes are kebab-case words, severities are the three known ones', () => {
  for (const [code, { severity }] of Object.entries(catalogue)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(['error', 'warning', 'hint']).toContain(severity);
  }
});
