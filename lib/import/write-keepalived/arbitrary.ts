/** Random configurations that keepalived.conf can hold whole: what is written for one reads back as the same. */
import fc, { type Arbitrary } from 'fast-check';
import type { GlobalSettings, ServerSettings, VirtualSettings } from '../../lvs/directives.ts';
import {
  type ClusterConfig,
  defaultGlobal,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '../../lvs/model.ts';
import { hashingSchedulers, schedulers } from '../../lvs/schedulers.ts';
import type { WriteOptions } from '../writers.ts';

type Family = 4 | 6;
type Forwarding = GlobalSettings['forwarding'];

const orNull = <Value>(arbitrary: Arbitrary<Value>): Arbitrary<Value | null> =>
  fc.option(arbitrary, { nil: null, freq: 2 });

/** Texts with what quotes have to hold together; no double quote, backslash or dollar sign. */
const text = (extra: string): Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ019._-', ...extra), minLength: 1, maxLength: 12 });
const name = text(' #!{}').filter((value) => value.trim() === value && /[a-z]/i.test(value));
const word = fc.constantFrom('www.example.org', 'lb1', 'health-check.example.org', '[2001:db8::1]:8080');

const wholeHeartbeat = fc
  .tuple(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 2, max: 100 }))
  .map(([keepaliveSeconds, missed]) => ({ keepaliveSeconds, deadtimeSeconds: keepaliveSeconds * missed }));

const shortHeartbeat = fc
  .tuple(
    fc.integer({ min: 2, max: 4_095 }).filter((value) => value % 100 !== 0),
    fc.integer({ min: 2, max: 100 }),
  )
  .map(([hundredths, missed]) => {
    const [keepalive, deadtime] = [hundredths * 10, hundredths * 10 * missed];
    const keepaliveSeconds = Math.ceil(keepalive / 1000);
    return {
      keepaliveSeconds,
      deadtimeSeconds: Math.max(Math.ceil(deadtime / 1000), keepaliveSeconds + 1),
      keepaliveMilliseconds: keepalive,
      deadtimeMilliseconds: deadtime,
    };
  });

const preemption = fc.oneof(
  fc.constant({ preempt: false }),
  fc.integer({ min: 0, max: 1000 }).map((preemptDelaySeconds) => ({ preempt: true, preemptDelaySeconds })),
);

const syncDaemon = fc.oneof(
  fc.constant({}),
  fc
    .integer({ min: 0, max: 255 })
    .map((syncDaemonId) => ({ syncDaemon: true, syncDaemonInterface: 'eth1', syncDaemonId })),
);

const partners = (role: WriteOptions['role']): Arbitrary<Partial<GlobalSettings>> => {
  const pair = { primaryAddress: '192.0.2.11', backupAddress: '192.0.2.12', backupEnabled: true };
  const alone = { primaryAddress: '192.0.2.11' };
  return role === 'primary' ? fc.constantFrom<Partial<GlobalSettings>>(pair, alone) : fc.constant(pair);
};

const natRouter: Arbitrary<Partial<GlobalSettings>> = fc.constantFrom<Partial<GlobalSettings>>(
  {},
  { natRouter: { address: '10.11.12.254', device: 'eth1' }, natRouterNetmask: '255.255.255.0' },
  { natRouter: { address: '10.11.12.254', device: 'eth1:1' }, natRouterNetmask: '255.255.255.128' },
);

const globalSettings = (role: WriteOptions['role'], forwarding: Forwarding): Arbitrary<GlobalSettings> =>
  fc
    .tuple(
      fc.oneof(wholeHeartbeat, shortHeartbeat),
      preemption,
      syncDaemon,
      partners(role),
      forwarding === 'nat' ? natRouter : fc.constant({}),
      fc.record({
        announceRefreshSeconds: fc.integer({ min: 0, max: 86_400 }),
        monitorLinks: fc.boolean(),
        tcpTimeoutSeconds: fc.nat({ max: 9_000 }),
        tcpFinTimeoutSeconds: fc.nat({ max: 900 }),
        udpTimeoutSeconds: fc.nat({ max: 900 }),
      }),
    )
    .map((parts) => Object.assign(defaultGlobal(), { forwarding }, ...parts) as GlobalSettings);

type CheckSettings = Partial<VirtualSettings>;

const status = fc.constantFrom('200', '200-399', '200-299,301,404', '401');
const path = fc.constantFrom('/', '/health', '/a/b?c=1&d=2', '/x#y', '/!', '/{id}');
const body = fc.oneof(
  fc.constant({}),
  text(' #.*').map((httpBody) => ({ httpBody })),
  fc
    .constantFrom('up|ok', '^all good$', 'v[0-9]+[.]x', '(a|b) c')
    .filter((value) => !value.includes('$'))
    .map((httpBody) => ({ httpBody, httpBodyIsRegex: true })),
);
const bytes = fc.constantFrom('"ping\\r\\n"', '"a b"', '"x\\ty"', '"\\\\"');

