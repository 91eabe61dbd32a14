/** What is built and still current: a hash over the inputs of a build step, kept in dist/stamps. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './place.mjs';

const skipped = new Set(['node_modules', 'generated', '.next', 'dist', 'corpus', 'golden']);

/** @param {string} path @param {import('node:crypto').Hash} hash */
function addToHash(path, hash) {
  if (!existsSync(at(path))) return;
  if (statSync(at(path)).isDirectory()) {
    for (const name of readdirSync(at(path)).sort()) {
      if (!skipped.has(name) && !/\.(test|spec)\.tsx?$/.test(name)) addToHash(join(path, name), hash);
    }
    return;
  }
  hash
    .update(path)
    .update('\0')
    .update(readFileSync(at(path)))
    .update('\0');
}

/**
 * Runs a build step unless nothing that it reads has changed since it last went well.
 * @param {{ name: string, inputs: readonly string[], outputs: readonly string[] }} step paths in the project;
 *   tests and generated files count for nothing
 * @param {() => Promise<void>} build
 * @returns {Promise<boolean>} whether it was built
 */
export async function whenStale({ name, inputs, outputs }, build) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const input of inputs) addToHash(input, hash);
  const wanted = hash.digest('hex');
  const stamp = at('dist', 'stamps', name);
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (current && outputs.every((output) => existsSync(at(output)))) return false;
  await build();
  mkdirSync(at('dist', 'stamps'), { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}
