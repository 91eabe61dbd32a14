/** keepalived from Debian on the routers of the lab. */
import { natRouter, realServerPlaces, routerPlaces, vip } from '#e2e/lab/places.ts';
import type { Router } from '#e2e/lab/router.ts';
import type { Peer } from './peer.ts';

const CONFIG = '/etc/keepalived/keepalived.conf';
const PIDS = '/run/keepalived-lab.pid';

export interface Vrrp {
  /** Seconds between two advertisements. */
  readonly advertSeconds: number;
  /** By router: of two that start at once, the higher one serves. */
  readonly priority: { readonly r1: number; readonly r2: number };
}

/** The example cluster: VRRPv3, nobody takes back what another one holds. */
export const vrrpConfig = (name: Router['name'], { advertSeconds, priority }: Vrrp): string => `global_defs {
  vrrp_version 3
}
vrrp_instance web {
  state BACKUP
  nopreempt
  interface eth0
  virtual_router_id 51
  priority ${priority[name]}
  advert_int ${advertSeconds}
  unicast_src_ip ${routerPlaces[name].public}
  unicast_peer {
    ${routerPlaces[name === 'r1' ? 'r2' : 'r1'].public}
  }
  virtual_ipaddress {
    ${vip}/24 dev eth0
    ${natRouter}/24 dev eth1
  }
}
`;

/** The example's virtual server, with a check that reads a page. */
export const webServer = (delaySeconds: number): string => `virtual_server ${vip} 80 {
  delay_loop ${delaySeconds}
  lb_algo wrr
  lb_kind NAT
  protocol TCP
${Object.values(realServerPlaces).map(realServer).join('')}}
`;

const realServer = (address: string): string => `  real_server ${address} 80 {
    weight 1
    HTTP_GET {
      url {
        path /
        status_code 200
      }
      connect_timeout 2
      retry 0
    }
  }
`;

export const keepalivedPeer = (configOf: (router: Router) => string, name = 'keepalived'): Peer => ({
  name,
  async start(router) {
    await router.writeFile(CONFIG, configOf(router));
    const script = `setsid keepalived -n -l -f ${CONFIG} -p ${PIDS} </dev/null >/var/log/keepalived-lab.log 2>&1 &`;
    await router.on(['sh', '-c', script]);
  },
  async stop(router) {
    const script =
      'p=$(cat "$1" 2>/dev/null) || exit 0; kill "$p"; for i in $(seq 100); do kill -0 "$p" 2>/dev/null || break; ' +
      'sleep 0.1; done; ipvsadm -C';
    await router.sh(script, PIDS);
  },
  async pids(router) {
    return (await router.on(['pidof', 'keepalived'])).trim().split(/\s+/).map(Number);
  },
});
