/** Listens on a network of the lab. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Claim, parseClaim } from './arp.ts';
import { type Captured, createPcapReader } from './pcap.ts';
import { until } from './process.ts';

/** A running capture; `stop` ends it and returns what was claimed. */
export interface Wire {
  claims(): readonly Claim[];
  stop(): Promise<readonly Claim[]>;
}

/** A running capture of heartbeats; `stop` ends it and returns them. */
export interface HeartbeatWire {
  seen(): readonly Captured[];
  stop(): Promise<readonly Captured[]>;
}

/** Starts tcpdump; `take` gets its standard output. Resolves, when it listens, with the way to end it. */
async function capture(argv: readonly string[], take: (out: Readable) => void): Promise<() => Promise<void>> {
  // -Z root: the user that tcpdump would change to may not exist in the lab's namespace.
  const child = spawn('tcpdump', ['--immediate-mode', '-Z', 'root', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let noise = '';
  child.stderr.on('data', (chunk: Buffer) => {
    noise += chunk.toString('utf8');
  });
  take(child.stdout);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await until('tcpdump to listen', () => {
    if (child.exitCode !== null) throw new Error(`tcpdump ended: ${noise}`);
    return noise.includes('listening on');
  });
  return async () => {
    child.kill('SIGINT');
    await ended;
  };
}

/** Resolves when the capture listens. */
export async function watchArp(bridge: string): Promise<Wire> {
  const claims: Claim[] = [];
  const end = await capture(['-i', bridge, '-l', '-e', '-n', '-tt', 'arp'], (out) => {
    createInterface({ input: out }).on('line', (line) => {
      const claim = parseClaim(line);
      if (claim) claims.push(claim);
    });
  });
  return {
    claims: () => [...claims],
    stop: async () => {
      await end();
      return claims;
    },
  };
}

/** Records the datagrams to a UDP port, whole. Resolves when the capture listens. */
export async function watchHeartbeats(bridge: string, port: number): Promise<HeartbeatWire> {
  const seen: Captured[] = [];
  const read = createPcapReader();
  const filter = ['udp', 'dst', 'port', String(port)];
  const end = await capture(['-i', bridge, '-U', '-w', '-', ...filter], (out) => {
    out.on('data', (chunk: Buffer) => seen.push(...read(chunk)));
  });
  return {
    seen: () => [...seen],
    stop: async () => {
      await end();
      return seen;
    },
  };
}
