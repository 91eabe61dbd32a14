/** The sockets of the channels: kept while nothing about them changes, bound again when their address was missing. */

import type { Clock, Log } from '#agent/runtime/types.ts';
import type { OpenUdpSocket, UdpSocket } from '#agent/runtime/udp.ts';
import type { Channel } from './contract.ts';

/** An address that is not on an interface yet may come at any time. */
const REBIND_MS = 1000;

export interface Channels {
  /** Opens, keeps and closes sockets so that exactly these are open. */
  set(channels: readonly Channel[], port: number): void;
  send(name: Channel['name'], bytes: Uint8Array): void;
  close(): void;
}

interface Line {
  readonly key: string;
  readonly channel: Channel;
  socket: UdpSocket | null;
  cancelRetry: () => void;
  /** The last failure that was logged. */
  problem: string | null;
  isOpen: boolean;
}

export function createChannels(
  deps: { readonly clock: Clock; readonly log: Log; readonly openSocket: OpenUdpSocket },
  onDatagram: (name: Channel['name'], bytes: Uint8Array, fromAddress: string) => void,
  /** How many are open, whenever that changes. */
  onOpen: (count: number) => void,
): Channels {
  let lines: Line[] = [];
  let port = 0;
  let openCount = -1;

  const countOpen = () => {
    const count = lines.filter((line) => line.isOpen).length;
    if (count === openCount) return;
    openCount = count;
    onOpen(count);
  };

  const open = (line: Line) => {
    const { name, localAddress } = line.channel;
    line.socket = deps.openSocket({
      localAddress,
      port,
      onDatagram: (bytes, from) => onDatagram(name, bytes, from),
      onBound: () => {
        if (line.problem !== null)
          deps.log.event('info', 'heartbeat-socket', `the ${name} channel is open again`);
        line.problem = null;
        line.isOpen = true;
        countOpen();
      },
      onFailure: (message) => {
        line.socket = null;
        line.isOpen = false;
        countOpen();
        line.cancelRetry = deps.clock.after(REBIND_MS, () => open(line));
        if (line.problem === message) return;
        line.problem = message;
        const where = `${localAddress} port ${port} (${name} channel)`;
        deps.log.event(
          'error',
          'heartbeat-socket',
          `no heartbeats on ${where}: ${message}; trying again each second`,
        );
      },
    });
  };
  const shut = (line: Line) => {
    line.cancelRetry();
    line.socket?.close();
    line.socket = null;
    line.isOpen = false;
  };

  return {
    set(channels, newPort) {
      const before = lines;
      port = newPort;
      lines = channels.map((channel) => {
        const key = `${channel.name} ${channel.localAddress} ${newPort}`;
        const kept = before.find((line) => line.key === key);
        if (kept === undefined)
          return { key, channel, socket: null, cancelRetry: () => {}, problem: null, isOpen: false };
        return Object.assign(kept, { channel });
      });
      for (const line of before) if (!lines.includes(line)) shut(line);
      for (const line of lines) if (!before.includes(line)) open(line);
      countOpen();
    },
    send(name, bytes) {
      const line = lines.find((each) => each.channel.name === name);
      line?.socket?.send(bytes, port, line.channel.peerAddress);
    },
    close() {
      for (const line of lines) shut(line);
      lines = [];
    },
  };
}
