/** Servants on the real servers and a caller on the client: traffic whose connections can be held and looked at. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './places.ts';
import { until } from './process.ts';

const program = (name: string): readonly string[] => [
  process.execPath,
  join(projectRoot, `dist/e2e/${name}.mjs`),
];

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

function inNamespace(namespace: string, argv: readonly string[]): Running {
  const child = spawn('ip', ['netns', 'exec', namespace, ...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, ended: new Promise((resolve) => child.on('close', () => resolve())) };
}

export interface Servant {
  stop(): Promise<void>;
}

/** Starts a servant on a host; it answers with the host's name at `places` such as `tcp/9000` or `udp/53@192.0.2.1`. */
export async function startServant(host: string, places: readonly string[]): Promise<Servant> {
  const { child, ended } = inNamespace(host, [...program('servant'), host, ...places]);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await until(`the servant of ${host}`, () => said.includes('ready'), { timeoutMs: 30_000 });
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Whom to call. `from`: addresses of the client, taken in turn. */
export interface Call {
  readonly host: string;
  readonly port: number;
  readonly count?: number;
  readonly from?: readonly string[];
}

/** Who answered each of the calls, in their order; null where nobody did. */
type Names = readonly (string | null)[];

export interface Caller {
  /** Opens connections one after the other and keeps them. */
  hold(call: Call): Promise<Names>;
  /** Opens connections one after the other and ends each before the next. */
  ask(call: Call): Promise<Names>;
  /** Ends the connections that are held, or those to `name`. */
  drop(name?: string): Promise<number>;
  /** How many are held, and how many of them the other side ended. */
  held(): Promise<{ readonly open: number; readonly broken: number }>;
  /** Datagrams, each from a socket of its own. */
  datagrams(call: Call): Promise<Names>;
  /** Datagrams from one socket. */
  datagramsOfOne(call: Call): Promise<Names>;
  /** Starts the one long download. */
  download(call: Call): Promise<string | null>;
  downloaded(): Promise<{ readonly numbers: number; readonly inOrder: boolean; readonly ended: boolean }>;
  /** One request after the other until `stopAsking`. */
  startAsking(call: Call): Promise<null>;
  stopAsking(): Promise<{ readonly answered: number; readonly failed: number }>;
  stop(): Promise<void>;
}

/** Starts a caller on a host. */
export function startCaller(host = 'cl'): Caller {
  const { child, ended } = inNamespace(host, program('caller'));
  const waiting = new Map<number, (answer: unknown) => void>();
  let lastId = 0;
  if (child.stdout === null) throw new Error('The caller has no output.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, answer }: { id: number; answer: unknown } = JSON.parse(line);
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  // biome-ignore lint/suspicious/noExplicitAny: the caller answers each order with what `Caller` says
  const give = (order: string, params: object = {}): Promise<any> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      void ended.then(() => reject(new Error('The caller has ended.')));
      child.stdin?.write(`${JSON.stringify({ id: lastId, order, ...params })}\n`);
    });
  return {
    hold: (call) => give('hold', call),
    ask: (call) => give('ask', call),
    drop: (name) => give('drop', name === undefined ? {} : { name }),
    held: () => give('held'),
    datagrams: (call) => give('datagrams', call),
    datagramsOfOne: (call) => give('datagrams-of-one', call),
    download: (call) => give('download', call),
    downloaded: () => give('downloaded'),
    startAsking: (call) => give('start-asking', call),
    stopAsking: () => give('stop-asking'),
    stop: async () => {
      child.stdin?.end();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Counts: who → how often. */
export function tally(names: Names): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name ?? '(none)'] = (counts[name ?? '(none)'] ?? 0) + 1;
  return counts;
}
