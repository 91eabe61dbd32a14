/** What is built and still current: a hash over the inputs of a build step, kept in dist/stamps. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './place.mjs';

const skipped = new Set(['node_modules', 'generated', '.next', 'dist', 'corpus', 'golden']);

/** @param {string} project @param {string} path @param {import('node:crypto').Hash} hash */
function addToHash(project, path, hash) {
  const file = join(project, path);
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) {
    for (const name of readdirSync(file).sort()) {
      if (!skipped.has(name) && !/\.(test|spec)\.tsx?$/.test(name))
        addToHash(project, join(path, name), hash);
    }
    return;
  }
  hash.update(path).update('\0').update(readFileSync(file)).update('\0');
}

/**
 * Runs a build step unless nothing that it reads has changed since it last went well.
 * @param {{ name: string, inputs: readonly string[], outputs: readonly string[] }} step paths in the project;
 *   tests and generated files count for nothing
 * @param {() => Promise<void>} build
 * @param {string} [project] its folder
 * @returns {Promise<boolean>} whether it was built
 */
export async function whenStale({ name, inputs, outputs }, build, project = root) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const input of inputs) addToHash(project, input, hash);
  const wanted = hash.digest('hex');
  const stamps = join(project, 'dist', 'stamps');
  const stamp = join(stamps, name);
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (current && outputs.every((output) => existsSync(join(project, output)))) return false;
  await build();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}
