/** Asks an address for its SSH host key, before anything is trusted. */
import 'server-only';
import { Client } from 'ssh2';
import { fingerprintOf } from './ssh-keys.ts';
import { oldServersToo, openSocket, reasonOf } from './ssh-transport.ts';

export type HostKeyScan =
  | { readonly ok: true; readonly fingerprint: string }
  | { readonly ok: false; readonly message: string };

/**
 * The fingerprint that the address answers with. No user and no key is offered. `old`: a router that an agent cannot
 * run on may answer, too.
 */
export function scanHostKey(
  address: string,
  port: number,
  { old = false }: { readonly old?: boolean } = {},
): Promise<HostKeyScan> {
  return new Promise((resolve) => {
    const client = new Client();
    let settled = false;
    const settle = (scan: HostKeyScan): void => {
      if (settled) return;
      settled = true;
      client.destroy();
      socket.destroy();
      resolve(scan);
    };
    const failed = (reason: string): void =>
      settle({ ok: false, message: `${address} port ${port} does not answer as an SSH server: ${reason}` });
    const socket = openSocket(address, port, failed);
    client.on('error', (error) => failed(reasonOf(error)));
    client.on('close', () => failed('the connection was closed'));
    client.connect({
      sock: socket,
      username: 'shoal',
      readyTimeout: 10_000,
      ...(old ? { algorithms: oldServersToo } : {}),
      hostVerifier: (key: Buffer) => {
        settle({ ok: true, fingerprint: fingerprintOf(key) });
        return false;
      },
    });
  });
}
