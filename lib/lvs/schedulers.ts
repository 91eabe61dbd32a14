/** The kernel's schedulers (Linux 6.1, net/netfilter/ipvs). One row each. */
export const schedulers = [
  {
    name: 'rr',
    label: 'Round robin',
    help: 'Each real server in turn; weights are ignored except weight 0.',
    piranha: true,
  },
  {
    name: 'wrr',
    label: 'Weighted round robin',
    help: 'Each real server in turn, in proportion to its weight.',
    piranha: true,
  },
  {
    name: 'lc',
    label: 'Least-connection',
    help: 'The real server with the fewest connections.',
    piranha: true,
  },
  {
    name: 'wlc',
    label: 'Weighted least-connection',
    help: 'The fewest connections in proportion to the weight.',
    piranha: true,
  },
  {
    name: 'lblc',
    label: 'Locality-based least-connection',
    help: 'Same destination address, same server, until it is overloaded. For caches.',
    piranha: true,
  },
  {
    name: 'lblcr',
    label: 'Locality-based least-connection with replication',
    help: 'As lblc, with a set of servers for each destination.',
    piranha: true,
  },
  { name: 'dh', label: 'Destination hashing', help: 'By a hash of the destination address.', piranha: true },
  {
    name: 'sh',
    label: 'Source hashing',
    help: 'By a hash of the client address: a client stays on its server.',
    piranha: true,
  },
  {
    name: 'sed',
    label: 'Shortest expected delay',
    help: '(connections + 1) / weight, smallest first.',
    piranha: false,
  },
  {
    name: 'nq',
    label: 'Never queue',
    help: 'An idle server if there is one, otherwise as sed.',
    piranha: false,
  },
  {
    name: 'fo',
    label: 'Weighted failover',
    help: 'The available server with the highest weight takes everything.',
    piranha: false,
  },
  {
    name: 'ovf',
    label: 'Weighted overflow',
    help: 'The highest weight until its connections exceed the weight, then the next.',
    piranha: false,
  },
  {
    name: 'mh',
    label: 'Maglev hashing',
    help: 'Consistent hashing by client address: few clients move when a server leaves.',
    piranha: false,
  },
  {
    name: 'twos',
    label: 'Power of two choices',
    help: 'Of two real servers drawn by weight, the one with fewer connections (Linux 5.13 and newer).',
    piranha: false,
  },
] as const;

/** Schedulers that hash, and therefore take the flags `…-port` and `…-fallback` (ipvsadm -b). */
export const hashingSchedulers = ['sh', 'mh'] as const satisfies readonly SchedulerName[];

export type SchedulerName = (typeof schedulers)[number]['name'];
