/** Sixty files and what Piranha 0.8.6 made of them (corpus/README.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasErrors } from './diagnostics.ts';
import { formatConfig } from './format.ts';
import { toPiranhaJson } from './json.ts';
import { parseConfig } from './parse.ts';
import { piranhaLoads } from './piranha-model.ts';

interface Accepted {
  readonly ok: true;
  readonly config: Record<string, unknown>;
}
interface Rejected {
  readonly ok: false;
  readonly line: number;
  readonly error: string;
}

const folder = new URL('./corpus/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.cf'))
  .sort()
  .map((name) => ({
    name,
    text: readFileSync(new URL(name, folder), 'utf8'),
    said: JSON.parse(readFileSync(new URL(name.replace('.cf', '.json'), folder), 'utf8')) as
      | Accepted
      | Rejected,
  }));
const accepted = cases.flatMap(({ name, text, said }) => (said.ok ? [{ name, text, said }] : []));
const rejected = cases.flatMap(({ name, text, said }) => (said.ok ? [] : [{ name, text, said }]));

/** Files where Piranha blames another line than the one with the fault, with the reason. None in this corpus. */
const trueLines: Readonly<Record<string, { readonly line: number; readonly reason: string }>> = {};

test('the corpus is complete: fifty-two accepted files, eight rejected ones', () => {
  expect([accepted.length, rejected.length]).toEqual([52, 8]);
});

describe('a file that Piranha accepts', () => {
  test.each(accepted)('$name means the same here, value by value', ({ text, said }) => {
    const { config, diagnostics } = parseConfig(text);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(toPiranhaJson(config)).toEqual(said.config);
  });

  test.each(accepted)('$name is written so that it is accepted again and means the same', ({ text }) => {
    const { config } = parseConfig(text);
    const written = formatConfig(config);
    const again = parseConfig(written);
    expect(again.diagnostics).toEqual([]);
    expect(again.config).toEqual(config);
    expect(formatConfig(again.config)).toBe(written);
    expect(piranhaLoads(written)).toMatchObject({ ok: true });
  });

  test.each(accepted)('$name is accepted by the model of Piranha that other tests rely on', ({ text }) => {
    expect(piranhaLoads(text)).toMatchObject({ ok: true });
  });
});

describe('a file that Piranha rejects', () => {
  test.each(rejected)('$name is rejected on the true line', ({ name, text, said }) => {
    const { diagnostics } = parseConfig(text);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(hasErrors(diagnostics)).toBe(true);
    expect(errors.map(({ line }) => line)).toEqual([trueLines[name]?.line ?? said.line]);
  });

  test.each(rejected)(
    '$name is rejected by the model of Piranha on the line that Piranha blames',
    ({ text, said }) => {
      expect(piranhaLoads(text)).toMatchObject({ ok: false, line: said.line });
    },
  );
});
