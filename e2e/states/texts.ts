/** Configurations of the clusters that stand for the states of the console. */

interface Server {
  readonly name: string;
  readonly address: string;
  readonly weight?: number;
}

interface Block {
  readonly name: string;
  readonly lines: readonly string[];
  readonly servers: readonly Server[];
}

const braced = (head: string, lines: readonly string[]): string[] => [
  `${head} {`,
  ...lines.map((line) => `  ${line}`),
  '}',
];

const virtualLines = ({ name, lines, servers }: Block): string[] =>
  braced(`virtual ${name}`, [
    'active = 1',
    ...lines,
    ...servers.flatMap((server) =>
      braced(`server ${server.name}`, [
        `address = ${server.address}`,
        'active = 1',
        `weight = ${server.weight ?? 1}`,
      ]),
    ),
  ]);

const globalLines = (serial: number): string[] => [
  `serial_no = ${serial}`,
  'primary = 192.0.2.11',
  'primary_private = 10.11.12.1',
  'service = lvs',
  'backup_active = 1',
  'backup = 192.0.2.12',
  'backup_private = 10.11.12.2',
  'heartbeat = 1',
  'heartbeat_port = 539',
  'keepalive = 6',
  'deadtime = 18',
  'network = direct',
];

const address = (vip: string, port: number, device = 'eth0:1'): string[] => [
  `address = ${vip} ${device}`,
  'vip_nmask = 255.255.255.0',
  `port = ${port}`,
];

const http = ['send = "GET / HTTP/1.0\\r\\n\\r\\n"', 'expect = "HTTP"', 'scheduler = wlc', 'protocol = tcp'];

/** What a shop has: web, mail and a name server. */
const shop: readonly Block[] = [
  {
    name: 'web',
    lines: [...address('192.0.2.100', 80), ...http],
    servers: [
      { name: 'rs1', address: '10.11.12.21', weight: 3 },
      { name: 'rs2', address: '10.11.12.22', weight: 3 },
      { name: 'rs3', address: '10.11.12.23' },
    ],
  },
  {
    name: 'mail',
    lines: [...address('192.0.2.101', 25, 'eth0:2'), 'scheduler = rr', 'protocol = tcp', 'persistent = 300'],
    servers: [
      { name: 'mx1', address: '10.11.12.31' },
      { name: 'mx2', address: '10.11.12.32' },
    ],
  },
  {
    name: 'names',
    lines: [...address('192.0.2.102', 53, 'eth0:3'), 'scheduler = wrr', 'protocol = udp'],
    servers: [
      { name: 'ns1', address: '10.11.12.41' },
      { name: 'ns2', address: '10.11.12.42' },
    ],
  },
];

const joined = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

export const shopText = joined([...globalLines(1), ...shop.flatMap(virtualLines)]);

/** Loads, but no router would take it: two virtual servers have one address and port. */
export const twinText = joined([
  ...globalLines(1),
  ...[...shop, { ...shop[0], name: 'web-twin' } as Block].flatMap(virtualLines),
]);

/** A line with each kind of fault, the words misspelt as hands do. */
export const faultyText = `serial_no = 1
primary = 192.0.2.999
primry_private = 10.11.12.1
network = dirct
heartbeat_port = 99999
keepalive = often
deadtime = 3
virtual web {
  active = yes
  address = 198.51.100.80 eth0:1
  vip_nmask = 255.0.255.0
  port = 70000
  schedular = wlc
  protocol = tpc
  send = "GET / "it's" HTTP/1.0"
  server rs1 {
    address = 192.0.2.21
    active = 1
    weight = heavy
  }
  server rs1 {
    address = 192.0.2.21
    active = 1
  }
}
virtual web {
  active = 1
  address = 198.51.100.80 eth0:1
  server rs2-with-a-name-that-somebody-made-much-longer-than-any-column-of-any-table {
    address = 192.0.2
`;

const sites = [
  'shop-frontend',
  'payment-gateway',
  'image-delivery',
  'customer-login',
  'search',
  'feed',
] as const;
const places = ['vienna', 'graz', 'linz'] as const;

/** Real servers of the crowded virtual server. */
const CROWD = 200;
export const crowdedName = 'everything-behind-one-address-production-vienna-https';

function siteOf(index: number): Block {
  const site = sites[index % sites.length];
  const place = places[index % places.length];
  const isSecure = index % 2 === 1;
  return {
    name: `${site}-production-${place}-${isSecure ? 'https' : 'http'}-${String(index).padStart(3, '0')}`,
    lines: [...address(`203.0.113.${1 + (index >> 1)}`, isSecure ? 443 : 80), ...http, 'persistent = 300'],
    servers: Array.from({ length: 8 }, (_, at) => ({
      name: `${site}-${place}-node-${String(at + 1).padStart(2, '0')}`,
      address: `198.51.100.${1 + ((index * 8 + at) % 250)}`,
      weight: 1 + (at % 4),
    })),
  };
}

/** Virtual servers of the large cluster, with the crowded one before them. */
export const SITES = 300;

/** Hundreds of virtual servers with long names and thousands of real servers, IPv6 and failover services among them. */
export function largeText(serial: number, weight = 1): string {
  const crowd: Block = {
    name: crowdedName,
    lines: [...address('192.0.2.200', 443), ...http],
    servers: Array.from({ length: CROWD }, (_, at) => ({
      name: `worker-in-the-third-row-of-the-data-centre-${String(at + 1).padStart(3, '0')}`,
      address: `192.0.2.${1 + at === 200 ? 250 : 1 + at}`,
      weight,
    })),
  };
  const six = [
    'virtual shop-frontend-production-vienna-ipv6 {',
    'active = 1',
    'address = 2001:db8:1234:5678:9abc:def0:1234:5678 eth0',
    'port = 443',
    'protocol = tcp',
    'server shop-frontend-node-01 {',
    'address = 2001:db8:ffff:ffff:ffff:ffff:ffff:fff1',
    'active = 1',
    '}',
    '}',
  ].map((line) => `#@ ${line}`);
  const services = Array.from({ length: 12 }, (_, at) =>
    braced(`failover database-and-file-service-${at + 1}`, [
      'active = 1',
      ...address(`192.0.2.${220 + at}`, 5432 + at, `eth0:${20 + at}`),
      `start_cmd = "/etc/rc.d/init.d/service${at + 1} start"`,
      `stop_cmd = "/etc/rc.d/init.d/service${at + 1} stop"`,
    ]),
  ).flat();
  const virtuals = [crowd, ...Array.from({ length: SITES }, (_, index) => siteOf(index))];
  return joined([...globalLines(serial), ...virtuals.flatMap(virtualLines), ...six, ...services]);
}
