/** `npm run demo -- curl [N]` in a second terminal: asks the running demo to send requests through the VIP. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import type { Client } from '#e2e/lab/hosts.ts';
import { vip } from '#e2e/lab/places.ts';

/** Longest run of one command; more is a typing mistake. */
const MAX_REQUESTS = 10_000;
const PAUSE_MS = 50;

export const parseCount = (text: string | undefined): number | null => {
  const count = Number(text ?? 12);
  return Number.isInteger(count) && count >= 1 && count <= MAX_REQUESTS ? count : null;
};

async function serve(client: Client, socket: net.Socket, count: number): Promise<void> {
  const answers: Record<string, number> = {};
  for (let n = 1; n <= count && socket.writable; n++) {
    const name = (await client.curl(`http://${vip}/`, 3)) ?? 'no answer';
    answers[name] = (answers[name] ?? 0) + 1;
    socket.write(`${String(n).padStart(4)}  ${name}\n`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const sums = Object.entries(answers).sort(([a], [b]) => a.localeCompare(b));
  socket.end(`${sums.map(([name, times]) => `${name}: ${times}`).join(', ')}\n`);
}

/** Inside: takes a number of requests per connection, one line, and writes who answered. */
export function serveTraffic(socketPath: string, client: Client): void {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (line) => {
      const count = parseCount(line.toString('utf8').trim());
      if (count === null) socket.end('Not a number of requests.\n');
      else serve(client, socket, count).catch((error: unknown) => socket.end(`${error}\n`));
    });
  });
  server.listen(socketPath);
}

/** Leaves a note for the second terminal. */
export const noteSocket = (noteFile: string, socketPath: string): void => writeFileSync(noteFile, socketPath);

/** The second terminal. Returns the exit code. */
export function sendTraffic(noteFile: string, countText: string | undefined): Promise<number> {
  const count = parseCount(countText);
  if (count === null) {
    console.error(`"${countText}" is not a number of requests from 1 to ${MAX_REQUESTS}.`);
    return Promise.resolve(2);
  }
  const path = existsSync(noteFile) ? readFileSync(noteFile, 'utf8') : '';
  return new Promise((resolve) => {
    const socket = net.connect(path === '' ? '/nonexistent' : path, () => socket.write(`${count}\n`));
    socket.pipe(process.stdout);
    socket.on('error', () => {
      console.error('No demo is running: start it with "npm run demo" in another terminal.');
      resolve(1);
    });
    socket.on('end', () => resolve(0));
  });
}
