/** What the real servers themselves need, by forwarding method: the router cannot do it for them. Pure. */
import { familyOf } from '#lib/lvs/address.ts';
import {
  type ClusterConfig,
  effectiveForwarding,
  type RealServer,
  type VirtualServer,
} from '#lib/lvs/model.ts';
import { servedBy } from './facts.ts';

export interface AdviceStep {
  readonly why: string;
  readonly commands: readonly string[];
}

export interface Advice {
  /** "direct routing, IPv4". */
  readonly title: string;
  /** Addresses of the real servers that it is for. */
  readonly servers: readonly string[];
  readonly steps: readonly AdviceStep[];
}

interface Group {
  readonly title: string;
  readonly servers: Set<string>;
  readonly vips: Set<string>;
  readonly family: 4 | 6;
  readonly server: RealServer;
  readonly method: 'nat' | 'direct' | 'tunnel';
}

const titles = { nat: 'NAT', direct: 'direct routing', tunnel: 'tunnel' } as const;

/** Real servers that need the same, together. */
function groupsOf(config: ClusterConfig): Group[] {
  const groups = new Map<string, Group>();
  for (const virtual of servedBy(config)) {
    for (const server of virtual.servers) {
      if (!server.enabled || server.address === null) continue;
      const method = effectiveForwarding(config.global, server);
      const family = familyOf(server.address);
      const kind = method === 'tunnel' ? ` (${tunnelWords(server)})` : '';
      const title = `${titles[method]}${kind}, IPv${family}`;
      const group = groups.get(title) ?? {
        title,
        servers: new Set(),
        vips: new Set(),
        family,
        server,
        method,
      };
      group.servers.add(server.address);
      for (const vip of vipsOf(virtual)) group.vips.add(vip);
      groups.set(title, group);
    }
  }
  return [...groups.values()];
}

const vipsOf = ({ vip }: VirtualServer): string[] => (vip?.address == null ? [] : [vip.address]);

const tunnelWords = ({ tunnelType, tunnelPort }: RealServer): string =>
  tunnelType === 'gue' ? `gue, UDP port ${tunnelPort}` : tunnelType;

const hostPrefix = (address: string): string => `${address}/${familyOf(address) === 6 ? 128 : 32}`;

/** The VIP is on the real server, and nobody may hear of it but by way of the router. */
const silence: AdviceStep = {
  why: 'keep silent about the VIPs when somebody asks by ARP',
  commands: ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'],
};

const holdVips = (vips: ReadonlySet<string>, device: string): AdviceStep => ({
  why: `take packets to the VIPs (the service must listen on them, or on every address)`,
  commands: [...vips].map((vip) => `ip addr add ${hostPrefix(vip)} dev ${device}`),
});

function gateway({ global }: ClusterConfig, family: 4 | 6): AdviceStep[] {
  const router = family === 6 ? global.natRouter6 : global.natRouter;
  if (router?.address == null) return [];
  return [
    {
      why: 'answer through the router, wherever the client is',
      commands: [`ip ${family === 6 ? '-6 ' : ''}route replace default via ${router.address}`],
    },
  ];
}

/** The end of the tunnel, by its kind; the packets inside come with the VIP as their destination. */
function tunnelEnd({ server, family, vips }: Group): AdviceStep[] {
  const ends = {
    ipip:
      family === 6
        ? { device: 'ip6tnl0', commands: ['modprobe ip6_tunnel', 'ip link set ip6tnl0 up'] }
        : { device: 'tunl0', commands: ['modprobe ipip', 'ip link set tunl0 up'] },
    gre:
      family === 6
        ? { device: 'ip6gre0', commands: ['modprobe ip6_gre', 'ip link set ip6gre0 up'] }
        : { device: 'gre0', commands: ['modprobe ip_gre', 'ip link set gre0 up'] },
    gue: {
      device: family === 6 ? 'ip6tnl0' : 'tunl0',
      commands: [
        `modprobe -a fou ${family === 6 ? 'fou6 ip6_tunnel' : 'ipip'}`,
        `ip fou add port ${server.tunnelPort} gue${family === 6 ? ' -6' : ''}`,
        `ip link set ${family === 6 ? 'ip6tnl0' : 'tunl0'} up`,
      ],
    },
  };
  const { device, commands } = ends[server.tunnelType];
  const loose: AdviceStep = {
    why: 'take packets whose answer leaves by another interface',
    commands: ['sysctl -w net.ipv4.conf.all.rp_filter=0', `sysctl -w net.ipv4.conf.${device}.rp_filter=0`],
  };
  return [
    ...(family === 4 ? [silence] : []),
    { why: 'unpack what the router sends', commands },
    ...(family === 4 ? [loose] : []),
    holdVips(vips, device),
  ];
}

function stepsOf(config: ClusterConfig, group: Group): AdviceStep[] {
  if (group.method === 'nat') return gateway(config, group.family);
  if (group.method === 'tunnel') return tunnelEnd(group);
  const holding = holdVips(group.vips, 'lo');
  return group.family === 4 ? [silence, holding] : [holding];
}

/** One piece of advice for each way in which packets reach real servers. */
export const realServerAdvice = (config: ClusterConfig): Advice[] =>
  groupsOf(config).flatMap((group) => {
    const steps = stepsOf(config, group).filter(({ commands }) => commands.length > 0);
    return steps.length === 0 ? [] : [{ title: group.title, servers: [...group.servers], steps }];
  });
