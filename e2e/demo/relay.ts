/**
 * The bridge over the wall of the namespace: a unix socket in the lab's folder is seen from both sides. Outside
 * a TCP listener hands each connection to the socket, inside the socket hands it to the console.
 */
import net from 'node:net';

/** Ties two connections together; when one ends, so does the other. */
function join(one: net.Socket, other: net.Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => peer.destroy());
    socket.on('close', () => peer.destroy());
  }
}

/** Inside: every connection to the unix socket goes on to 127.0.0.1:port. */
export function relayToConsole(socketPath: string, port: number): void {
  const server = net.createServer((socket) =>
    join(socket, net.connect({ host: '127.0.0.1', port, noDelay: true })),
  );
  server.listen(socketPath);
}

/**
 * Outside: listens on 127.0.0.1:port at once, so that a taken port shows before anything is booted; connections
 * are refused until `openTo` names the unix socket.
 */
export async function listenOutside(
  port: number,
): Promise<{ openTo(socketPath: string): void; close(): void }> {
  let target: string | null = null;
  const server = net.createServer({ noDelay: true }, (socket) => {
    if (target === null) socket.destroy();
    else join(socket, net.connect(target));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    openTo: (socketPath) => {
      target = socketPath;
    },
    close: () => server.close(),
  };
}
