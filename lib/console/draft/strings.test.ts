/** What people paste into text fields: every field of the table of directives, stored as typed or refused with a sentence. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directivesOf, type Scope } from '#lib/lvs/directives.ts';
import { formatConfig } from '#lib/lvs/format.ts';
import { type ClusterConfig, defaultServer, defaultVirtual, emptyConfig } from '#lib/lvs/model.ts';
import { parseConfig } from '#lib/lvs/parse.ts';
import { validateConfig } from '#lib/lvs/validate.ts';
import { isSentence, strings } from '../strings-in-test.ts';
import { alice, newCluster, openTestConsole, type TestConsole } from '../test-console.ts';
import { readDraft } from './data.ts';
import { type RowSettings, virtualsOf } from './draft.ts';
import { fieldsOf, nameError, readFields } from './fields.ts';
import { createRow } from './mutations.ts';

const scopes: readonly Scope[] = ['global', 'virtual', 'failover', 'server'];
/** A configuration in which one row holds the settings. */
function configWith(scope: Scope, settings: RowSettings, name = 'row'): ClusterConfig {
  const empty = emptyConfig();
  if (scope === 'global') return { ...empty, global: { ...empty.global, ...settings } };
  if (scope === 'server') {
    const servers = [{ ...defaultServer(name), ...settings }];
    return { ...empty, virtualServers: [{ ...defaultVirtual('web'), servers }] };
  }
  const block = { ...defaultVirtual(name), ...settings };
  return scope === 'virtual'
    ? { ...empty, virtualServers: [block] }
    : { ...empty, failoverServices: [block] };
}

/** The row again, from the file. */
function rowOf(scope: Scope, config: ClusterConfig) {
  if (scope === 'global') return { ...config.global, name: '' };
  if (scope === 'server') return config.virtualServers[0]?.servers[0];
  return scope === 'virtual' ? config.virtualServers[0] : config.failoverServices[0];
}

/** What is wrong with how a field takes the text; null when it is stored and shown as typed, or refused in words. */
function faultOf(scope: Scope, key: string, text: string): string | null {
  const read = readFields(scope, {}, { [key]: text });
  if (!read.ok) return isSentence(read.fields[key]?.message) ? null : 'refused without a sentence';
  const shown = fieldsOf(scope, read.settings)[key];
  // A line break parts the items of a list as a blank does.
  const isList = directivesOf[scope].find((row) => row.key === key)?.kind.arity === 'list';
  const typed = isList ? text.trim().replaceAll(/\s+/g, ' ') : text.trim();
  if (shown !== typed) return `shown as ${JSON.stringify(shown?.slice(0, 60))}`;
  const config = configWith(scope, read.settings);
  validateConfig(config);
  const again = parseConfig(formatConfig(config));
  const error = again.diagnostics.find(({ severity }) => severity === 'error');
  if (error) return `the file: ${error.message.slice(0, 100)}`;
  const written = fieldsOf(scope, { ...rowOf(scope, again.config) })[key];
  return written === shown ? null : `back from the file as ${JSON.stringify(written?.slice(0, 60))}`;
}

describe.each(Object.entries(strings))('%s', (_what, text) => {
  it.each(scopes)(
    'in each field of a %s row: stored and shown as typed, or refused with a sentence',
    (scope) => {
      const keys = directivesOf[scope]
        .filter(({ key, kind }) => key !== 'serialNumber' && kind.widget !== 'switch')
        .map(({ key }) => key);
      const faults = keys.flatMap((key) => {
        const fault = faultOf(scope, key, text);
        return fault === null ? [] : [`${key}: ${fault}`];
      });
      expect(keys.length).toBeGreaterThan(2);
      expect(faults).toEqual([]);
    },
  );

  it.each(scopes.filter((scope) => scope !== 'global'))('as the name of a %s block', (scope) => {
    const error = nameError(text, [], null);
    if (error !== null) {
      expect(isSentence(error.message)).toBe(true);
      return;
    }
    const again = parseConfig(formatConfig(configWith(scope, {}, text)));
    expect(rowOf(scope, again.config)?.name).toBe(text);
  });
});

describe('the database', () => {
  let shoal: TestConsole;
  beforeAll(() => {
    shoal = openTestConsole();
  });
  afterAll(() => shoal.end());

  it.each(Object.entries(strings))('holds %s as it came', async (_what, text) => {
    const clusterId = await newCluster(shoal.db);
    const values = { send: text };
    const made = await createRow(shoal.db, alice, {
      clusterId,
      name: 'web',
      values,
      place: { kind: 'virtual' },
    });
    const draft = await readDraft(shoal.db, clusterId);
    const [row] = draft ? virtualsOf(draft, 'virtual') : [];
    if (made.ok) expect(fieldsOf('virtual', row?.settings ?? {}).send).toBe(text.trim());
    else {
      expect(row).toBeUndefined();
      expect(isSentence(made.fields.send?.message ?? made.message)).toBe(true);
    }
  });
});
