/** The example cluster: one HTTP virtual server on 192.0.2.100, timing that lets a visitor see things happen. */
import { natRouter, type RealServerName, realServerPlaces, routerPlaces, vip } from '#e2e/lab/places.ts';

export const exampleName = 'Example';
export const virtualServerName = 'web';

const realServer = (name: RealServerName, weight: number): string => `  server ${name} {
    address = ${realServerPlaces[name]}
    active = 1
    weight = ${weight}
  }
`;

export interface ExampleOptions {
  /** Real servers and their weights, in order. */
  readonly servers?: Partial<Record<RealServerName, number>>;
  readonly serial?: number;
  /** Lines for the top level besides. */
  readonly global?: readonly string[];
  /** Lines for the virtual server besides. */
  readonly virtual?: readonly string[];
}

/** Check interval and limit of the example's virtual server. */
export const CHECK_SECONDS = 2;
export const REENTRY_SECONDS = 4;
export const KEEPALIVE_SECONDS = 1;
export const DEADTIME_SECONDS = 3;

/** The example as lvs.cf. */
export function exampleConfig(options: ExampleOptions = {}): string {
  const { servers = { rs1: 1, rs2: 1, rs3: 1 }, serial = 1, global = [], virtual = [] } = options;
  const blocks = (['rs1', 'rs2', 'rs3'] as const).flatMap((name) => {
    const weight = servers[name];
    return weight === undefined ? [] : [realServer(name, weight)];
  });
  const { r1, r2 } = routerPlaces;
  return `serial_no = ${serial}
primary = ${r1.public}
primary_private = ${r1.private}
service = lvs
backup_active = 1
backup = ${r2.public}
backup_private = ${r2.private}
heartbeat = 1
heartbeat_port = 539
keepalive = ${KEEPALIVE_SECONDS}
deadtime = ${DEADTIME_SECONDS}
network = nat
nat_router = ${natRouter} eth1:1
nat_nmask = 255.255.255.0
${global.map((line) => `${line}\n`).join('')}virtual ${virtualServerName} {
  active = 1
  address = ${vip} eth0:1
  vip_nmask = 255.255.255.0
  port = 80
  send = "GET / HTTP/1.0\\r\\n\\r\\n"
  expect = "HTTP"
  scheduler = wrr
  protocol = tcp
  timeout = ${CHECK_SECONDS}
  reentry = ${REENTRY_SECONDS}
  #@ slow_start = 0
${virtual.map((line) => `  ${line}\n`).join('')}${blocks.join('')}}
`;
}
