/** Bridges, network namespaces and taps of one lab; all of them die with the lab's own namespace. */
import { mkdirSync } from 'node:fs';
import {
  clientAddress,
  labAddress,
  natRouter,
  type RouterName,
  realServerPlaces,
  type Side,
} from './places.ts';
import { must } from './process.ts';

async function bridge(name: string): Promise<void> {
  await must(['ip', 'link', 'add', name, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0']);
  await must(['ip', 'link', 'set', name, 'up']);
}

/** A network namespace with one interface, eth0, on a bridge. */
export async function addHost(name: string, side: Side, address: string): Promise<void> {
  await must(['ip', 'netns', 'add', name]);
  const link = `v-${name}`;
  await must(['ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]);
  await must(['ip', 'link', 'set', link, 'master', `br-${side}`, 'up']);
  await must(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
  await must(['ip', '-n', name, 'link', 'set', 'eth0', 'up']);
  await must(['ip', '-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0']);
}

async function tap(router: RouterName, side: Side): Promise<void> {
  const name = `${router}-${side}`;
  await must(['ip', 'tuntap', 'add', 'dev', name, 'mode', 'tap']);
  await must(['ip', 'link', 'set', name, 'master', `br-${side}`, 'up']);
}

/** Builds the network. Must run inside a namespace of the lab's own (see namespace.ts). */
export async function buildNetwork(): Promise<void> {
  await must(['mount', '-t', 'tmpfs', 'run', '/run']);
  mkdirSync('/run/netns', { recursive: true });
  await must(['ip', 'link', 'set', 'lo', 'up']);
  await bridge('br-pub');
  await bridge('br-prv');
  await must(['ip', 'addr', 'add', `${labAddress}/24`, 'dev', 'br-pub']);
  await addHost('cl', 'pub', clientAddress);
  for (const [name, address] of Object.entries(realServerPlaces)) {
    await addHost(name, 'prv', address);
    await must(['ip', '-n', name, 'route', 'add', 'default', 'via', natRouter]);
  }
  for (const router of ['r1', 'r2'] as const) {
    for (const side of ['pub', 'prv'] as const) await tap(router, side);
  }
}
