/** Output of `ipvsadm -Sn` → configuration: what a router's kernel serves at the moment. */

import { serviceName } from '../ipvs/command.ts';
import { readRules } from '../ipvs/read.ts';
import type { Destination, Forwarding, Service, ServiceKey } from '../ipvs/table.ts';
import { endpointText } from '../lvs/address.ts';
import type { ServerSettings } from '../lvs/directives.ts';
import {
  type ClusterConfig,
  defaultServer,
  defaultVirtual,
  emptyConfig,
  type RealServer,
  type VirtualServer,
} from '../lvs/model.ts';
import { type SchedulerName, schedulers } from '../lvs/schedulers.ts';
import { type Findings, newFindings } from './findings.ts';
import { DEFAULT_DEVICE, type ImportOptions, type ImportResult } from './result.ts';
import { commonest, namer } from './shape.ts';

interface Placed<Item> {
  readonly line: number;
  readonly item: Item;
}

interface ReadService extends Placed<Service> {
  readonly destinations: Placed<Destination>[];
}

const span = (line: number, text: string) => ({ line, column: 1, length: Math.max(text.length, 1) });

const listing = /^(IP Virtual Server version|Prot LocalAddress:Port|-> RemoteAddress:Port)/;

/** The rules by service, in file order; what is no rule, or stands in the wrong place, is a fault. */
function collect(text: string, findings: Findings): ReadService[] {
  const services = new Map<string, ReadService>();
  let isListing = false;
  for (const rule of readRules(text)) {
    if (rule.kind === 'service') {
      const name = serviceName(rule.service.key);
      const first = services.get(name);
      if (first) findings.fault('service-repeated', { text: name, line: first.line }, span(rule.line, name));
      else services.set(name, { line: rule.line, item: rule.service, destinations: [] });
    } else if (rule.kind === 'destination') {
      const name = serviceName(rule.key);
      const service = services.get(name);
      if (service) service.destinations.push({ line: rule.line, item: rule.destination });
      else findings.fault('service-unknown', { text: name }, span(rule.line, name));
    } else if (listing.test(rule.text)) {
      if (!isListing) findings.fault('listing-given', undefined, span(rule.line, rule.text));
      isListing = true;
    } else if (!isListing && !rule.text.startsWith('#')) {
      const code = /^-[Aa]\s/.test(rule.text) ? 'rule-with-names' : 'not-a-rule';
      findings.fault(code, { text: rule.text }, span(rule.line, rule.text));
    }
  }
  return [...services.values()];
}

const isIpv6 = (key: ServiceKey): boolean =>
  key.kind === 'mark' ? key.family === 6 : key.address.includes(':');

const nameOf = (key: ServiceKey): string => {
  if (key.kind === 'mark') return `fwmark-${key.mark}${key.family === 6 ? '-ipv6' : ''}`;
  const endpoint = endpointText(key.address, key.port);
  return key.protocol === 'tcp' ? endpoint : `${endpoint}-${key.protocol}`;
};

const tunnelTypes = ['ipip', 'gue', 'gre'] as const;
const checksums = { '--tun-nocsum': 'none', '--tun-csum': 'csum', '--tun-remcsum': 'remcsum' } as const;

/** The options of a destination behind its forwarding method: the tunnel's. */
function tunnelSettings({ line, item }: Placed<Destination>, findings: Findings): Partial<ServerSettings> {
  const settings: Partial<ServerSettings> = {};
  const words = [...item.extra];
  while (words.length > 0) {
    const word = words.shift() as string;
    const value = words[0] ?? '';
    const tunnelType = tunnelTypes.find((type) => type === value);
    if (word === '--tun-type' && tunnelType !== undefined) {
      settings.tunnelType = tunnelType;
      words.shift();
    } else if (word === '--tun-port' && /^\d{1,5}$/.test(value)) settings.tunnelPort = Number(words.shift());
    else if (Object.hasOwn(checksums, word))
      settings.tunnelChecksum = checksums[word as keyof typeof checksums];
    else findings.leave(line, word, 'option-unknown', { text: word });
  }
  return settings;
}

