import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { directivesOf, type Scope } from './directives.ts';

const page = readFileSync('docs/piranha-panels.md', 'utf8');

/** The block that the fields of a section belong to. */
const scopes: Readonly<Record<string, Scope>> = {
  'GLOBAL SETTINGS': 'global',
  REDUNDANCY: 'global',
  'VIRTUAL SERVER': 'virtual',
  'REAL SERVER': 'server',
  'MONITORING SCRIPTS': 'virtual',
  FAILOVER: 'failover',
};

const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf('\n')), text }));

/** Rows that name a key. */
const rows = sections.flatMap(({ title, text }) =>
  [...text.matchAll(/^\| (.+?) \| `(.+?)` \| (.+?) \| (.+?) \|$/gm)].map(
    ([, original = '', name = '', panel = '', label = '']) => ({ title, original, name, panel, label }),
  ),
);

describe("the page on Piranha's panels", () => {
  it('has the fields of each panel', () => {
    expect(Object.keys(scopes).filter((title) => !rows.some((row) => row.title === title))).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
  });

  it.each(rows)('$title: $original is where the page says', ({ title, name, panel, label }) => {
    const scope = scopes[title];
    const directive = scope && directivesOf[scope].find((row) => row.name === name);
    expect(directive, `no directive ${name} in ${scope}`).toBeDefined();
    expect([directive?.panel, directive?.label]).toEqual([panel, label]);
  });

  it('leaves out no directive of Piranha that has a field', () => {
    const named = new Set(rows.map(({ title, name }) => `${scopes[title]} ${name}`));
    const missing = (['global', 'virtual', 'server'] as const).flatMap((scope) =>
      directivesOf[scope]
        .filter(({ dialect, panel }) => dialect === 'piranha' && panel !== 'none' && panel !== 'failover')
        .map(({ name }) => `${scope} ${name}`),
    );
    expect(missing.filter((each) => !named.has(each))).toEqual([]);
  });
});
