import { describe, expect, it } from 'vitest';
import { examine } from './examine.ts';
import { DEFAULT_DEVICE as device } from './result.ts';

const kernel = '-A -t 192.0.2.100:80 -s rr\n-a -t 192.0.2.100:80 -r 10.11.12.21:80 -m -w 2\n';
const ask = (text: string, liveTable: string | null = null) =>
  examine({ text, dialect: null, device, liveTable });

describe('what is told of a text before it is imported', () => {
  it('recognises nothing in nothing', () => {
    expect(ask('')).toMatchObject({ dialect: null, diagnostics: [], table: [] });
    expect(ask('Dear sir or madam')).toMatchObject({ dialect: null });
  });

  it('keeps apart what forbids the import of a foreign text and what it could not say', () => {
    const found = ask(kernel, kernel);
    expect(found).toMatchObject({ dialect: 'ipvsadm', diagnostics: [], table: kernel.trim().split('\n') });
    expect(found.toComplete.map(({ code }) => code)).toContain('primary-missing');
    expect(found.adoption).toMatchObject({ services: 1, destinations: 1, differences: [] });
    const faulty = ask(`${kernel}-a nonsense\n`, kernel);
    expect(faulty.diagnostics).toMatchObject([{ line: 3, severity: 'error' }]);
    expect(faulty).toMatchObject({ table: [], adoption: null });
  });

  it('forbids an lvs.cf that cannot be read, and lets one pass that a draft can hold and a push would refuse', () => {
    const text = 'serial_no = 1\nvirtual web {\n  active = 1\n}\n';
    const found = ask(text);
    expect(found).toMatchObject({ dialect: 'lvs', obstacles: 0 });
    expect(found.toComplete.length).toBeGreaterThan(1);
    // They have their lines in the text, too.
    expect(found.diagnostics).toEqual(expect.arrayContaining([...found.toComplete]));
    const unread = ask(text.replace('active', 'aktive'));
    expect(unread).toMatchObject({ toComplete: [], table: [] });
    expect(unread.obstacles).toBeGreaterThan(1);
    expect(ask(text.slice(0, -2))).toMatchObject({ obstacles: 1, table: [] });
  });

  it('reads in the chosen dialect, whatever the text looks like', () => {
    const found = examine({ text: kernel, dialect: 'lvs', device, liveTable: null });
    expect(found.dialect).toBe('lvs');
    expect(found.diagnostics[0]).toMatchObject({ line: 1, severity: 'error' });
  });
});
