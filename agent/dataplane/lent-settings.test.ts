import { expect, test } from 'vitest';
import { lendSettings } from './lent-settings.ts';

const record = '/run/shoal/settings';
const dad = '/proc/sys/net/ipv6/conf/eth0/accept_dad';
const news = '/proc/sys/net/ipv6/conf/eth0/ndisc_notify';

/** Files of a kernel; `readOnly` ones cannot be written. */
function scene(files: Record<string, string>, readOnly: readonly string[] = []) {
  const sysctl = {
    read: (path: string) => files[path] ?? null,
    write(path: string, value: string) {
      if (readOnly.includes(path)) return false;
      files[path] = value;
      return true;
    },
  };
  return { files, next: () => lendSettings(sysctl, record) };
}

test('what an agent that was killed had changed is put back by the next one, once', () => {
  const { files, next } = scene({ [dad]: '1\n', [news]: '0\n' });
  const killed = next();
  killed.write(dad, '0');
  killed.write(news, '1');
  expect(files).toMatchObject({ [dad]: '0', [news]: '1' });
  expect(next().putBack()).toEqual([dad, news]);
  expect(files).toMatchObject({ [dad]: '1', [news]: '0' });
  // Somebody else's choice from now on.
  files[dad] = '2';
  expect(next().putBack()).toEqual([]);
  expect(files[dad]).toBe('2');
});

test('one that was put back already is left alone, the other is put back', () => {
  const { files, next } = scene({ [dad]: '1\n', [news]: '0\n' });
  const killed = next();
  killed.write(dad, '0');
  killed.write(news, '1');
  killed.write(news, '0');
  files[news] = '1';
  expect(next().putBack()).toEqual([dad]);
  expect(files).toMatchObject({ [dad]: '1', [news]: '1' });
});

test('a setting that is changed twice goes back to what it was first', () => {
  const { files, next } = scene({ [dad]: '2' });
  const killed = next();
  killed.write(dad, '0');
  killed.write(dad, '1');
  next().putBack();
  expect(files[dad]).toBe('2');
});

test('a setting that is not there or cannot be written leaves nothing to put back', () => {
  const { files, next } = scene({ [dad]: '1' }, [dad]);
  expect(next().write(dad, '0')).toBe(false);
  expect(next().write(news, '1')).toBe(false);
  expect(files[record] ?? '').toBe('');
});

test('a setting is changed also where the run folder takes no file', () => {
  const { files, next } = scene({ [dad]: '1' }, [record]);
  expect(next().write(dad, '0')).toBe(true);
  expect(files[dad]).toBe('0');
});

test('a file that is damaged or not ours puts nothing back', () => {
  const { files, next } = scene({ [record]: `/etc/passwd 1\n${dad}`, [dad]: '1' });
  expect(next().putBack()).toEqual([]);
  expect(files[dad]).toBe('1');
});
