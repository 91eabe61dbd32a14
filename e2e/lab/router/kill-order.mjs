/**
 * What the preloads of an agent under test share (kill-points.mjs, takeover-points.mjs): the agent is killed (SIGKILL)
 * at the point whose number or name stands in /run/lab-kill-order; 0 kills nowhere. The names of the points that were
 * passed go to /run/lab-kill-points, the moment of the kill to /run/lab-killed-at. Without an order nothing is done.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { basename } from 'node:path';

const ORDER = '/run/lab-kill-order';
const TRACE = '/run/lab-kill-points';
export const KILLED_AT = '/run/lab-killed-at';

let passed = 0;

/** The order that is in force; null when there is none. */
export function orderNow() {
  try {
    return readFileSync(ORDER, 'utf8').trim();
  } catch {
    return null;
  }
}

/** @param {string} name */
export function at(name) {
  const order = orderNow();
  if (order === null) {
    passed = 0;
    return;
  }
  passed += 1;
  appendFileSync(TRACE, `${name}\n`);
  if (String(passed) !== order && name !== order) return;
  rmSync(ORDER);
  writeFileSync(KILLED_AT, String(Date.now()));
  process.kill(process.pid, 'SIGKILL');
}

/** `.lvs.cf.123.new` and `0a1b….cf` by what they are. @param {string} path */
const plainName = (path) =>
  basename(path)
    .replace(/^\.(.*)\.\d+\.new$/, '$1')
    .replace(/^[0-9a-f]{64}\.cf$/, 'kept configuration');

/** Points at which a file is written; before `syncBuiltinESMExports`. */
export function watchFiles() {
  const { open, rename } = files;
  files.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    if (rest[0] !== 'wx') return handle;
    const name = plainName(String(path));
    const { sync } = handle;
    handle.sync = async () => {
      at(`${name} is written beside`);
      await sync.call(handle);
    };
    return handle;
  };
  files.rename = async (from, to) => {
    at(`${plainName(String(to))} is on the disk beside`);
    await rename(from, to);
    at(`${plainName(String(to))} is renamed`);
  };
}
