/**
 * Program: servant NAME PROTOCOL/PORT[@ADDRESS] ... Answers with its name, and runs until it is killed. On TCP it
 * says its name and keeps the connection; whoever sends `stream` gets numbered lines until he leaves. On UDP it
 * answers each datagram. Prints `ready` when it listens everywhere.
 */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

const [name = '', ...places] = process.argv.slice(2);
const EVERY_MS = 20;
const LINES = 50;

/** Numbered lines at a steady pace: a download that lasts as long as somebody reads it. */
function stream(socket: Socket): void {
  let number = 0;
  const timer = setInterval(() => {
    const lines = Array.from({ length: LINES }, () => `${number++}\n`);
    socket.write(lines.join(''));
  }, EVERY_MS);
  socket.on('close', () => clearInterval(timer));
}

function serveTcp(port: number, address: string): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => stream(socket));
    socket.write(`${name}\n`);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve());
  });
}

function serveUdp(port: number, address: string): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (_, { port: from, address: asker }) => socket.send(name, from, asker));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, () => resolve());
  });
}

await Promise.all(
  places.map((place) => {
    const [, protocol, port, address = protocol === 'udp' ? '0.0.0.0' : '::'] =
      /^(tcp|udp)\/(\d+)(?:@(.+))?$/.exec(place) ?? [];
    if (port === undefined) throw new Error(`${place} is no place to serve.`);
    return protocol === 'udp' ? serveUdp(Number(port), address) : serveTcp(Number(port), address);
  }),
);
console.log('ready');
