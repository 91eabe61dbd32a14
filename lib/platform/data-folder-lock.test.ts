import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { DataFolderInUse, holdDataFolder } from './data-folder-lock.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A process of its own that holds the folder until it is killed. Resolves when it holds it. */
function holdElsewhere(folder: string): Promise<ChildProcess> {
  // Inside the project, where the addon is found.
  const programs = resolve('dist/test-programs');
  mkdirSync(programs, { recursive: true });
  const program = join(mkdtempSync(join(programs, 'hold-')), 'hold.cjs');
  buildSync({
    entryPoints: ['lib/platform/data-folder-lock.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    alias: { 'server-only': './lib/platform/server-only-in-tests.ts' },
    footer: {
      js: 'module.exports.holdDataFolder(process.argv[2]); console.log("held"); setInterval(() => {}, 1000);',
    },
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(join(program, '..'), { recursive: true });
  });
  return new Promise((done, fail) => {
    child.stdout.once('data', () => done(child));
    child.once('close', (code) => fail(new Error(`It ended with ${code} before it held the folder.`)));
  });
}

test('a second console on the same data folder is refused, and told who runs there and what to do', async () => {
  const folder = newFolder();
  const first = await holdElsewhere(folder);
  expect(() => holdDataFolder(folder, 0)).toThrow(DataFolderInUse);
  expect(() => holdDataFolder(folder, 0)).toThrow(
    new RegExp(
      `^Another console runs on the data folder ${folder} \\(process ${first.pid} on .*\\)\\. Stop it, or`,
    ),
  );
});

test('a console that was killed leaves nothing that keeps the next one out', async () => {
  const folder = newFolder();
  const first = await holdElsewhere(folder);
  const ended = new Promise((done) => first.once('close', done));
  first.kill('SIGKILL');
  await ended;
  const free = holdDataFolder(folder, 0);
  expect(() => holdDataFolder(folder, 0)).toThrow(`process ${process.pid} on`);
  free();
});

test('a start waits for the orderly end of the console before it', async () => {
  const folder = newFolder();
  const first = await holdElsewhere(folder);
  first.kill('SIGTERM');
  holdDataFolder(folder, 10_000)();
});

test('two folders are two consoles', async () => {
  await holdElsewhere(newFolder());
  holdDataFolder(newFolder(), 0)();
});
