/**
 * Preload of an agent under test (`node --import`): counts the points at which an apply acts on the disk and on the
 * kernel; the agent is killed at one of them (see kill-order.mjs).
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { at, watchFiles } from './kill-order.mjs';

watchFiles();

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
