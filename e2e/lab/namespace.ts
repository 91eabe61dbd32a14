/**
 * The throw-away namespace around a lab (network, mount, process): when its first process ends, nothing is
 * left. The outer process starts itself again inside and keeps a lifeline; when the outer one dies, however it
 * dies, the inner one ends too.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSIDE = 'SHOAL_LAB_INSIDE';
/** File descriptor of the lifeline in the inner process. */
const LIFELINE = 3;

export const isInside = (): boolean => process.env[INSIDE] === '1';

export interface Inside {
  readonly folder: string;
  /** Resolves with the exit code of the inner process when all is gone, the folder too. */
  readonly ended: Promise<number>;
  /** Asks the inner process to end. */
  end(): void;
}

const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];

/**
 * Arguments of unshare that this machine lets us have. Root needs no user namespace, and without one tcpdump can
 * give up its rights as it insists to; others get one.
 */
function allowedNamespaces(): readonly string[] {
  const choices = [namespaces, ['--user', '--map-root-user', ...namespaces]];
  const refusals: string[] = [];
  for (const choice of choices) {
    const tried = spawnSync('unshare', [...choice, 'true'], { encoding: 'utf8' });
    if (tried.status === 0) return choice;
    refusals.push((tried.stderr || String(tried.error)).trim());
  }
  throw new Error(
    `The lab needs namespaces of its own, and this machine does not let it have them (${refusals.join('; ')}).`,
  );
}

/** Starts a program of ours (a bundle) inside a new namespace, with a new folder as `SHOAL_LAB`. */
export function startInside(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Inside {
  const allowed = allowedNamespaces();
  const folder = mkdtempSync(join(tmpdir(), 'shoal-lab-'));
  // The shell is the first process inside: it takes in orphans such as QEMU, which Node.js would not.
  const argv = [...allowed, ...['sh', '-c', '"$0" "$@"; exit $?', process.execPath, program, ...args]];
  const child = spawn('unshare', argv, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      ...env,
      PATH: `/usr/local/sbin:/usr/sbin:/sbin:${process.env.PATH ?? '/usr/bin:/bin'}`,
      [INSIDE]: '1',
      SHOAL_LAB: folder,
    },
  });
  const lifeline = child.stdio[LIFELINE];
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    ended,
    end: () => {
      if (lifeline && 'end' in lifeline) lifeline.end();
    },
  };
}

/** In the inner process: ends all, and clears away the folder in case the outer process is not there to do it. */
export function leave(code: number): never {
  if (isInside() && process.env.SHOAL_LAB) rmSync(process.env.SHOAL_LAB, { recursive: true, force: true });
  process.exit(code);
}

/** In the inner process: calls `end` when the outer process lets go or dies. */
export function watchLifeline(end: () => void): void {
  const socket = new net.Socket({ fd: LIFELINE, readable: true, writable: false });
  socket.on('error', end);
  socket.on('close', end);
  socket.resume();
  socket.unref();
}
