/** The agent's socket: who may connect is decided by its mode and group. */
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { type Connection, serveConnection } from './connection.ts';
import type { Router } from './router.ts';

const SOCKET_MODE = 0o660;
const FOLDER_MODE = 0o755;
const GROUP = 'shoal';
/** A client more is refused: each one costs memory. */
const MOST_CONNECTIONS = 64;

export interface ControlServer {
  /** Tells all subscribers soon. */
  changed(): void;
  close(): Promise<void>;
}

/** Listens on `agent.sock` in the run folder. Rejects with a sentence when another agent does already. */
export async function listen(router: Router, runFolder: string): Promise<ControlServer> {
  const path = join(runFolder, 'agent.sock');
  await mkdir(runFolder, { recursive: true, mode: FOLDER_MODE });
  if (await answers(path)) throw new Error(`Another shoal-agent runs already: ${path} answers`);
  await rm(path, { force: true });
  const connections = new Set<Connection>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (connections.size >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    const connection = serveConnection(router, socket, () => connections.delete(connection));
    connections.add(connection);
  });
  await bind(server, path);
  return {
    changed() {
      for (const connection of connections) connection.changed();
    },
    close: () =>
      new Promise((resolve) => {
        for (const connection of connections) connection.close();
        server.close(() => rm(path, { force: true }).then(resolve, resolve));
      }),
  };
}

/**
 * The socket is made in a folder that is closed to others and moved to its place when its mode and group are right:
 * it never stands there open to more than it should.
 */
async function bind(server: Server, path: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), '.new-'));
  const making = join(folder, 's');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(making, () => resolve());
  });
  await chmod(making, SOCKET_MODE);
  const group = await groupId(GROUP);
  if (group !== null) await chown(making, -1, group).catch(() => {});
  await rename(making, path);
  await rm(folder, { recursive: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** The number of a group; null when there is none of that name. */
async function groupId(name: string): Promise<number | null> {
  const text = await readFile('/etc/group', 'utf8').catch(() => '');
  const line = text.split('\n').find((row) => row.startsWith(`${name}:`));
  const id = Number(line?.split(':')[2]);
  return Number.isInteger(id) && line !== undefined ? id : null;
}
