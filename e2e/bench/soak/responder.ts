/**
 * 2 000 real servers in one process: every address of 127.0.0.0/8 on one port. Each address has good and bad times, so
 * that servers come and go: it answers, resets, stays silent, or says something else.
 */
import { createServer, type Socket } from 'node:net';

/** How long an address behaves in one way. */
const SPELL_MS = 20_000;
/** Longer than any check waits. */
const IDLE_MS = 10_000;
const PAGE = 'HTTP/1.0 200 OK\r\n\r\nsoak\n';

type Manner = (socket: Socket) => void;

const answer: Manner = (socket) => socket.once('data', () => socket.end(PAGE));
const reset: Manner = (socket) => socket.resetAndDestroy();
const silent: Manner = (socket) => socket.resume();
const nonsense: Manner = (socket) => socket.resume().end('no page at all');

const bad = [reset, silent, nonsense];

/** Three in ten addresses are bad in each spell, others in each one. */
function mannerOf(address: string, now: number): Manner {
  const number = address.split('.').reduce((sum, part) => sum * 31 + Number(part), 0);
  return bad[(number + Math.floor(now / SPELL_MS) * 7) % 10] ?? answer;
}

/** Listens until the process ends; resolves with the port. */
export function respond(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    mannerOf(socket.localAddress ?? '', Date.now())(socket);
  });
  return new Promise((resolve) => {
    server.listen(0, '0.0.0.0', 4096, () => {
      const place = server.address();
      resolve(typeof place === 'object' && place !== null ? place.port : 0);
    });
  });
}
