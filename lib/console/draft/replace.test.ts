import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatConfig } from '#lib/lvs/format.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { fillDraft } from '../revisions/mutations.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readDraft } from './data.ts';
import { configOf } from './draft.ts';

const corpus = 'lib/lvs/corpus';

let shoal: TestConsole;
beforeAll(() => {
  shoal = openTestConsole();
});
afterAll(() => shoal.end());

const draftOf = async (clusterId: string) => {
  const draft = await readDraft(shoal.db, clusterId);
  if (!draft) throw new Error('no cluster');
  return draft;
};

describe('a whole configuration in place of the draft', () => {
  it('comes back from the rows as it was, for every file of the corpus, each over the one before', async () => {
    const clusterId = await newCluster(shoal.db);
    const files = readdirSync(corpus).filter((name) => name.endsWith('.cf'));
    let taken = 0;
    for (const name of files) {
      const text = readFileSync(join(corpus, name), 'utf8');
      const { config, diagnostics } = parseConfig(text);
      const result = await fillDraft(shoal.db, alice, clusterId, text);
      expect(result.ok, name).toBe(!diagnostics.some(({ severity }) => severity === 'error'));
      if (!result.ok) continue;
      taken += 1;
      expect(formatConfig(configOf(await draftOf(clusterId))), name).toBe(formatConfig(config));
    }
    expect(taken).toBeGreaterThan(10);
  }, 60_000);

  it('keeps the identity of rows whose name stays, and their version when nothing changed', async () => {
    const clusterId = await newCluster(shoal.db);
    const block = (name: string, port: number) => `virtual ${name} {\n active = 0\n port = ${port}\n}\n`;
    await fillDraft(shoal.db, alice, clusterId, block('a', 80) + block('b', 81));
    const before = await draftOf(clusterId);
    await fillDraft(shoal.db, alice, clusterId, block('b', 8181) + block('c', 82) + block('a', 80));
    const after = await draftOf(clusterId);
    const find = (name: string, draft = after) => draft.virtuals.find((row) => row.name === name);
    expect(after.virtuals.map(({ name }) => name)).toEqual(['b', 'c', 'a']);
    expect(find('a')).toMatchObject({ id: find('a', before)?.id, version: 1 });
    expect(find('b')).toMatchObject({ id: find('b', before)?.id, version: 2 });
  });
});
