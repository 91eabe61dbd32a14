import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants, getPriority, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exec, prepare } from './exec.ts';
import { fileStamp, readBytes, removeHalfWritten, writeAtomically } from './files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-runtime-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isAlive = (pid: number): boolean => {
  try {
    // A zombie that nobody has waited for yet is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('exec', () => {
  it('passes arguments as they are: there is no shell', async () => {
    const result = await exec(['printf', '%s|', 'a b', '$(id)', ';ls', '*']);
    expect(result).toMatchObject({ code: 0, stdout: 'a b|$(id)|;ls|*|' });
  });

  it('gives input, output, complaints and exit code', async () => {
    expect(await exec(['cat'], { stdin: 'line\n' })).toMatchObject({ code: 0, stdout: 'line\n' });
    expect(await exec(['ls', join(folder, 'nothing')])).toMatchObject({ code: 2, stdout: '' });
  });

  it('says so when there is no such program', async () => {
    const result = await exec(['no-such-program-here']);
    expect(result.code).toBeNull();
    expect(result.stderr).toContain('ENOENT');
  });

  it('kills a program that takes too long together with its children', async () => {
    const file = join(folder, 'pid');
    const script = `sleep 60 & echo $! > ${file}; wait`;
    const result = await exec(['sh', '-c', script], { timeoutMs: 2000 });
    expect(result).toMatchObject({ code: null, timedOut: true });
    await expect.poll(() => isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  it('ends a program that writes without end', async () => {
    const result = await exec(['yes'], { maxOutputBytes: 1000, timeoutMs: 10_000 });
    expect(result.code).toBeNull();
    expect(result.stdout.length).toBeLessThanOrEqual(1000);
    expect(result.stderr).toContain('more than 1000 bytes');
  });

  it('ends a program when it is aborted', async () => {
    const control = new AbortController();
    const running = exec(['sleep', '60'], { signal: control.signal });
    control.abort();
    expect(await running).toMatchObject({ code: null, timedOut: false });
  });
});

describe('prepare', () => {
  it('what waits runs before all others, where that may be said', async () => {
    const own = getPriority();
    let best = own;
    try {
      setPriority(constants.priority.PRIORITY_HIGHEST);
      best = getPriority();
      setPriority(own);
    } catch {
      // Not permitted here: it runs all the same.
    }
    const { stdout } = await prepare(['sh', '-c', 'read line; nice']).run({ stdin: 'go\n' });
    expect(Number(stdout)).toBe(best);
  });

  it('keeps the input open for some moments: what the program does is seen before it ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const [done, ended] = [join(folder, 'done'), join(folder, 'ended')];
    const prepared = prepare(['sh', '-c', `read line; : > ${done}; read line; : > ${ended}`]);
    const running = prepared.run({ stdin: 'line\n' });
    while (!existsSync(done)) await new Promise((resolve) => setImmediate(resolve));
    expect([prepared.isAlive(), existsSync(ended)]).toEqual([true, false]);
    vi.advanceTimersByTime(100);
    expect(await running).toMatchObject({ code: 0 });
    expect(existsSync(ended)).toBe(true);
  });

  it('gives the program its first input at once', async () => {
    const prepared = prepare(['sh', '-c', 'read first; read second; echo "$first $second"'], 'one\n');
    expect(await prepared.run({ stdin: 'two\n' })).toMatchObject({ code: 0, stdout: 'one two\n' });
  });

  it('starts the program before it gets its input', async () => {
    const prepared = prepare(['cat']);
    expect(prepared.isAlive()).toBe(true);
    expect(await prepared.run({ stdin: 'line\n' })).toMatchObject({ code: 0, stdout: 'line\n' });
    expect(prepared.isAlive()).toBe(false);
  });

  it('knows when it is not there any more', async () => {
    const prepared = prepare(['cat']);
    prepared.cancel();
    await expect.poll(() => prepared.isAlive()).toBe(false);
    expect(prepare(['no-such-program-here']).isAlive()).toBe(false);
  });
});

describe('writeAtomically', () => {
  it('writes the content with the mode that was asked for and leaves nothing beside', async () => {
    const path = join(folder, 'new', 'file');
    await writeAtomically(path, 'text', 0o600);
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'new'))).toEqual(['file']);
  });

  it('keeps the mode of the file that it replaces, and replaces what a link points to', async () => {
    const path = join(folder, 'real');
    writeFileSync(path, 'old', { mode: 0o640 });
    symlinkSync(path, join(folder, 'link'));
    await writeAtomically(join(folder, 'link'), 'new', 0o600);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('leaves the old file when the new one cannot be written', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    await expect(writeAtomically(join(path, 'below'), 'new', 0o600)).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});

describe('removeHalfWritten', () => {
  it('takes away what a killed process left beside, and nothing of one that still writes', async () => {
    const { pid: dead = 0 } = spawnSync('true');
    const others = ['state.json', `.state.json.${process.pid}.new`, '.profile', '.state.json.new'];
    for (const name of [...others, `.state.json.${dead}.new`]) writeFileSync(join(folder, name), '');
    await removeHalfWritten(folder);
    expect(readdirSync(folder).sort()).toEqual(others.sort());
  });

  it('takes away what stands beside one file only, where somebody else writes there, too', async () => {
    const { pid: dead = 0 } = spawnSync('true');
    for (const name of ['lvs.cf', 'cluster.conf']) writeFileSync(join(folder, `.${name}.${dead}.new`), '');
    await removeHalfWritten(folder, 'lvs.cf');
    await removeHalfWritten(join(folder, 'missing'));
    expect(readdirSync(folder)).toEqual([`.cluster.conf.${dead}.new`]);
  });
});

it('the stamp of a file changes with its content, even when its size stays', async () => {
  const path = join(folder, 'file');
  expect(await fileStamp(path)).toBeNull();
  await writeAtomically(path, 'aaaa', 0o600);
  const before = await fileStamp(path);
  await writeAtomically(path, 'bbbb', 0o600);
  expect(await fileStamp(path)).not.toBe(before);
  expect(await readBytes(join(folder, 'none'))).toBeNull();
});
