/** How the two lists call what they list. */
import type { BlockRow } from '#lib/console/contract.ts';
import { vipParts } from './known.ts';

export interface BlockWords {
  /** Of the page. */
  readonly title: string;
  readonly lead: string;
  /** One of them. */
  readonly one: string;
  readonly many: string;
  /** For whoever has none yet. */
  readonly teaches: readonly string[];
}

export const blockWords: Readonly<Record<'virtual' | 'failover', BlockWords>> = {
  virtual: {
    title: 'VIRTUAL SERVERS',
    lead: 'Each virtual server is an address and port that clients use; the routers spread its connections over its real servers.',
    one: 'virtual server',
    many: 'virtual servers',
    teaches: [
      'A virtual server is one address (the VIP) and port that clients connect to. The active router holds the VIP and passes each connection on to one of the real servers behind it; a real server that fails its health check gets no more.',
      'Add one, then give it real servers and, if a bare connection says too little, a monitoring script. Nothing reaches the routers before you review and push.',
    ],
  },
  failover: {
    title: 'FAILOVER',
    lead: 'Failover services run on the active router itself: nothing is balanced, the other router starts them when this one fails. Piranha called this mode fos.',
    one: 'failover service',
    many: 'failover services',
    teaches: [
      'A failover service is an address and a program that runs on one of the two routers, with a command that starts it and one that stops it. It has no real servers.',
      'The active router holds the addresses of the active failover services and runs their start commands; a router that gives the service up takes them off and runs the stop commands first. Nothing checks whether a started program answers. To balance connections over several machines, use a virtual server.',
    ],
  },
};

/** What is lost when a row is deleted. */
export function whatGoes(row: BlockRow): string {
  const { address } = vipParts(row);
  const real =
    row.servers === 0
      ? 'It has no real servers.'
      : `Its ${row.servers === 1 ? 'real server' : `${row.servers} real servers`} and its monitoring script go with it.`;
  const after =
    address === '' ? '' : ` After the next push, clients get no answer from ${address}:${row.values.port}.`;
  return `${real}${after} The routers change nothing until you push.`;
}
