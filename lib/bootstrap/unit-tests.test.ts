import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from './place.mjs';
import { parseStat } from './process-tree.mjs';
import { readNotes } from './unit-notes.mjs';
import { runUnitTests } from './unit-tests.mjs';

/** Inside the project: what runs there finds Vitest. */
let folder = '';
let told: string[] = [];
beforeEach(() => {
  mkdirSync(at('dist'), { recursive: true });
  folder = mkdtempSync(at('dist', 'unit-tests-'));
  told = [];
  // One at a time: a process that starts beside one that stands still computes.
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default { test: { fileParallelism: false } };\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, body: string): void =>
  writeFileSync(
    join(folder, name),
    `import { existsSync, writeFileSync } from 'node:fs';\nimport { test } from 'vitest';\n${body}`,
  );

const run = () =>
  runUnitTests({
    cwd: folder,
    notes: join(folder, 'notes.ndjson'),
    quiet: true,
    isStill: () =>
      existsSync(join(folder, 'blocked')) && hasNotedWhere(readFileSync(join(folder, 'blocked'), 'utf8')),
    tell(text) {
      told.push(text);
      if (text.startsWith('It is ended')) renameSync(join(folder, 'blocked'), join(folder, 'was-blocked'));
    },
  });

/** That a file has begun is noted by another process than runs it. */
const hasNotedWhere = (name: string): boolean =>
  name === '' || readNotes(readFileSync(join(folder, 'notes.ndjson'), 'utf8')).running.includes(name);

const block = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

const blockOnce = (name: string, how: string): string => `test('blocks once', () => {
  if (existsSync('was-blocked')) return;
  writeFileSync('blocked', '${name}');
  ${how}
});\n`;

describe('a run of the unit tests', () => {
  it('counts what passed, what failed, and a file that does not load', async () => {
    file('good.test.ts', "test('one', () => {});\ntest('two', () => {});\n");
    file('bad.test.ts', "test('three', () => { throw new Error('no'); });\n");
    file('broken.test.ts', "import './nowhere.ts';\n");
    const { passed, failures } = await run();
    expect(passed).toBe(2);
    expect(failures.toSorted()).toEqual([
      'bad.test.ts > three: no',
      expect.stringMatching(/^broken\.test\.ts: .*nowhere/),
    ]);
    expect(told).toEqual([]);
  });

  it('that stands still is ended, says where, and goes on with the files that have not ended', async () => {
    file('good.test.ts', "test('one', () => {});\n");
    file('still.test.ts', blockOnce('still.test.ts', block));
    expect(await run()).toEqual({ passed: 2, failures: [] });
    expect(told[0]).toMatch(/^\nVitest stands still, with .*still\.test\.ts.* under way:$/);
    expect(told.at(-1)).toMatch(/^It is ended, and the [12] files that have not ended are run once more\.$/);
    expect(told.slice(1, -1).join('\n')).toMatch(/ S, \d+ ticks; threads: \S+/);
  });

  it('that computes without an end has failed, and is not run again', async () => {
    file('loop.test.ts', blockOnce('loop.test.ts', 'for (;;);'));
    const what = 'Vitest computes without an end, with loop.test.ts under way';
    expect(await run()).toEqual({ passed: 0, failures: [what] });
    expect(told[0]).toBe(`\n${what}:`);
  });

  it('that stands still when all has been tested counts each test once', async () => {
    file('good.test.ts', "test('one', () => {});\n");
    writeFileSync(
      join(folder, 'vitest.config.mjs'),
      "export default { test: { globalSetup: './global.mjs' } };\n",
    );
    writeFileSync(
      join(folder, 'global.mjs'),
      `import { writeFileSync } from 'node:fs';
      export const teardown = () => { writeFileSync('blocked', ''); ${block} };\n`,
    );
    expect(await run()).toEqual({ passed: 1, failures: [] });
    expect(told[0]).toBe('\nVitest stands still, with no file under way:');
    expect(told.join('\n')).not.toContain('once more');
  });

  it('says that it ended badly where no test failed', async () => {
    file('late.test.ts', "test('one', () => { void Promise.reject(new Error('nobody waits')); });\n");
    expect(await run()).toEqual({ passed: 1, failures: ['Vitest ended with code 1'] });
  });
});

describe('the notes of a run', () => {
  const lines = (...notes: object[]): string => notes.map((note) => `${JSON.stringify(note)}\n`).join('');

  it('tell what has not ended, and what of it has begun', () => {
    const text = lines(
      { planned: ['a', 'b', 'c'] },
      { began: 'a' },
      { tested: 'a > one' },
      { ended: 'a', passed: 3, failures: ['a > two: no'] },
      { began: 'b' },
      { tested: 'b > one' },
    );
    expect(readNotes(text)).toEqual({
      passed: 3,
      failures: ['a > two: no'],
      running: ['b'],
      open: ['b', 'c'],
      isComplete: false,
    });
  });

  it('may end in the middle of a line that is being written', () => {
    const text = lines({ planned: ['a'] }, { ended: 'a', passed: 1, failures: [] }, { complete: true });
    expect(readNotes(text).isComplete).toBe(true);
    expect(readNotes(text.slice(0, -3))).toMatchObject({ passed: 1, open: [], isComplete: false });
  });
});

it('a process is read whatever its name holds', () => {
  const rest = '12 12 0 -1 4194304 100 0 0 0 7 5 0 0 20 0 1 0 100';
  expect(parseStat(`42 (a) R (b) S 12 ${rest}`)).toEqual({
    pid: 42,
    parent: 12,
    name: 'a) R (b',
    state: 'S',
    ticks: 12,
  });
  expect(parseStat('')).toBeNull();
});
