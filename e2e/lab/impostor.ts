/** A machine on a network of the lab that sends datagrams in a router's name and never answers ARP. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot, type Side } from './places.ts';
import { must, run } from './process.ts';
import type { Router } from './router.ts';

export interface Impostor {
  /** Sends to a port of the other router, as fast as the other's name can be put on them. */
  send(payloads: readonly Buffer[]): void;
  /** Leaves the network; resolves with how many datagrams were sent. */
  leave(): Promise<number>;
}

/** Plays `of` towards `to` on one of the two networks, with the sender's address and port of the real one. */
export async function impersonate(
  of: Router,
  to: Router,
  where: { readonly side: Side; readonly port: number },
): Promise<Impostor> {
  const { side, port } = where;
  const addressOf = (router: Router) => (side === 'pub' ? router.publicAddress : router.privateAddress);
  const name = `as-${of.name}-${side}`;
  const inside = ['ip', '-n', name] as const;
  // One that a failed test left behind gives way.
  await run(['ip', 'netns', 'del', name]);
  await must(['ip', 'netns', 'add', name]);
  await must(['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]);
  await must(['ip', 'link', 'set', name, 'master', `br-${side}`, 'up']);
  await must([...inside, 'link', 'set', 'eth0', 'arp', 'off', 'up']);
  await must([...inside, 'addr', 'add', `${addressOf(of)}/24`, 'dev', 'eth0']);
  const neighbour = ['lladdr', to.mac(side), 'dev', 'eth0', 'nud', 'permanent'];
  await must([...inside, 'neigh', 'replace', addressOf(to), ...neighbour]);

  const program = join(projectRoot, 'dist/e2e/datagrams.mjs');
  const argv = ['netns', 'exec', name, process.execPath, program, addressOf(of), String(port)];
  const child = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    send: (payloads) => {
      for (const payload of payloads) {
        child.stdin.write(`${addressOf(to)} ${port} ${payload.toString('hex')}\n`);
      }
    },
    leave: async () => {
      child.stdin.end();
      await ended;
      await must(['ip', 'netns', 'del', name]);
      return Number(printed);
    },
  };
}
