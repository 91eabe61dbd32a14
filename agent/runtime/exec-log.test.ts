import { expect, it } from 'vitest';
import { createVirtualClock } from '../nanny/virtual-clock.ts';
import { exec, prepare } from './exec.ts';
import { tellingExec } from './exec-log.ts';
import { createEventLog, type Entry } from './log.ts';

const telling = (level: 'info' | 'debug') => {
  const entries: Entry[] = [];
  const clock = createVirtualClock();
  const log = createEventLog(clock, (entry) => entries.push(entry), level);
  return { entries, log, ...tellingExec({ exec, prepare }, log, clock) };
};

it('tells of each program with its arguments, its input and how it ended', async () => {
  const { entries, exec: run, prepare: ready } = telling('debug');
  expect(await run(['cat', '-u'], { stdin: 'add address\n' })).toMatchObject({ stdout: 'add address\n' });
  await run(['false']);
  await ready(['cat']).run({ stdin: 'later\n' });
  await run(['sleep', '60'], { timeoutMs: 20 });
  expect(entries.map(({ fields }) => fields)).toMatchObject([
    { program: 'cat -u', input: 'add address\n', code: 0 },
    { program: 'false', code: 1 },
    { program: 'cat', input: 'later\n', code: 0 },
    { program: 'sleep 60', code: 'timeout' },
  ]);
  expect(entries.every(({ level, kind }) => level === 'debug' && kind === 'ran')).toBe(true);
});

it('keeps the arguments of an administrator’s program to itself: one may be a password', async () => {
  const { entries, exec: run } = telling('debug');
  await run(['/bin/echo', '--password=secret'], { stdin: 'secret' });
  expect(JSON.stringify(entries)).toContain('/bin/echo');
  expect(JSON.stringify(entries)).not.toContain('secret');
});

it('tells nothing at another level', async () => {
  const { entries, exec: run } = telling('info');
  await run(['true']);
  expect(entries).toEqual([]);
});
