/** The fake router's sshd: any key is let in, and whatever is asked runs the protocol. Loopback only. */
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { fingerprintOf, generateSshKey } from '#lib/platform/ssh-keys.ts';
import { createLineReader, decodeRequest, encodeLine } from '#lib/protocol/codec.ts';
import { answer } from './handlers.ts';
import type { FakeRouter } from './router.ts';

export interface FakeSshd {
  readonly port: number;
  /** `SHA256:…`, as ssh-keygen -lf prints it. */
  readonly fingerprint: string;
  close(): void;
}

/** Serves one router on 127.0.0.1; port 0 takes a free one. */
export function serveRouter(router: FakeRouter, port: number, hostKey = newHostKey()): Promise<FakeSshd> {
  const channels = new Set<Subscriber>();
  router.onChange = () => {
    for (const { stream, isSubscribed } of channels) if (isSubscribed) sendStatus(stream, router);
  };
  router.onEvent = (event) => {
    for (const { stream, isSubscribed } of channels) {
      if (isSubscribed) stream.write(encodeLine({ notification: 'event', event }));
    }
  };
  const clients = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (context) => context.accept());
    client.on('error', () => {});
    client.on('ready', () => {
      client.on('session', (accept) => {
        const session = accept();
        session.on('exec', (acceptExec) => serveChannel(router, acceptExec(), channels));
        session.on('shell', (acceptShell) => serveChannel(router, acceptShell(), channels));
      });
    });
  });
  const close = () => {
    server.close();
    for (const client of clients) client.end();
  };
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') throw new Error('The fake sshd has no port');
      resolve({ port: bound.port, fingerprint: hostKey.fingerprint, close });
    });
  });
}

interface Subscriber {
  readonly stream: ServerChannel;
  isSubscribed: boolean;
}

const sendStatus = (stream: ServerChannel, router: FakeRouter): boolean =>
  stream.write(encodeLine({ notification: 'status', status: router.status() }));

function serveChannel(router: FakeRouter, stream: ServerChannel, channels: Set<Subscriber>): void {
  const subscriber: Subscriber = { stream, isSubscribed: false };
  const reader = createLineReader();
  let timer: NodeJS.Timeout | undefined;
  channels.add(subscriber);
  stream.on('data', (chunk: Buffer) => {
    for (const line of reader.push(chunk) ?? []) {
      const decoded = decodeRequest(line);
      if (!decoded.ok) continue;
      const request = decoded.value;
      stream.write(encodeLine(answer(router, request)));
      if (request.method !== 'subscribe') continue;
      subscriber.isSubscribed = true;
      timer = setInterval(() => sendStatus(stream, router), 1000);
    }
  });
  stream.on('close', () => {
    clearInterval(timer);
    channels.delete(subscriber);
  });
}

/** An ed25519 host key in OpenSSH's own format, and its fingerprint. */
export function newHostKey(): { readonly privateKey: string; readonly fingerprint: string } {
  const { privateKey, publicKey } = generateSshKey('fake');
  const [, blob = ''] = publicKey.split(' ');
  return { privateKey, fingerprint: fingerprintOf(Buffer.from(blob, 'base64')) };
}
