import { describe, expect, it } from 'vitest';
import { directivesOf } from '#lib/lvs/directives.ts';
import {
  answered,
  changedKeys,
  checked,
  discarded,
  left,
  reloaded,
  remarksByKey,
  startForm,
  typed,
} from './form-state.ts';

const rows = directivesOf.global;
const stored = { keepaliveSeconds: '2', deadtimeSeconds: '5', backupEnabled: '1', backupAddress: '' };
const start = startForm(stored, 3, []);

describe('the state of a form', () => {
  it('says nothing about a field while it is typed into, and a sentence when it is left', () => {
    const typing = typed(start, rows, 'keepaliveSeconds', 'x');
    expect(typing.errors).toEqual({});
    const after = left(typing, rows, 'keepaliveSeconds');
    expect(after.errors.keepaliveSeconds?.message).toContain('"x" is not a whole number');
    expect(typed(after, rows, 'keepaliveSeconds', '3').errors).toEqual({});
  });

  it('judges fields that are sent without having been left, but not those that do not show', () => {
    const wrong = typed(start, rows, 'backupAddress', '300.1.1.1');
    expect(Object.keys(checked(wrong, rows).errors)).toEqual(['backupAddress']);
    const hidden = typed(wrong, rows, 'backupEnabled', '');
    expect(checked(hidden, rows).errors).toEqual({});
  });

  it('keeps what was typed when the console refuses', () => {
    const typing = typed(start, rows, 'deadtimeSeconds', '1');
    const refused = answered(typing, typing.values, {
      ok: false,
      message: 'Not saved.',
      fields: { deadtimeSeconds: { message: 'Too short' } },
    });
    expect(refused.values.deadtimeSeconds).toBe('1');
    expect(refused.version).toBe(3);
    expect(refused.errors.deadtimeSeconds?.message).toBe('Too short');
  });

  it('is clean after a save, except for what was typed while it was under way', () => {
    const sent = typed(start, rows, 'deadtimeSeconds', '9').values;
    const busy = typed({ ...start, values: sent }, rows, 'keepaliveSeconds', '4');
    const saved = answered(busy, sent, { ok: true, version: 4, warnings: [] });
    expect(saved.version).toBe(4);
    expect(changedKeys(saved)).toEqual(['keepaliveSeconds']);
  });

  it('after a conflict shows the other values and keeps what was typed in sight', () => {
    const typing = typed(start, rows, 'deadtimeSeconds', '9');
    const conflict = answered(typing, typing.values, {
      ok: false,
      message: 'anna saved in between.',
      fields: {},
      conflict: { by: 'anna', at: '2026-01-01T00:00:00Z', changes: ['Assume dead after 5 s → 7 s'] },
    });
    const after = reloaded(conflict, { ...stored, deadtimeSeconds: '7' }, 4, []);
    expect(after.values.deadtimeSeconds).toBe('7');
    expect(after.typedBefore).toEqual({ deadtimeSeconds: '9' });
    expect(after.version).toBe(4);
    expect(typed(after, rows, 'deadtimeSeconds', '9').typedBefore).toEqual({});
  });

  it('after a conflict keeps what was typed into fields that nobody else has changed', () => {
    const typing = typed(typed(start, rows, 'deadtimeSeconds', '9'), rows, 'keepaliveSeconds', '3');
    const conflict = answered(typing, typing.values, {
      ok: false,
      message: 'anna saved in between.',
      fields: {},
      conflict: { by: 'anna', at: '2026-01-01T00:00:00Z', changes: [] },
    });
    const after = reloaded(conflict, { ...stored, deadtimeSeconds: '7' }, 4, []);
    expect(after.values).toMatchObject({ deadtimeSeconds: '7', keepaliveSeconds: '3' });
    expect([after.typedBefore, changedKeys(after)]).toEqual([{ deadtimeSeconds: '9' }, ['keepaliveSeconds']]);
  });

  it('after a save holds what others saved in other fields, so that the next save does not undo it', () => {
    const sent = typed(start, rows, 'deadtimeSeconds', '9').values;
    const busy = { ...start, values: { ...sent, backupEnabled: '' } };
    const taken = {
      by: 'anna',
      changes: ['Heartbeat interval 2 s → 1 s'],
      values: { keepaliveSeconds: '1', backupEnabled: '1' },
    };
    const saved = answered(busy, sent, { ok: true, version: 5, warnings: [], taken });
    expect(saved.values).toMatchObject({ keepaliveSeconds: '1', deadtimeSeconds: '9' });
    // Typed while the save was under way.
    expect(changedKeys(saved)).toEqual(['backupEnabled']);
    expect(saved.outcome).toEqual({ kind: 'saved', taken });
  });

  it('never overwrites what is being typed with newer values that arrive by themselves', () => {
    const typing = typed(start, rows, 'deadtimeSeconds', '9');
    expect(reloaded(typing, { ...stored, deadtimeSeconds: '7' }, 4, [])).toBe(typing);
    expect(reloaded(start, { ...stored, deadtimeSeconds: '7' }, 4, []).values.deadtimeSeconds).toBe('7');
  });

  it('goes back to what is stored', () => {
    expect(discarded(typed(start, rows, 'deadtimeSeconds', '9')).values).toEqual(stored);
  });
});

describe('remarksByKey', () => {
  it('puts a remark at the field that its path ends in and leaves the others out', () => {
    const warnings = [
      { code: 'a', severity: 'warning', message: 'Short', path: ['global', 'deadtimeSeconds'] },
      { code: 'b', severity: 'error', message: 'Elsewhere', path: ['virtualServers', 0] },
    ] as const;
    expect(remarksByKey(warnings, new Set(['deadtimeSeconds']))).toEqual({
      deadtimeSeconds: [{ message: 'Short' }],
    });
  });
});
