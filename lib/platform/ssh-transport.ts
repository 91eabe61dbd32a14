/**
 * One SSH connection with one channel, as lines in and out. The router's sshd runs its forced command
 * (`shoalctl rpc`) whatever is asked here.
 */
import 'server-only';
import { connect, type Socket } from 'node:net';
import { type Algorithms, Client, type ClientChannel } from 'ssh2';
import { MAX_LINE_BYTES } from '../protocol/messages.ts';
import { fingerprintOf } from './ssh-keys.ts';

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The pinned host key, `SHA256:…`. */
  readonly fingerprint: string;
  readonly privateKey: string;
}

/** Why there is no connection (any more). */
export type SshEnd =
  | { readonly kind: 'key-changed'; readonly seen: string }
  | { readonly kind: 'not-authorized' }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface SshHandlers {
  /** The command runs; lines may be sent. */
  onOpen(): void;
  onLine(line: string): void;
  /** Called once, last. */
  onEnd(end: SshEnd): void;
}

export interface SshLines {
  send(line: string): void;
  /** Ends at once, without onEnd. */
  close(): void;
}

/** A dead machine does not answer SYN; the system would wait two minutes. */
const CONNECT_LIMIT_MS = 3_000;
/** Key exchange and authentication on a slow router. */
export const HANDSHAKE_LIMIT_MS = 15_000;

/**
 * For routers that are to be replaced: the sshd of RHEL 5, on which Piranha runs, has no key exchange without SHA-1.
 * Newer ones are taken first.
 */
export const oldServersToo: Algorithms = {
  kex: {
    append: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1'],
    prepend: [],
    remove: [],
  },
};

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (is sshd running?)',
  EHOSTUNREACH: 'the machine does not answer on its network',
  ENETUNREACH: 'there is no route to its network',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the name is not known',
  ETIMEDOUT: 'no answer',
};

/** A sentence part for what the system said. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return causes[code] ?? error.message;
}

/** A TCP connection without Nagle's delay, or its failure within the limit. */
export function openSocket(address: string, port: number, onFail: (reason: string) => void): Socket {
  const socket = connect({ host: address, port, noDelay: true });
  const giveUp = (): void => {
    if (!socket.connecting) return;
    socket.destroy();
    onFail('no answer');
  };
  // After a look at the sockets: an answer that came while this process stood still is one.
  const limit = setTimeout(() => setImmediate(giveUp), CONNECT_LIMIT_MS);
  socket.once('connect', () => clearTimeout(limit));
  socket.once('close', () => clearTimeout(limit));
  socket.once('error', (error) => onFail(reasonOf(error)));
  return socket;
}

/** Splits a stream into lines; a line over the limit is a fault of the partner. */
export function createLineReader(
  onLine: (line: string) => void,
  onTooLong: () => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  return (chunk) => {
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      parts.push(rest.subarray(0, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
      onLine(line);
    }
    if (rest.length === 0) return;
    parts.push(rest);
    size += rest.length;
    if (size > MAX_LINE_BYTES) onTooLong();
  };
}

/** Opens the connection. Everything that happens comes through the handlers. */
export function openSsh(target: SshTarget, handlers: SshHandlers): SshLines {
  const client = new Client();
  let channel: ClientChannel | null = null;
  let ended = false;
  let seen: string | null = null;
  const stderr: Buffer[] = [];
  const end = (reason: SshEnd): void => {
    if (ended) return;
    ended = true;
    client.destroy();
    socket.destroy();
    handlers.onEnd(reason);
  };
  const unreachable = (reason: string): void => end({ kind: 'unreachable', reason });
  const socket = openSocket(target.address, target.port, unreachable);

  client.on('error', (error) => {
    if (seen !== null && seen !== target.fingerprint) end({ kind: 'key-changed', seen });
    else if ('level' in error && error.level === 'client-authentication') end({ kind: 'not-authorized' });
    else unreachable(reasonOf(error));
  });
  client.on('close', () => unreachable('the connection was closed'));
  client.on('ready', () => {
    client.exec('shoalctl rpc', (error, opened) => {
      if (error) return unreachable(`the router opens no channel (${error.message})`);
      if (ended) return;
      channel = opened;
      const read = createLineReader(
        (line) => ended || handlers.onLine(line),
        () => unreachable('the router sent a line beyond all measure'),
      );
      opened.on('data', read);
      opened.stderr.on('data', (chunk: Buffer) => {
        if (stderr.length < 20) stderr.push(chunk);
      });
      opened.on('close', () => unreachable(lastWords(stderr)));
      handlers.onOpen();
    });
  });
  try {
    client.connect({
      sock: socket,
      username: target.user,
      privateKey: target.privateKey,
      readyTimeout: HANDSHAKE_LIMIT_MS,
      hostVerifier: (key: Buffer) => {
        seen = fingerprintOf(key);
        return seen === target.fingerprint;
      },
    });
  } catch (error) {
    // A private key that cannot be read throws at once.
    queueMicrotask(() => unreachable(reasonOf(error)));
  }
  return {
    send: (line) => void channel?.write(`${line}\n`),
    close() {
      ended = true;
      client.destroy();
      socket.destroy();
    },
  };
}

/** What the command said before it ended. */
function lastWords(stderr: readonly Buffer[]): string {
  const said = Buffer.concat(stderr).toString('utf8').trim().slice(0, 500);
  return said === ''
    ? 'shoalctl rpc ended on the router (is shoal-agent running?)'
    : `shoalctl rpc ended: ${said}`;
}
