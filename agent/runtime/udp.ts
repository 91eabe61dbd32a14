/** UDP sockets for heartbeats: one per channel, bound to the router's own address on it. */
import { createSocket } from 'node:dgram';
import type { SendFirstWord } from '../dataplane/first-word.ts';

export interface UdpSocket {
  /** Never throws; what cannot be sent is lost, as on the wire. */
  send(bytes: Uint8Array, port: number, address: string): void;
  close(): void;
}

export interface UdpOptions {
  readonly localAddress: string;
  readonly port: number;
  onDatagram(bytes: Uint8Array, fromAddress: string): void;
  onBound(): void;
  /** The socket could not be bound or broke; it is closed already. */
  onFailure(message: string): void;
}

export type OpenUdpSocket = (options: UdpOptions) => UdpSocket;

export const openUdpSocket: OpenUdpSocket = (options) => {
  const isIpv6 = options.localAddress.includes(':');
  const socket = createSocket({
    type: isIpv6 ? 'udp6' : 'udp4',
    reuseAddr: true,
    // Addresses are literal. Node would look them up in a later turn: a last word before the end would be lost.
    lookup: (address, _options, callback) => callback(null, address, isIpv6 ? 6 : 4),
  });
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    socket.close();
  };
  socket.on('message', (bytes, from) => options.onDatagram(bytes, from.address));
  socket.on('listening', () => options.onBound());
  socket.on('error', (error) => {
    if (!isOpen) return;
    close();
    options.onFailure(error.message);
  });
  socket.bind({ address: options.localAddress, port: options.port, exclusive: true });
  return {
    send(bytes, port, address) {
      // An unreachable partner is an everyday event: silence is judged by the machine, not here.
      if (isOpen) socket.send(bytes, port, address, () => {});
    },
    close,
  };
};

/** What is sent to the discard service is thrown away by whoever gets it (RFC 863). */
const DISCARD_PORT = 9;

export const sendFirstWord: SendFirstWord = ({ from, to }) => {
  const socket = createSocket({
    type: 'udp4',
    lookup: (address, _options, callback) => callback(null, address, 4),
  });
  let isSent = false;
  socket.on('error', () => socket.close());
  // Both are done when this returns: no address has to be looked up.
  socket.bind({ address: from, port: 0, exclusive: true }, () => {
    isSent = true;
    socket.send('', DISCARD_PORT, to, () => socket.close());
  });
  return isSent;
};
