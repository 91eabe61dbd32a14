import { describe, expect, it } from 'vitest';
import { directivesOf } from '#lib/lvs/directives.ts';
import { groupedRows, hasOwnValue, isShown, namedKeys } from './layout.ts';

const keysOf = (...args: Parameters<typeof groupedRows>) =>
  groupedRows(...args).flatMap(({ rows }) => rows.map(({ key }) => key));

describe('the layout of the panels', () => {
  it('names only keys that the table of directives has', () => {
    const known = new Set(Object.values(directivesOf).flatMap((rows) => rows.map(({ key }) => key)));
    expect(namedKeys().filter((key) => !known.has(key))).toEqual([]);
  });

  it.each([
    ['global', 'global'],
    ['global', 'redundancy'],
    ['virtual', 'virtual-server'],
    ['virtual', 'monitoring'],
    ['virtual', 'failover'],
    ['server', 'real-server'],
  ] as const)('shows every row of the scope %s that belongs to the panel %s exactly once', (scope, panel) => {
    const expected = directivesOf[scope].filter((row) => row.panel === panel).map(({ key }) => key);
    expect([...keysOf(scope, panel)].sort()).toEqual([...expected].sort());
  });
});

describe('the folded groups', () => {
  const foldOf = (...args: Parameters<typeof groupedRows>) =>
    groupedRows(...args).find(({ folded }) => folded) ?? { title: '', folded: true, rows: [] };
  const defaults = Object.fromEntries(
    directivesOf.virtual.map((row) => [row.key, row.kind.toField(row.default)]),
  );

  it('never hide what a check kind asks for', () => {
    const hidden = foldOf('virtual', 'monitoring').rows.filter(({ only }) => only?.key === 'checkKind');
    expect(hidden).toEqual([]);
    expect(foldOf('virtual', 'monitoring').rows.map(({ key }) => key)).toContain('checkPort');
  });

  it('have nothing to say while all is at its default, and something for one value that is not', () => {
    const more = foldOf('virtual', 'virtual-server');
    expect(hasOwnValue(more, defaults)).toBe(false);
    expect(hasOwnValue(more, { ...defaults, scheduler: 'mh', quorum: '2' })).toBe(true);
    expect(hasOwnValue(more, { ...defaults, note: 'ask the mail team' })).toBe(true);
  });
});

describe('show rules', () => {
  it('shows the NAT router only on a NAT network', () => {
    expect(isShown('natRouter', { forwarding: 'nat' })).toBe(true);
    expect(isShown('natRouter', { forwarding: 'direct' })).toBe(false);
  });

  it('shows nothing but the switch while no backup router is used', () => {
    const shown = keysOf('global', 'redundancy').filter((key) => isShown(key, { backupEnabled: '' }));
    expect(shown).toEqual(['backupEnabled']);
  });

  it("asks for the backup's private address only when the primary has one", () => {
    expect(isShown('backupPrivateAddress', { backupEnabled: '1', primaryPrivateAddress: '' })).toBe(false);
    expect(isShown('backupPrivateAddress', { backupEnabled: '1', primaryPrivateAddress: '10.11.12.1' })).toBe(
      true,
    );
  });

  it('shows the options of a check kind beside that kind only', () => {
    expect(isShown('httpPath', { checkKind: 'https' })).toBe(true);
    expect(isShown('httpPath', { checkKind: 'dns' })).toBe(false);
    expect(isShown('tlsName', { checkKind: 'http' })).toBe(false);
    expect(isShown('preemptDelaySeconds', { backupEnabled: '1', preempt: '1' })).toBe(true);
    expect(isShown('preemptDelaySeconds', { backupEnabled: '1', preempt: '' })).toBe(false);
  });

  it('shows a row without a rule always', () => {
    expect(isShown('scheduler', {})).toBe(true);
  });
});
