/**
 * Preload of an agent under test (`node --import`): names the points of a takeover; the agent is killed at one of them
 * (see kill-order.mjs). How long a router was then without a word, until its next agent said its first one, goes to
 * /run/lab-away-ms.
 */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { at, KILLED_AT, orderNow, watchFiles } from './kill-order.mjs';

const AWAY = '/run/lab-away-ms';
const HEARTBEAT_PORT = 539;
/** Where a heartbeat has its sender's state, and those that claim the addresses. */
const STATE_AT = 7;
const claims = { 2: 'acquiring', 3: 'active' };
const DISCARD_PORT = 9;

watchFiles();

/** The first words of this agent end the silence after a kill. */
let isSilent = fs.existsSync(KILLED_AT);
function noteFirstWord() {
  if (!isSilent) return;
  isSilent = false;
  fs.writeFileSync(AWAY, String(Date.now() - Number(fs.readFileSync(KILLED_AT, 'utf8'))));
  fs.rmSync(KILLED_AT);
}

const { bind, send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (bytes, port, ...rest) {
  if (port === HEARTBEAT_PORT) noteFirstWord();
  const claim = port === HEARTBEAT_PORT ? claims[bytes[STATE_AT]] : undefined;
  const name = claim === undefined ? null : `the heartbeat that says ${claim}`;
  if (name !== null) at(`before ${name}`);
  send.call(this, bytes, port, ...rest);
  if (name !== null) at(`after ${name}`);
  if (port === DISCARD_PORT) at('after the first word');
};
dgram.Socket.prototype.bind = function (options, ...rest) {
  if (options?.port === 0) at('before the first word');
  return bind.call(this, options, ...rest);
};

const { writeFileSync } = fs;
fs.writeFileSync = (path, ...rest) => {
  const [, setting] = /^\/proc\/sys\/.*\/(\w+)$/.exec(String(path)) ?? [];
  if (setting !== undefined) at(`before ${setting} is set`);
  writeFileSync(path, ...rest);
  if (setting !== undefined) at(`after ${setting} is set`);
};

/** The lines may come long after the program has started; one that waited for them gets them without an end. */
function watchLines(child) {
  const { stdin } = child;
  const { write, end } = stdin;
  const watched =
    (give) =>
    (text = '', ...rest) => {
      if (!text.includes('addr add')) return give.call(stdin, text, ...rest);
      child.on('close', () => at('ip has ended'));
      at('before ip gets its lines');
      if (orderNow() === 'ip has half of its lines') {
        const lines = text.split('\n');
        write.call(stdin, `${lines.slice(0, Math.floor(lines.length / 2)).join('\n')}\n`);
        at('ip has half of its lines');
      }
      const result = give.call(stdin, text, ...rest);
      at('ip has its lines');
      return result;
    };
  stdin.write = watched(write);
  stdin.end = watched(end);
}

/** Programs of a takeover by the name of their points; null: not one of them. */
function nameOf(program, args) {
  if (program === 'arping') return 'arping';
  if (program === '/usr/local/bin/lab-role') return 'active_cmd';
  const [word, state] = args;
  if (program === 'ipvsadm' && word === '--stop-daemon') return `the end of the ${state} sync daemon`;
  if (program === 'ipvsadm' && word === '--start-daemon') return `the start of the ${state} sync daemon`;
  return null;
}

const { spawn } = childProcess;
childProcess.spawn = (program, args, ...rest) => {
  const name = nameOf(program, args);
  if (name !== null) at(`before ${name}`);
  const child = spawn(program, args, ...rest);
  if (program === 'ip' && args.includes('-batch')) watchLines(child);
  if (name === null) return child;
  setImmediate(() => at(`during ${name}`));
  child.on('close', () => at(`after ${name}`));
  return child;
};
syncBuiltinESMExports();
