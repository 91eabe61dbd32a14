import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { whenStale } from './stamps.mjs';

let project = '';
const step = { name: 'thing', inputs: ['source', 'lock.json'], outputs: ['dist/thing.mjs'] };

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

const buildThing = (): Promise<boolean> =>
  whenStale(step, async () => write('dist/thing.mjs', 'built'), project);

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-stamps-'));
  project = folder;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  write('source/a.ts', '1');
  write('lock.json', '{}');
  expect(await buildThing()).toBe(true);
});

test('a second start builds nothing', async () => {
  expect(await buildThing()).toBe(false);
});

test.each([
  ['an input that changed', () => write('source/a.ts', '2')],
  ['an input that was added', () => write('source/deep/b.ts', '1')],
  ['an input that went', () => rmSync(join(project, 'lock.json'))],
  ['an output that went', () => rmSync(join(project, 'dist/thing.mjs'))],
  ['a stamp that went', () => rmSync(join(project, 'dist/stamps'), { recursive: true })],
])('%s is built again, once', async (_, change) => {
  change();
  expect(await buildThing()).toBe(true);
  expect(await buildThing()).toBe(false);
});

test.each(['source/a.test.ts', 'source/a.spec.ts', 'source/node_modules/x.js', 'other/c.ts'])(
  '%s counts for nothing',
  async (path) => {
    write(path, '1');
    expect(await buildThing()).toBe(false);
  },
);

test('what failed to build is built at the next start', async () => {
  write('source/a.ts', '2');
  const fail = whenStale(step, () => Promise.reject(new Error('no')), project);
  await expect(fail).rejects.toThrow('no');
  expect(await buildThing()).toBe(true);
});
