/** Listens on a network of the lab. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Claim, parseClaim } from './arp.ts';
import { until } from './process.ts';

/** A running capture; `stop` ends it and returns what was claimed. */
export interface Wire {
  claims(): readonly Claim[];
  stop(): Promise<readonly Claim[]>;
}

/** Resolves when the capture listens. */
export async function watchArp(bridge: string): Promise<Wire> {
  // -Z root: the user that tcpdump would change to may not exist in the lab's namespace.
  const argv = ['-i', bridge, '-l', '-e', '-n', '-tt', '--immediate-mode', '-Z', 'root', 'arp'];
  const child = spawn('tcpdump', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const claims: Claim[] = [];
  let noise = '';
  child.stderr.on('data', (chunk: Buffer) => {
    noise += chunk.toString('utf8');
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const claim = parseClaim(line);
    if (claim) claims.push(claim);
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await until('tcpdump to listen', () => {
    if (child.exitCode !== null) throw new Error(`tcpdump ended: ${noise}`);
    return noise.includes('listening on');
  });
  return {
    claims: () => [...claims],
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      return claims;
    },
  };
}
