/**
 * Program: caller. Talks to servants as somebody on its standard input says, a JSON object a line, and answers each
 * with one (see `Caller`). Ends with its input.
 */
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** So long that only a packet that never comes takes it. */
const LIMIT_MS = 5000;
/** Between two requests of a stream of them. */
const PAUSE_MS = 20;

interface Order {
  readonly id: number;
  readonly order: string;
  readonly host?: string;
  readonly port?: number;
  readonly count?: number;
  readonly from?: readonly string[];
  readonly name?: string;
}

interface Line {
  readonly socket: Socket;
  readonly name: string;
  broken: boolean;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly from: string | undefined;
}

const held = new Set<Line>();

/** Connects and waits for the name of whoever answers; null when nobody does. */
function dial({ host, port, from }: Target): Promise<Line | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) });
    const limit = setTimeout(() => socket.destroy(), LIMIT_MS);
    socket.on('error', () => {});
    socket.once('data', (data) => {
      clearTimeout(limit);
      const line: Line = { socket, name: data.toString('utf8').trim(), broken: false };
      socket.on('close', () => {
        if (held.has(line)) line.broken = true;
      });
      resolve(line);
    });
    socket.once('close', () => {
      clearTimeout(limit);
      resolve(null);
    });
  });
}

function hangUp({ socket }: Line): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.once('close', () => resolve());
    socket.end();
    socket.resume();
  });
}

/** One datagram from a socket of its own; the name of whoever answers. */
function askByDatagram({ host, port, from }: Target): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const finish = (name: string | null): void => {
      clearTimeout(limit);
      socket.close();
      resolve(name);
    };
    const limit = setTimeout(() => finish(null), LIMIT_MS);
    socket.once('message', (data) => finish(data.toString('utf8')));
    socket.bind(0, from, () => socket.send('who', port, host));
  });
}

/** Several datagrams from one socket, each sent when the one before is answered. */
async function askOften({ host, port, from }: Target, count: number): Promise<(string | null)[]> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, from, () => resolve()));
  const names: (string | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    names.push(
      await new Promise((resolve) => {
        const limit = setTimeout(() => resolve(null), LIMIT_MS);
        socket.once('message', (data) => {
          clearTimeout(limit);
          resolve(data.toString('utf8'));
        });
        socket.send('who', port, host);
      }),
    );
  }
  socket.close();
  return names;
}

const download = { numbers: 0, inOrder: true, ended: false };

/** Reads numbered lines and checks that none is missing. */
async function startDownload(target: Target): Promise<string | null> {
  const line = await dial(target);
  if (line === null) return null;
  createInterface({ input: line.socket }).on('line', (text) => {
    if (Number(text) !== download.numbers) download.inOrder = false;
    download.numbers += 1;
  });
  line.socket.on('close', () => {
    download.ended = true;
  });
  line.socket.write('stream\n');
  return line.name;
}

const requests = { answered: 0, failed: 0, running: false };
let loop: Promise<void> = Promise.resolve();

async function keepAsking(target: Target): Promise<void> {
  while (requests.running) {
    const line = await dial(target);
    if (line === null) requests.failed += 1;
    else {
      requests.answered += 1;
      await hangUp(line);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function obey(order: Order): Promise<unknown> {
  const { host = '', port = 0, count = 1, from = [] } = order;
  const target = (index: number): Target => ({ host, port, from: from[index % from.length] });
  const each = async <Answer>(ask: (target: Target) => Promise<Answer>): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index += 1) answers.push(await ask(target(index)));
    return answers;
  };
  switch (order.order) {
    case 'hold': {
      const lines = await each(dial);
      for (const line of lines) if (line !== null) held.add(line);
      return lines.map((line) => line?.name ?? null);
    }
    case 'ask':
      return each(async (place) => {
        const line = await dial(place);
        if (line !== null) await hangUp(line);
        return line?.name ?? null;
      });
    case 'drop': {
      const lines = [...held].filter(({ name }) => order.name === undefined || order.name === name);
      for (const line of lines) held.delete(line);
      await Promise.all(lines.map(hangUp));
      return lines.length;
    }
    case 'held':
      return { open: held.size, broken: [...held].filter(({ broken }) => broken).length };
    case 'datagrams':
      return each(askByDatagram);
    case 'datagrams-of-one':
      return askOften(target(0), count);
    case 'download':
      return startDownload(target(0));
    case 'downloaded':
      return { ...download };
    case 'start-asking':
      Object.assign(requests, { answered: 0, failed: 0, running: true });
      loop = keepAsking(target(0));
      return null;
    case 'stop-asking':
      requests.running = false;
      await loop;
      return { answered: requests.answered, failed: requests.failed };
    default:
      throw new Error(`The caller knows no order ${order.order}.`);
  }
}

for await (const text of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(text);
  console.log(JSON.stringify({ id: order.id, answer: await obey(order) }));
}
process.exit(0);
