/**
 * Preload of an agent under test (`node --import`): counts the points at which the agent acts on the disk and on the
 * kernel, and kills it (SIGKILL) at the one that stands in /run/lab-kill-order; 0 counts only. The names of the
 * points go to /run/lab-kill-points. Without an order it does nothing.
 */
import childProcess from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const ORDER = '/run/lab-kill-order';
const TRACE = '/run/lab-kill-points';

let passed = 0;

function orderNow() {
  try {
    return Number(readFileSync(ORDER, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} name */
function at(name) {
  const order = orderNow();
  if (order === null) {
    passed = 0;
    return;
  }
  passed += 1;
  appendFileSync(TRACE, `${name}\n`);
  if (passed !== order) return;
  rmSync(ORDER);
  process.kill(process.pid, 'SIGKILL');
}

/** `.lvs.cf.123.new` and `0a1b….cf` by what they are. @param {string} path */
const plainName = (path) =>
  basename(path)
    .replace(/^\.(.*)\.\d+\.new$/, '$1')
    .replace(/^[0-9a-f]{64}\.cf$/, 'kept configuration');

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

/** What looks only changes nothing; a kill there is one between two others. @param {string} call */
const isAct = (call) => /^(ipvsadm -R|ipvsadm --set|ip .*-batch|nft -f)/.test(call);

const { spawn } = childProcess;
childProcess.spawn = (program, args, ...rest) => {
  if (!isAct([program, ...args].join(' '))) return spawn(program, args, ...rest);
  const name = [program, ...args].slice(0, 2).join(' ');
  at(`before ${name}`);
  const child = spawn(program, args, ...rest);
  setImmediate(() => at(`${name} has started`));
  child.on('close', () => at(`after ${name}`));
  return child;
};
syncBuiltinESMExports();