const web = (checkKind: 'http' | 'https'): Arbitrary<CheckSettings> =>
  fc
    .tuple(fc.record({ httpPath: path, httpStatus: status, httpHost: orNull(word) }), body)
    .map(([settings, more]) => ({ checkKind, ...settings, ...more }));

/** The check of each kind with its own options. */
const checkKinds: readonly Arbitrary<CheckSettings>[] = [
  fc.constant({ checkKind: 'tcp' } as const),
  fc.constant({ checkKind: 'icmp' } as const),
  web('http'),
  web('https'),
  fc.record({ smtpHelo: orNull(word) }).map((settings) => ({ checkKind: 'smtp', ...settings }) as const),
  fc
    .record({
      dnsType: fc.constantFrom('A', 'AAAA', 'CNAME', 'MX', 'NS', 'SOA', 'TXT'),
      dnsName: orNull(fc.constantFrom('example.org', 'health.example.org')),
    })
    .map((settings) => ({ checkKind: 'dns', ...settings }) as CheckSettings),
  fc
    .constantFrom('"/bin/true"', '"/bin/echo %h %p -x"')
    .map((sendProgram) => ({ checkKind: 'script', sendProgram }) as const),
  fc
    .oneof(
      fc.constant({}),
      fc.record({ expect: fc.oneof(fc.constant('"*"'), bytes) }),
      fc.record({ send: bytes, expect: fc.oneof(fc.constant('"*"'), bytes) }),
    )
    .map((settings) => ({ checkKind: 'udp', ...settings }) as const),
];

const timing = ({ checkKind }: CheckSettings): Arbitrary<CheckSettings> => {
  const unit = checkKind === 'script' ? 1000 : 50;
  return fc
    .record({
      interval: fc.oneof(
        fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1000),
        fc.integer({ min: 1, max: 400 }).map((steps) => steps * 50),
      ),
      limit: fc.integer({ min: 1, max: 100 }).map((steps) => steps * unit),
      fall: fc.integer({ min: 1, max: 20 }),
    })
    .map(({ interval, limit, fall }) => ({
      checkSeconds: Math.ceil(interval / 1000),
      checkIntervalMilliseconds: interval % 1000 === 0 ? null : interval,
      checkLimitMilliseconds: limit === interval ? null : limit,
      fall,
      rise: 1,
      slowStartSeconds: 0,
    }));
};

const hasPort = ({ checkKind }: CheckSettings): boolean =>
  checkKind !== 'script' && checkKind !== 'icmp' && checkKind !== 'none';

/** Ports of checks lie above those of services, so that they differ. */
const SERVICE_PORT_MOST = 40_000;

const where = (settings: CheckSettings): Arbitrary<CheckSettings> =>
  hasPort(settings)
    ? fc.record({
        checkPort: orNull(fc.integer({ min: SERVICE_PORT_MOST + 1, max: 65_535 })),
        checkSource: orNull(fc.constantFrom('192.0.2.11')),
      })
    : fc.constant({});

const check: Arbitrary<CheckSettings> = fc.oneof(
  fc.constant({ checkKind: 'none', slowStartSeconds: 0 } as const),
  fc
    .oneof(...checkKinds)
    .chain((kind) => fc.tuple(timing(kind), where(kind)).map((parts) => Object.assign({}, kind, ...parts))),
);

const realAddress = (family: Family, index: number): string =>
  family === 4 ? `10.11.12.${21 + index}` : `2001:db8:1::${(21 + index).toString(16)}`;

const tunnel: Arbitrary<Partial<ServerSettings>> = fc.oneof(
  fc.constant({}),
  fc.record({
    tunnelType: fc.constant('gue' as const),
    tunnelPort: fc.integer({ min: 1, max: 65_535 }),
    tunnelChecksum: fc.constantFrom('none' as const, 'csum' as const, 'remcsum' as const),
  }),
  fc.record({
    tunnelType: fc.constant('gre' as const),
    tunnelChecksum: fc.constantFrom('none' as const, 'csum' as const),
  }),
);

interface Place {
  readonly family: Family;
  readonly method: Forwarding;
  readonly isMark: boolean;
  readonly port: number;
  readonly check: CheckSettings;
}

const server = (place: Place, index: number): Arbitrary<RealServer> => {
  const address = realAddress(place.family, index);
  const ownPort = fc.integer({ min: 1, max: SERVICE_PORT_MOST }).filter((port) => port !== place.port);
  return fc
    .tuple(
      fc.record({
        weight: fc.nat({ max: 65_535 }),
        port: place.method === 'nat' && !place.isMark ? orNull(ownPort) : fc.constant(null),
        checkAddress: hasPort(place.check)
          ? orNull(fc.constant(realAddress(place.family, index + 100)))
          : fc.constant(null),
        name: fc.constantFrom(address, `rs ${index}`, `web-${index}`),
      }),
      fc
        .tuple(fc.nat({ max: 5000 }), fc.nat({ max: 5000 }))
        .map(([a, b]) => ({ upperThreshold: Math.max(a, b), lowerThreshold: Math.min(a, b) })),
      place.method === 'tunnel' ? tunnel : fc.constant({}),
    )
    .map((parts) => Object.assign({}, defaultServer(''), { address, enabled: true }, ...parts) as RealServer);
};

