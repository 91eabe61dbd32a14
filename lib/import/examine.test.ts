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

  it('takes every error of an lvs.cf for one that forbids it', () => {
    const found = ask('serial_no = 1\nvirtual web {\n  active = 1\n}\n');
    expect(found).toMatchObject({ dialect: 'lvs', toComplete: [], table: [] });
    expect(found.diagnostics.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(1);
  });

  it('reads in the chosen dialect, whatever the text looks like', () => {
    const found = examine({ text: kernel, dialect: 'lvs', device, liveTable: null });
    expect(found.dialect).toBe('lvs');
    expect(found.diagnostics[0]).toMatchObject({ line: 1, severity: 'error' });
  });
});
