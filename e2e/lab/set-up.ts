/** Real servers set up for direct routing and for tunnels, as docs/routers.md tells their administrators. */
import { addHost } from './network.ts';
import { must, run } from './process.ts';
import type { Router } from './router.ts';

/** No answer to ARP for the VIP, and no ARP in its name. */
const quietArp = [
  'echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore',
  'echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce',
].join(' && ');

export interface PublicHost {
  readonly name: string;
  readonly address: string;
  readonly address6: string;
}

/** A real server on the clients' own network, which holds the VIPs on its loopback interface. */
export async function addDirectServer(host: PublicHost, vips: readonly string[]): Promise<void> {
  const { name, address, address6 } = host;
  await addHost(name, 'pub', address);
  await must(['ip', 'netns', 'exec', name, 'sh', '-c', quietArp]);
  await must(['ip', '-n', name, 'addr', 'add', `${address6}/64`, 'dev', 'eth0', 'nodad']);
  for (const vip of vips) {
    const place = vip.includes(':') ? [`${vip}/128`, 'nodad'] : [`${vip}/32`];
    await must(['ip', '-n', name, 'addr', 'add', ...place, 'dev', 'lo']);
  }
}

export const removeHost = async (name: string): Promise<void> => {
  await run(['ip', 'netns', 'del', name]);
};

/**
 * A real server behind a tunnel: a namespace of the other router's machine, whose kernel has the tunnel's driver,
 * with an Ethernet address of its own on the clients' network. Answers HTTP with its name.
 */
export async function addTunnelServer(
  machine: Router,
  { name, address, vip }: { readonly name: string; readonly address: string; readonly vip: string },
): Promise<void> {
  const script = `
    modprobe -a ipip macvlan
    ip netns add "$1"
    ip link add link eth0 name "$1" netns "$1" type macvlan mode bridge
    ip -n "$1" link set lo up
    ip -n "$1" link set "$1" up
    ip -n "$1" addr add "$2/24" dev "$1"
    ip netns exec "$1" sh -c '${quietArp} && echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter &&
      echo 0 >/proc/sys/net/ipv4/conf/tunl0/rp_filter'
    ip -n "$1" link set tunl0 up
    ip -n "$1" addr add "$3/32" dev tunl0
    mkdir -p "/run/lab-$1" && echo "$1" >"/run/lab-$1/index.html"
    ip netns exec "$1" busybox httpd -p 80 -h "/run/lab-$1" </dev/null >/dev/null 2>&1`;
  await machine.on(['sh', '-e', '-c', script, 'sh', name, address, vip]);
}

export async function removeTunnelServer(machine: Router, name: string): Promise<void> {
  await machine.sh('kill $(ip netns pids "$1"); ip netns del "$1"; rm -rf "/run/lab-$1"', name);
}
