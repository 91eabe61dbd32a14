/**
 * The lab: two routers with a stock kernel between a client and three real servers. A lab is a folder (sockets,
 * pid files, disks) and the namespace around it; every process inside may hold a handle on it.
 */
import { randomBytes } from 'node:crypto';
import { Client, RealServer } from './hosts.ts';
import { buildNetwork } from './network.ts';
import { must } from './process.ts';
import { Router } from './router.ts';
import { type Wire, watchArp } from './wire.ts';

export class Lab {
  readonly folder: string;
  readonly r1: Router;
  readonly r2: Router;
  readonly routers: readonly [Router, Router];
  readonly client = new Client();
  readonly rs1: RealServer;
  readonly rs2: RealServer;
  readonly rs3: RealServer;
  readonly realServers: readonly [RealServer, RealServer, RealServer];

  constructor(folder: string) {
    this.folder = folder;
    this.r1 = new Router('r1', folder);
    this.r2 = new Router('r2', folder);
    this.routers = [this.r1, this.r2];
    this.rs1 = new RealServer('rs1', folder);
    this.rs2 = new RealServer('rs2', folder);
    this.rs3 = new RealServer('rs3', folder);
    this.realServers = [this.rs1, this.rs2, this.rs3];
  }

  /** Cuts the routers from each other on both networks (or joins them); client and real servers reach both. */
  async part(areApart: boolean): Promise<void> {
    for (const router of this.routers) {
      for (const side of ['pub', 'prv'] as const) await router.standApart(side, areApart);
    }
  }

  /** Listens to ARP on the public network until `stop`. */
  watchArp(): Promise<Wire> {
    return watchArp('br-pub');
  }
}

/** Builds a lab in an empty folder and boots it. Call it once, as the first in a namespace of its own. */
export async function bootLab(folder: string): Promise<Lab> {
  await buildNetwork();
  const comment = `lab-${randomBytes(3).toString('hex')}`;
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', `${folder}/admin`]);
  const lab = new Lab(folder);
  await Promise.all([
    ...lab.realServers.map((server) => server.startHttp()),
    ...lab.routers.map((router) => router.boot()),
  ]);
  return lab;
}

/** The lab that this process runs in (`SHOAL_LAB`). */
export function currentLab(): Lab {
  const folder = process.env.SHOAL_LAB;
  if (!folder)
    throw new Error('This needs the lab: start it by "node lib/bootstrap/run.mjs lab -- COMMAND".');
  return new Lab(folder);
}
