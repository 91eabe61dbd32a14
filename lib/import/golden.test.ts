/**
 * Golden files: golden/DIALECT/NAME.conf and, beside it, NAME.expected: the configuration as lvs.cf, the faults, and
 * what is not carried over. A new case is a new file; `vitest -u` writes what is expected, to be read by a person.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableLines } from '../ipvs/command.ts';
import { compileTable } from '../ipvs/compile.ts';
import { formatConfig } from '../lvs/format.ts';
import { parseConfig } from '../lvs/parse.ts';
import { type Dialect, dialects, recogniseDialect } from './dialects.ts';
import { readKeepalived } from './keepalived.ts';
import type { ImportResult } from './result.ts';
import { writeKeepalived } from './write-keepalived.ts';

const folder = new URL('./golden/', import.meta.url);
const cases = (Object.keys(dialects) as Dialect[])
  .filter((dialect) => dialect !== 'lvs')
  .flatMap((dialect) =>
    readdirSync(new URL(`${dialect}/`, folder))
      .filter((name) => name.endsWith('.conf'))
      .sort()
      .map((name) => ({ dialect, name, file: new URL(`${dialect}/${name}`, folder) })),
  )
  .map((golden) => ({ ...golden, text: readFileSync(golden.file, 'utf8') }));

/** What a reader of the golden file compares: rules of validation by their code, sentences of this folder in full. */
function shownAs({ config, diagnostics, loads, notCarried }: ImportResult): string {
  const faults = diagnostics.map(({ line, column, severity, code, message, path }) =>
    [`${line}:${column} ${severity} ${code}`, ...(path === undefined ? [message] : [])].join(': '),
  );
  return [
    formatConfig(config),
    `# ${loads ? 'Loads' : 'Does not load'}; faults:`,
    ...faults,
    '',
    '# Not carried over:',
    ...notCarried.map(({ line, what, code, reason }) => `${line} ${what} (${code}): ${reason}`),
    '',
  ].join('\n');
}

test('there are golden files of every dialect', () => {
  const count = (dialect: Dialect) => cases.filter((golden) => golden.dialect === dialect).length;
  expect(count('keepalived')).toBeGreaterThanOrEqual(12);
  expect(count('ldirectord')).toBeGreaterThanOrEqual(8);
  expect(count('ipvsadm')).toBeGreaterThanOrEqual(3);
});

describe.each(cases)('$dialect/$name', ({ dialect, name, file, text }) => {
  const result = dialects[dialect].read(text);

  test('is read as expected', async () => {
    await expect(shownAs(result)).toMatchFileSnapshot(file.pathname.replace(/\.conf$/, '.expected'));
  });

  test('is recognised', () => {
    expect(recogniseDialect(text)).toBe(dialect);
  });

  test('becomes a configuration that lvs.cf can hold', () => {
    const again = parseConfig(formatConfig(result.config));
    expect(again.diagnostics).toEqual([]);
    expect(again.config).toEqual(result.config);
  });

  test(name.startsWith('broken') ? 'does not load' : 'says where everything stands', () => {
    const lines = text.split('\n');
    for (const { line, column, length } of result.diagnostics) {
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column + (length ?? 0)).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
    }
    for (const { line, what } of result.notCarried) {
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(what).not.toBe('');
    }
    if (name.startsWith('broken')) expect(result.loads).toBe(false);
  });
});

/** Files that can be read, whatever they lack. */
const loading = cases.filter(({ dialect, text }) => dialects[dialect].read(text).loads);

test.each(loading)(
  '$dialect/$name programs the same routing table after a detour by keepalived.conf',
  ({ dialect, text }) => {
    const { config } = dialects[dialect].read(text);
    const again = readKeepalived(writeKeepalived(config, { role: 'primary' }).text).config;
    // keepalived has no ports behind a mark.
    const table = (one: typeof again) =>
      tableLines(compileTable(one)).map((line) => line.replace(/^(-a -f .* -r \S+):\d+ /, '$1:0 '));
    expect(table(again)).toEqual(table(config));
  },
);
