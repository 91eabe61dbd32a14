/** Many real servers, each an address that one listener answers on, in every peer's own language. Pure. */

export interface Crowd {
  readonly count: number;
  /** First two parts of the addresses. */
  readonly network: string;
  /** Where the listener accepts. */
  readonly port: number;
  /** Interval, and limit of a check. */
  readonly seconds: number;
}

const VIP = '192.0.2.100';
/** Real servers of one virtual server. */
const EACH = 100;

const addressOf = ({ network }: Crowd, index: number): string =>
  `${network}.${Math.floor(index / 250)}.${(index % 250) + 1}`;

interface Group {
  readonly port: number;
  readonly addresses: readonly string[];
}

const groupsOf = (crowd: Crowd): readonly Group[] =>
  Array.from({ length: Math.ceil(crowd.count / EACH) }, (_, group) => ({
    port: 1000 + group,
    addresses: Array.from({ length: Math.min(EACH, crowd.count - group * EACH) }, (_each, index) =>
      addressOf(crowd, group * EACH + index),
    ),
  }));

/** A check is a TCP connection that is opened and closed. */
export const crowdOfShoal = (crowd: Crowd): string =>
  [
    'primary = 192.0.2.11',
    'network = direct',
    ...groupsOf(crowd).flatMap(({ port, addresses }) => [
      `virtual vs${port} {`,
      ...['active = 1', `address = ${VIP} eth0:1`, `port = ${port}`, 'protocol = tcp'],
      ...[`timeout = ${crowd.seconds}`, `reentry = ${crowd.seconds}`],
      ...['#@ check = tcp', `#@ check_port = ${crowd.port}`],
      ...addresses.map(
        (address, index) => `server rs${index} {\naddress = ${address}\nactive = 1\nweight = 1\n}`,
      ),
      '}',
    ]),
    '',
  ].join('\n');

export const crowdOfKeepalived = (crowd: Crowd): string =>
  groupsOf(crowd)
    .map(
      ({ port, addresses }) => `virtual_server ${VIP} ${port} {
  delay_loop ${crowd.seconds}
  lb_algo wlc
  lb_kind DR
  protocol TCP
${addresses
  .map(
    (address) => `  real_server ${address} ${port} {
    weight 1
    TCP_CHECK {
      connect_port ${crowd.port}
      connect_timeout ${crowd.seconds}
      retry 0
    }
  }
`,
  )
  .join('')}}
`,
    )
    .join('');

export const crowdOfLdirectord = (crowd: Crowd, logFile: string): string =>
  `checkinterval=${crowd.seconds}
checktimeout=${crowd.seconds}
negotiatetimeout=${crowd.seconds}
autoreload=no
quiescent=no
logfile="${logFile}"
${groupsOf(crowd)
  .map(
    ({ port, addresses }) => `virtual=${VIP}:${port}
${addresses.map((address) => `\treal=${address}:${port} gate 1\n`).join('')}\tscheduler=wlc
\tprotocol=tcp
\tchecktype=connect
\tcheckport=${crowd.port}
`,
  )
  .join('')}`;
