/** Services of ldirectord → virtual servers. */
import { endpointText } from '../../lvs/address.ts';
import {
  type ClusterConfig,
  defaultGlobal,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '../../lvs/model.ts';
import { hashingSchedulers } from '../../lvs/schedulers.ts';
import type { Findings } from '../findings.ts';
import { commonest, lookUp, namer, sorryPortOf } from '../shape.ts';
import { type AnsweredCheck, type Asked, checkOf, portOfService, serviceOfPort } from './checks.ts';
import type { Real } from './reals.ts';
import type { ReadService, Rules } from './services.ts';

interface Setting {
  readonly forwarding: Real['forwarding'];
  readonly device: string;
  readonly top: Rules;
  readonly findings: Findings;
}

/** Both timeouts stand in for each other (ldirectord 4.12). */
function limitOf({ rules }: ReadService, top: Rules, isNegotiated: boolean): number {
  const own = [rules.checkTimeout, rules.negotiateTimeout];
  const above = [top.checkTimeout, top.negotiateTimeout];
  const order = isNegotiated ? [...own.reverse(), ...above.reverse(), 30] : [...own, ...above, 5];
  return order.find((seconds) => seconds !== null) ?? 5;
}

const negotiates = ({ type }: ReadService): boolean =>
  type === null || type === 'negotiate' || type === 'combined';

function timingOf(service: ReadService, top: Rules): Partial<VirtualServer> {
  const interval = service.rules.interval ?? top.interval ?? 10;
  const limit = limitOf(service, top, negotiates(service));
  const attempts = service.type === 'ping' ? (service.rules.attempts ?? top.attempts ?? 1) : 1;
  return {
    checkSeconds: interval,
    checkLimitMilliseconds: limit * attempts === interval ? null : limit * attempts * 1000,
    fall: service.rules.failures ?? top.failures ?? 1,
    rise: 1,
    slowStartSeconds: 0,
  };
}

const nameOf = ({ name, identity, protocol }: ReadService): string => {
  if (name !== null) return name;
  if (identity.kind === 'mark') return `fwmark-${identity.mark}${identity.family === 'ipv6' ? '-ipv6' : ''}`;
  return `${endpointText(identity.address, identity.port)}${protocol === 'tcp' ? '' : `-${protocol}`}`;
};

/** The service that is spoken: named, or that of the port; a mark has none. */
const spokenBy = ({ service, identity }: ReadService): string =>
  service ?? (identity.kind === 'mark' ? 'none' : (lookUp(serviceOfPort, String(identity.port)) ?? 'none'));

const pairOf = ({ own }: Real): string => (own === null ? '' : JSON.stringify(own));

/** One check for all real servers: of their own requests the commonest. */
function chooseCheck(service: ReadService, findings: Findings): AnsweredCheck {
  const pair = commonest(service.reals.map(pairOf)) ?? '';
  for (const real of service.reals.filter((candidate) => pairOf(candidate) !== pair))
    findings.leave(
      real.entry.line,
      `request of ${real.address} in ${service.where}`,
      'other-check',
      undefined,
    );
  const own = service.reals.find((real) => pairOf(real) === pair)?.own ?? null;
  const { identity, type, command, method, virtualHost, protocol } = service;
  const asked: Asked = {
    type: type ?? 'negotiate',
    service: spokenBy(service),
    request: own?.request || service.request,
    receive: own === null ? service.receive : own.receive || null,
    command,
    method,
    virtualHost,
    protocol,
    serviceWords:
      identity.kind === 'mark' ? [String(identity.mark), '0'] : [identity.address, String(identity.port)],
  };
  return checkOf(asked);
}

/** Masquerading alone can change the port (ldirectord(8), "real"). */
function portOf(real: Real, { identity, where }: ReadService, findings: Findings): number | null {
  if (real.port === null) return null;
  if (identity.kind === 'mark') return real.port;
  if (real.port === identity.port) return null;
  if (real.forwarding === 'nat') return real.port;
  findings.leave(real.entry.line, `real ${real.address} in ${where}`, 'port-reset', { port: identity.port });
  return null;
}

function serverOf(real: Real, name: string, service: ReadService, setting: Setting): RealServer {
  return {
    ...defaultServer(name),
    enabled: service.type !== 'off',
    address: real.address,
    port: portOf(real, service, setting.findings),
    weight: real.weight,
    forwarding: real.forwarding === setting.forwarding ? null : real.forwarding,
    upperThreshold: real.upper,
    lowerThreshold: real.lower,
  };
}

function sorryOf(service: ReadService, { top, forwarding, findings }: Setting) {
  const { identity } = service;
  const isIpv6 = identity.kind === 'mark' ? identity.family === 'ipv6' : identity.address.includes(':');
  const fallback = isIpv6
    ? (service.rules.fallback6 ?? top.fallback6)
    : (service.rules.fallback ?? top.fallback);
  if (fallback === null || service.type === 'off') return {};
  const { entry, port, address } = fallback;
  if (fallback.forwarding !== forwarding)
    findings.leave(entry.line, `${entry.key} = ${entry.value}`, 'sorry-method', { method: forwarding });
  const own = identity.kind === 'address' ? identity.port : null;
  return { sorryServer: address, sorryPort: sorryPortOf(port, own, forwarding) };
}

/** A check of a service without ports goes to the port that its protocol is known by. */
function checkPortOf(service: ReadService): number | null {
  if (service.checkPort !== null || service.identity.kind === 'address') return service.checkPort;
  const isPortless = service.reals.every(({ port }) => port === null);
  return isPortless ? (portOfService.get(spokenBy(service)) ?? null) : null;
}

function virtualOf(service: ReadService, name: string, setting: Setting): VirtualServer {
  const { identity, flags, scheduler, rules } = service;
  const { findings, top } = setting;
  const { settings, remarks } = chooseCheck(service, findings);
  for (const remark of remarks)
    findings.leave(service.head.line, `check of ${service.where}`, remark, undefined);
  const hashes = hashingSchedulers.some((hashing) => hashing === scheduler);
  const serverName = namer();
  return {
    ...defaultVirtual(name),
    comments: service.comments,
    enabled: true,
    vip: identity.kind === 'address' ? { address: identity.address, device: setting.device } : null,
    firewallMark: identity.kind === 'mark' ? identity.mark : 0,
    addressFamily: identity.kind === 'mark' ? identity.family : 'ipv4',
    port: identity.kind === 'mark' ? 0 : identity.port,
    protocol: service.protocol,
    scheduler,
    hashPort: hashes && flags.some((flag) => flag.endsWith('-port')),
    hashFallback: hashes && flags.some((flag) => flag.endsWith('-fallback')),
    // ldirectord passes -o for UDP alone, -M only with -p.
    onePacket: service.onePacket && service.protocol === 'udp' && identity.kind === 'address',
    persistenceSeconds: service.persistence ?? 0,
    persistenceNetmask: service.persistence === null ? null : service.netmask,
    quiesce: rules.quiescent ?? top.quiescent ?? false,
    ...sorryOf(service, setting),
    ...timingOf(service, top),
    ...settings,
    checkPort: checkPortOf(service),
    servers: service.reals.map((real) => serverOf(real, serverName(real.address), service, setting)),
  };
}

export function assemble(
  services: readonly ReadService[],
  top: Rules,
  device: string,
  findings: Findings,
): ClusterConfig {
  const methods = services.flatMap(({ reals }) => reals.map(({ forwarding }) => forwarding));
  const forwarding = commonest(methods) ?? 'direct';
  const unique = namer();
  for (const [index, { head, reals }] of services.entries()) {
    findings.place(['virtualServers', index], head);
    for (const [place, { entry }] of reals.entries())
      findings.place(['virtualServers', index, 'servers', place], entry);
  }
  return {
    ...emptyConfig(),
    global: { ...defaultGlobal(), forwarding },
    virtualServers: services.map((service) =>
      virtualOf(service, unique(nameOf(service)), { forwarding, device, top, findings }),
    ),
  };
}
