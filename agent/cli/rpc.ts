/** `shoalctl rpc`: the socket on standard input and output; what sshd runs as a forced command. */
import { encodeLine } from '#lib/protocol/codec.ts';
import { noAgent, open } from './client.ts';
import type { ExitCode } from './outcome.ts';

/** Passes bytes both ways until one side ends. Without an agent: one error line, exit code 3. */
export async function rpc(path: string): Promise<ExitCode> {
  const socket = await open(path);
  if (socket instanceof Error) {
    process.stdout.write(encodeLine({ id: null, error: noAgent(path, socket) }));
    return 3;
  }
  return new Promise((resolve) => {
    process.stdin.pipe(socket);
    socket.pipe(process.stdout);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(0));
    // Whoever asked is gone: so are we.
    process.stdout.on('error', () => socket.destroy());
  });
}
