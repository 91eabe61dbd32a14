/** Who checks a crowd on this machine: the agent's nanny, keepalived and ldirectord, none with a kernel table behind it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '#e2e/lab/places.ts';
import { must } from '#e2e/lab/process.ts';
import { type Crowd, crowdOfKeepalived, crowdOfLdirectord } from './crowd.ts';
import { sumOf, type Usage, usageIn } from './peer.ts';

export interface Checkers {
  readonly name: string;
  /** Starts it with its files in `folder`; the process leads all others that it consists of. */
  start(crowd: Crowd, folder: string): Promise<ChildProcess>;
}

/** A mode of this program, in a process of its own. */
export const mode = (...args: readonly string[]): ChildProcess => fork(fileURLToPath(import.meta.url), args);

const quiet = { stdio: 'ignore' } as const;

const shoal: Checkers = {
  name: 'Shoal',
  start: async ({ count, port, seconds }) => mode('--nanny', String(count), String(port), String(seconds)),
};

const keepalived: Checkers = {
  name: 'keepalived',
  async start(crowd, folder) {
    const library = join(folder, 'without-ipvs.so');
    const source = join(projectRoot, 'e2e/bench/peers/without-ipvs.c');
    await must(['gcc', '-O2', '-shared', '-fPIC', '-o', library, source]);
    const file = join(folder, 'keepalived.conf');
    writeFileSync(file, crowdOfKeepalived(crowd));
    const pids = ['-p', join(folder, 'k.pid'), '-c', join(folder, 'checkers.pid')];
    const env = { ...process.env, LD_PRELOAD: library };
    return spawn('keepalived', ['-n', '-C', '-f', file, ...pids], { ...quiet, env });
  },
};

/** It starts ipvsadm for each real server: one that does nothing stands in its place, where only it can see it. */
const ldirectord: Checkers = {
  name: 'ldirectord',
  async start(crowd, folder) {
    const file = join(folder, 'ldirectord.cf');
    writeFileSync(file, crowdOfLdirectord(crowd, join(folder, 'ldirectord.log')));
    const nothing = join(folder, 'ipvsadm');
    writeFileSync(nothing, '#!/bin/sh\n', { mode: 0o755 });
    const script =
      'mount --bind "$1" "$(readlink -f "$(command -v ipvsadm)")" && exec ldirectord -d "$2" start';
    return spawn('unshare', ['-m', 'sh', '-c', script, 'sh', nothing, file], { ...quiet, cwd: '/' });
  },
};

export const everyone: readonly Checkers[] = [ldirectord, keepalived, shoal];

/** What a process and those that it leads have used. */
export function usageOfTree(pid: number): Usage {
  const own = ['stat', 'status'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')).join('');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  return sumOf([usageIn(own), ...children.map((child) => usageOfTree(Number(child)))]);
}
