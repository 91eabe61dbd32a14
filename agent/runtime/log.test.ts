import { fstatSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { isJournal, lineOf } from './journal.ts';
import { createEventLog, type Entry } from './log.ts';

const written = (level?: Parameters<typeof createEventLog>[2]) => {
  const entries: Entry[] = [];
  const log = createEventLog(createVirtualClock(), (entry) => entries.push(entry), level);
  return { log, entries };
};

describe('the log', () => {
  it('keeps the last thousand events and streams each', () => {
    const { log, entries } = written();
    const heard: number[] = [];
    const end = log.onEvent(({ sequence }) => heard.push(sequence));
    for (let count = 0; count < 1200; count += 1) log.event('info', 'test', `${count}`);
    end();
    log.event('info', 'test', 'unheard');
    expect(log.recent(5000)).toHaveLength(1000);
    expect(log.recent(2).map(({ sequence }) => sequence)).toEqual([1200, 1201]);
    expect(log.recent(0)).toEqual([]);
    expect(heard).toHaveLength(1200);
    expect(entries[0]).toMatchObject({ level: 'info', kind: 'test', fields: { sequence: 1, message: '0' } });
  });

  it.each([
    ['error', ['error']],
    ['warning', ['warning', 'error']],
    ['info', ['info', 'warning', 'error']],
    ['debug', ['detail', 'info', 'warning', 'error']],
  ] as const)('at level %s writes %j, and keeps every event all the same', (level, kinds) => {
    const { log, entries } = written(level);
    log.debug('detail', { program: 'ip' });
    for (const severity of ['info', 'warning', 'error'] as const) log.event(severity, severity, 'said');
    expect(entries.map(({ kind }) => kind)).toEqual(kinds);
    expect(log.recent(10).map(({ kind }) => kind)).toEqual(['info', 'warning', 'error']);
  });

  it('changes its level while it runs', () => {
    const { log, entries } = written();
    log.debug('detail', {});
    log.setLevel('debug');
    expect(log.level()).toBe('debug');
    log.debug('detail', {});
    log.setLevel('error');
    log.event('warning', 'unwritten', 'kept');
    expect(entries).toHaveLength(1);
  });
});

describe('a line', () => {
  const entry: Entry = {
    level: 'warning',
    at: '2026-01-01T00:00:00.000Z',
    kind: 'server-down',
    fields: { sequence: 17, message: 'rs1 of "web": connection refused' },
  };

  it('begins with its priority for journald, and is fields', () => {
    expect(lineOf(entry, true)).toBe(
      '<4>event=server-down sequence=17 message="rs1 of \\"web\\": connection refused"',
    );
    const priorities = (['error', 'info', 'debug'] as const).map((level) =>
      lineOf({ ...entry, level }, true).slice(0, 3),
    );
    expect(priorities).toEqual(['<3>', '<6>', '<7>']);
  });

  it('says its time and level where there is no journal', () => {
    expect(lineOf(entry, false)).toMatch(
      /^at=2026-01-01T00:00:00\.000Z level=warning event=server-down sequence=17 message="/,
    );
  });

  it('is one line, whatever a program or a server said', () => {
    const said = 'a\nevent=became-active message="forged" \u001b[2J';
    const line = lineOf({ ...entry, fields: { message: said } }, true);
    expect([...line].every((character) => character >= ' ')).toBe(true);
    expect(JSON.parse(line.slice(line.indexOf('"')))).toBe(said);
  });

  it('is for the journal only when the descriptor is what systemd says that it is', () => {
    const { dev, ino } = fstatSync(2, { bigint: true });
    expect(isJournal(2, `${dev}:${ino}`)).toBe(true);
    expect(isJournal(2, `${dev}:${ino + 1n}`)).toBe(false);
    expect(isJournal(2, undefined)).toBe(false);
    expect(isJournal(987, `${dev}:${ino}`)).toBe(false);
  });
});