/** A number that ipvsadm prints; damaged ones are 0. */
const count = (value: number, fallback = 0): number =>
  Number.isSafeInteger(value) && value >= 0 ? value : fallback;

function serverOf(
  destination: Placed<Destination>,
  context: { readonly virtualPort: number; readonly forwarding: Forwarding; readonly findings: Findings },
  name: string,
): RealServer {
  const { item } = destination;
  return {
    ...defaultServer(name),
    address: item.address,
    enabled: true,
    port: item.port === context.virtualPort ? null : item.port,
    weight: count(item.weight, 1),
    forwarding: item.forwarding === context.forwarding ? null : item.forwarding,
    upperThreshold: count(item.upperThreshold),
    lowerThreshold: count(item.lowerThreshold),
    ...tunnelSettings(destination, context.findings),
  };
}

/** The service's own port; behind a mark that of its destinations. */
function portOf({ item, destinations }: ReadService): number {
  if (item.key.kind === 'address') return item.key.port;
  return commonest(destinations.map((destination) => destination.item.port)) ?? 0;
}

function schedulerOf({ line, item }: ReadService, findings: Findings): SchedulerName {
  const known = schedulers.find(({ name }) => name === item.scheduler);
  if (known) return known.name;
  findings.leave(line, `-s ${item.scheduler}`, 'scheduler-unknown', { text: item.scheduler });
  return 'wlc';
}

function virtualOf(
  service: ReadService,
  context: { readonly device: string; readonly forwarding: Forwarding; readonly findings: Findings },
): VirtualServer {
  const { key, ...item } = service.item;
  const port = portOf(service);
  const serverName = namer();
  return {
    ...defaultVirtual(nameOf(key)),
    enabled: true,
    vip: key.kind === 'address' ? { address: key.address, device: context.device } : null,
    firewallMark: key.kind === 'mark' ? key.mark : 0,
    port,
    persistenceSeconds: count(item.persistence ?? 0),
    persistenceNetmask: isIpv6(key) && item.netmask !== null ? `/${item.netmask}` : item.netmask,
    scheduler: schedulerOf(service, context.findings),
    protocol: key.kind === 'address' ? key.protocol : 'tcp',
    hashPort: item.schedulerFlags.some((flag) => flag.endsWith('-port')),
    hashFallback: item.schedulerFlags.some((flag) => flag.endsWith('-fallback')),
    onePacket: item.onePacket,
    addressFamily: key.kind === 'mark' && key.family === 6 ? 'ipv6' : 'ipv4',
    servers: service.destinations.map((destination) =>
      serverOf(destination, { virtualPort: port, ...context }, serverName(destination.item.address)),
    ),
  };
}

function remark(services: readonly ReadService[], device: string, findings: Findings): void {
  if (services.length === 0) return;
  findings.leave(1, 'health checks', 'no-checks-in-kernel', undefined);
  if (services.some(({ item }) => item.key.kind === 'address'))
    findings.leave(1, 'interfaces', 'device-assumed', { device });
  findings.leave(1, 'thresholds', 'thresholds-unseen', undefined);
}

/** Reads the output of `ipvsadm -Sn`. Never throws. */
export function readIpvsadm(text: string, options: ImportOptions = {}): ImportResult {
  const findings = newFindings();
  const device = options.device ?? DEFAULT_DEVICE;
  const services = collect(text, findings);
  const methods = services.flatMap(({ destinations }) => destinations.map(({ item }) => item.forwarding));
  const forwarding = commonest(methods) ?? 'direct';
  remark(services, device, findings);
  const config: ClusterConfig = {
    ...emptyConfig(),
    global: { ...emptyConfig().global, forwarding },
    virtualServers: services.map((service) => virtualOf(service, { device, forwarding, findings })),
  };
  for (const [index, { line, destinations }] of services.entries()) {
    findings.place(['virtualServers', index], span(line, '-A'));
    for (const [serverIndex, destination] of destinations.entries())
      findings.place(['virtualServers', index, 'servers', serverIndex], span(destination.line, '-a'));
  }
  return findings.result(config);
}