/** Identity of the n-th virtual server: an address of either family, or a mark. */
function identity(index: number, family: Family, isMark: boolean): Partial<VirtualServer> {
  if (isMark) return { firewallMark: index + 1, port: 0, addressFamily: family === 4 ? 'ipv4' : 'ipv6' };
  const isWide = index % 2 === 0;
  if (family === 6)
    return {
      vip: { address: `2001:db8::${100 + index}`, device: 'eth0' },
      vipNetmask: isWide ? '/64' : null,
    };
  const device = isWide ? 'eth0' : `eth0:${index}`;
  return { vip: { address: `192.0.2.${100 + index}`, device }, vipNetmask: isWide ? '255.255.255.0' : null };
}

const scheduling: Arbitrary<Partial<VirtualSettings>> = fc
  .tuple(fc.constantFrom(...schedulers.map(({ name: scheduler }) => scheduler)), fc.boolean(), fc.boolean())
  .map(([scheduler, hashPort, hashFallback]) =>
    hashingSchedulers.some((hashing) => hashing === scheduler)
      ? { scheduler, hashPort, hashFallback }
      : { scheduler },
  );

const persistence = (family: Family): Arbitrary<Partial<VirtualSettings>> =>
  fc.oneof(
    fc.constant({}),
    fc.record({
      persistenceSeconds: fc.integer({ min: 1, max: 86_400 }),
      persistenceNetmask: orNull(fc.constant(family === 4 ? '255.255.255.0' : '/64')),
    }),
  );

const quorum: Arbitrary<Partial<VirtualSettings>> = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 999 }))
  .map(([value, less]) => ({ quorum: value, quorumHysteresis: less % value }));

const protocol = (isMark: boolean): Arbitrary<Partial<VirtualSettings>> =>
  isMark
    ? fc.constant({})
    : fc.constantFrom<Partial<VirtualSettings>>(
        { protocol: 'tcp' },
        { protocol: 'udp' },
        { protocol: 'udp', onePacket: true },
        { protocol: 'sctp' },
      );

const sorry = (family: Family, method: Forwarding, isMark: boolean): Arbitrary<Partial<VirtualSettings>> =>
  fc.oneof(
    fc.constant({}),
    fc.record({
      sorryServer: fc.constant(realAddress(family, 200)),
      sorryPort:
        method === 'nat' && !isMark
          ? orNull(fc.integer({ min: SERVICE_PORT_MOST + 1, max: 65_535 }))
          : fc.constant(null),
    }),
  );

function virtual(index: number, method: Forwarding): Arbitrary<VirtualServer> {
  return fc
    .tuple(
      index === 0 ? fc.constant(4 as const) : fc.constantFrom<Family>(4, 6),
      index === 0 ? fc.constant(false) : fc.boolean(),
      fc.integer({ min: 1, max: SERVICE_PORT_MOST }),
      check,
    )
    .chain(([family, isMark, port, settings]) => {
      const named = { port, ...identity(index, family, isMark) };
      const place: Place = { family, method, isMark, port: named.port, check: settings };
      return fc
        .tuple(
          scheduling,
          persistence(family),
          quorum,
          protocol(isMark),
          sorry(family, method, isMark),
          fc.record({ quiesce: fc.boolean() }),
          fc
            .integer({ min: 1, max: 3 })
            .chain((count) =>
              fc
                .tuple(...Array.from({ length: count }, (_, position) => server(place, position)))
                .map((servers) => ({ servers })),
            ),
          name.map((value) => ({ name: `${value}${index}` })),
        )
        .map(
          (parts) =>
            Object.assign(
              {},
              defaultVirtual(''),
              { enabled: true },
              named,
              settings,
              ...parts,
            ) as VirtualServer,
        );
    });
}

/**
 * What makes sense: a quorum that the weights reach, sources of checks of the family that they check, no port for
 * the program of a mark.
 */
function sensible(one: VirtualServer): VirtualServer {
  const weights = one.servers.reduce((sum, { weight }) => sum + weight, 0);
  const reached = Math.max(1, Math.min(one.quorum, weights));
  return {
    ...one,
    quorum: reached,
    quorumHysteresis: one.quorumHysteresis % reached,
    checkSource: one.servers[0]?.address?.includes(':') === true ? null : one.checkSource,
    sendProgram: one.firewallMark === 0 ? one.sendProgram : (one.sendProgram?.replace(' %p', '') ?? null),
  };
}

/** What keepalived can hold, for the file of one router. */
export const heldConfig = (role: WriteOptions['role']): Arbitrary<ClusterConfig> =>
  fc.constantFrom<Forwarding>('nat', 'direct', 'tunnel').chain((forwarding) =>
    fc
      .tuple(
        globalSettings(role, forwarding),
        fc
          .integer({ min: 1, max: 4 })
          .chain((count) =>
            fc.tuple(...Array.from({ length: count }, (_, index) => virtual(index, forwarding))),
          ),
      )
      .map(([global, virtuals]) => ({ ...emptyConfig(), global, virtualServers: virtuals.map(sensible) })),
  );
