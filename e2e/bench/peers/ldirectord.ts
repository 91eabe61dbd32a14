/** ldirectord from Debian on the routers of the lab. */
import { realServerPlaces, vip } from '#e2e/lab/places.ts';
import type { Peer } from './peer.ts';

const CONFIG = '/etc/ha.d/ldirectord-lab.cf';

/** The example's virtual server, with a check that reads a page. */
export const webDirector = (seconds: number): string => `checkinterval=${seconds}
checktimeout=${seconds}
negotiatetimeout=${seconds}
autoreload=no
quiescent=no
logfile="/var/log/ldirectord-lab.log"
virtual=${vip}:80
${Object.values(realServerPlaces)
  .map((address) => `\treal=${address}:80 masq 1\n`)
  .join('')}\tservice=http
\trequest="/"
\treceive="rs"
\tscheduler=wrr
\tprotocol=tcp
\tchecktype=negotiate
`;

export const ldirectordPeer = (config: string): Peer => ({
  name: 'ldirectord',
  async start(router) {
    await router.writeFile(CONFIG, config);
    await router.on([
      'sh',
      '-c',
      'setsid ldirectord -d "$1" start </dev/null >/dev/null 2>&1 &',
      'sh',
      CONFIG,
    ]);
  },
  async stop(router) {
    await router.sh('kill $(pidof -x ldirectord) 2>/dev/null; sleep 3; ipvsadm -C');
  },
  async pids(router) {
    const shown = await router.on(['pidof', '-x', 'ldirectord']);
    return shown.trim().split(/\s+/).map(Number);
  },
});
