/** What a process and all that it has started do, read from /proc (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** @typedef {{ pid: number, parent: number, name: string, state: string, ticks: number }} Process */

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** @param {string} stat a line of /proc/PID/stat; the name in it may hold anything @returns {Process | null} */
export function parseStat(stat) {
  const [, pid, name, rest = ''] = /^(\d+) \((.*)\) (.*)$/s.exec(stat.trimEnd()) ?? [];
  if (pid === undefined || name === undefined) return null;
  const [state = '?', parent, ...more] = rest.split(' ');
  return { pid: Number(pid), parent: Number(parent), name, state, ticks: Number(more[9]) + Number(more[10]) };
}

const allProcesses = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseStat(read(`/proc/${pid}/stat`)) ?? []);

/** The process and its descendants, parents first. @param {number} pid @returns {Process[]} */
export function processTree(pid) {
  const all = allProcesses();
  const below = (parent) =>
    all.filter((each) => each.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter((each) => each.pid === pid), ...below(pid)];
}

/** One line a process: who it is, its state, and what it and each of its threads wait for in the kernel. @param {Process} process */
export function describeProcess({ pid, name, state, ticks }) {
  const command = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim().slice(0, 160);
  const waits = readThreads(pid).map((thread) => read(`/proc/${pid}/task/${thread}/wchan`) || '?');
  return `${pid} ${name} ${state}, ${ticks} ticks; threads: ${waits.join(' ')}; ${command}`;
}

function readThreads(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
