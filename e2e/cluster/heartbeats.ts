/** The heartbeats of the pair, as they go over the wire. */
import { createHash } from 'node:crypto';
import type { Lab } from '#e2e/lab/lab.ts';
import type { Side } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { watchHeartbeats } from '#e2e/lab/wire.ts';

/** `heartbeat_port` of the example. */
export const HEARTBEAT_PORT = 539;
/** Where the datagram keeps the id of its cluster. */
export const CLUSTER_AT = 8;
const CLUSTER_BYTES = 8;

/** The cluster id in a heartbeat that is signed with the key of this id. */
export const clusterIdOf = (keyId: string): string =>
  createHash('sha256')
    .update(keyId)
    .digest('hex')
    .slice(0, CLUSTER_BYTES * 2);

/** The cluster id that a heartbeat carries. */
export const clusterIdIn = (heartbeat: Buffer): string =>
  heartbeat.subarray(CLUSTER_AT, CLUSTER_AT + CLUSTER_BYTES).toString('hex');

/** The address from which a router sends its heartbeats on a network. */
export const senderOf = (router: Router, side: Side): string =>
  side === 'pub' ? router.publicAddress : router.privateAddress;

/** Heartbeats of each router as they went over one network, four at least. */
export async function recordHeartbeats(lab: Lab, side: Side): Promise<{ ofR1: Buffer[]; ofR2: Buffer[] }> {
  const wire = await watchHeartbeats(`br-${side}`, HEARTBEAT_PORT);
  const of = (router: Router) =>
    wire
      .seen()
      .filter(({ from }) => from === senderOf(router, side))
      .map(({ payload }) => payload);
  await until('heartbeats on the wire', () => of(lab.r1).length >= 4 && of(lab.r2).length >= 4);
  await wire.stop();
  return { ofR1: of(lab.r1), ofR2: of(lab.r2) };
}
