/** Piranha (its double) on a router of the lab, in the place of the agent. */
import { join } from 'node:path';
import { natRouter, projectRoot, realServerPlaces, routerPlaces, vip } from '#e2e/lab/places.ts';
import { until } from '#e2e/lab/process.ts';
import type { Router } from '#e2e/lab/router.ts';
import { PIRANHA_DEADTIME_SECONDS, PIRANHA_KEEPALIVE_SECONDS, type PiranhaSettings } from './settings.ts';

const settingsFile = '/etc/shoal-lab/piranha.json';
const pidFile = '/run/piranha-pulse.pid';
const logFile = '/var/log/piranha-pulse.log';

/** The example cluster as Piranha would run it on this router. */
function settingsOf(router: Router): PiranhaSettings {
  const [own, other] =
    router.name === 'r1' ? [routerPlaces.r1, routerPlaces.r2] : [routerPlaces.r2, routerPlaces.r1];
  const servers = [realServerPlaces.rs1, realServerPlaces.rs2];
  return {
    isMaster: router.name === 'r1',
    keepaliveMs: PIRANHA_KEEPALIVE_SECONDS * 1000,
    deadtimeMs: PIRANHA_DEADTIME_SECONDS * 1000,
    port: 539,
    channels: [
      { local: own.public, peer: other.public },
      { local: own.private, peer: other.private },
    ],
    aliases: [
      { address: `${vip}/24`, device: 'eth0', label: 'eth0:1' },
      { address: `${natRouter}/24`, device: 'eth1', label: 'eth1:1' },
    ],
    table: [
      `-A -t ${vip}:80 -s wrr`,
      ...servers.map((address) => `-a -t ${vip}:80 -r ${address}:80 -m -w 1`),
      '',
    ].join('\n'),
  };
}

export class PiranhaHost {
  readonly #router: Router;

  constructor(router: Router) {
    this.#router = router;
  }

  /** Starts pulse; resolves when its process is there. */
  async start(): Promise<void> {
    await this.#router.writeFile(settingsFile, JSON.stringify(settingsOf(this.#router)));
    const program = join(projectRoot, 'dist/e2e/pulse.mjs');
    const script = 'setsid node "$1" "$2" </dev/null >>"$3" 2>&1 & echo $! >"$4"';
    await this.#router.on(['sh', '-c', script, 'sh', program, settingsFile, logFile, pidFile]);
    await until(`Piranha to run on ${this.#router.name}`, async () =>
      (await this.log()).includes('STARTING PULSE'),
    );
  }

  /** `service pulse stop`; waits until it is gone. */
  async stop(): Promise<void> {
    await this.signal('TERM');
    const gone = 'while kill -0 "$(cat "$1")" 2>/dev/null; do sleep 0.1; done; rm -f "$1"';
    await this.#router.on(['sh', '-c', gone, 'sh', pidFile]);
  }

  async signal(name: 'TERM' | 'USR2'): Promise<void> {
    await this.#router.on(['sh', '-c', 'kill "-$1" "$(cat "$2")"', 'sh', name, pidFile]);
  }

  async log(): Promise<string> {
    return (await this.#router.ssh(['cat', logFile])).stdout;
  }
}
