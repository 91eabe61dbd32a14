/** One `virtual = …` and its indented lines. */
import type { GlobalSettings, VirtualSettings } from '../../lvs/directives.ts';
import { type SchedulerName, schedulers } from '../../lvs/schedulers.ts';
import { lookUp } from '../shape.ts';
import { type Asked, isService, serviceNames } from './checks.ts';
import type { Entry, Service } from './lines.ts';
import { forwardings, type Real, readReals } from './reals.ts';
import { type Context, numberOf, phrase, quotedOf, readEndpoint, textOf, wrong, yesOrNo } from './values.ts';
import { credentials, leftInService } from './words.ts';

export interface Fallback {
  readonly entry: Entry;
  readonly address: string;
  readonly port: number | null;
  readonly forwarding: GlobalSettings['forwarding'];
}

/** Times and rules that a service may override. Seconds and counts; null = not given. */
export interface Rules {
  checkTimeout: number | null;
  negotiateTimeout: number | null;
  interval: number | null;
  failures: number | null;
  attempts: number | null;
  quiescent: boolean | null;
  fallback: Fallback | null;
  fallback6: Fallback | null;
}

export const noRules = (): Rules => ({
  checkTimeout: null,
  negotiateTimeout: null,
  interval: null,
  failures: null,
  attempts: null,
  quiescent: null,
  fallback: null,
  fallback6: null,
});

export type ServiceIdentity =
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  | { readonly kind: 'mark'; readonly mark: number; readonly family: VirtualSettings['addressFamily'] };

export interface ReadService {
  readonly head: Entry;
  readonly where: string;
  readonly identity: ServiceIdentity;
  readonly reals: Real[];
  readonly rules: Rules;
  readonly comments: string[];
  name: string | null;
  type: Asked['type'] | null;
  service: string | null;
  protocol: VirtualSettings['protocol'];
  command: string;
  request: string | null;
  receive: string | null;
  method: VirtualSettings['httpMethod'];
  virtualHost: string | null;
  checkPort: number | null;
  scheduler: SchedulerName;
  flags: readonly string[];
  persistence: number | null;
  netmask: string | null;
  onePacket: boolean;
}

type Handler = (entry: Entry) => void;

export function readFallback(entry: Entry, context: Context): Fallback | null {
  const [where = '', method = 'gate', ...rest] = (entry.value ?? '').split(/\s+/);
  const endpoint = readEndpoint(where);
  const forwarding = lookUp(forwardings, method);
  if (endpoint === null || forwarding === undefined || rest.length > 0)
    return wrong(entry, 'an address, a port and gate, masq or ipip, such as 127.0.0.1:80 gate', context);
  return { entry, address: endpoint.host, port: endpoint.port, forwarding };
}

/** Handlers of lines that may stand at the top and inside a service. */
export function ruleHandlers(rules: Rules, context: Context): Readonly<Record<string, Handler>> {
  return {
    checktimeout: (entry) => {
      rules.checkTimeout = numberOf(entry, context);
    },
    negotiatetimeout: (entry) => {
      rules.negotiateTimeout = numberOf(entry, context);
    },
    checkinterval: (entry) => {
      rules.interval = numberOf(entry, context);
    },
    failurecount: (entry) => {
      rules.failures = numberOf(entry, context);
    },
    checkcount: (entry) => {
      rules.attempts = numberOf(entry, context);
    },
    quiescent: (entry) => {
      rules.quiescent = yesOrNo(entry, context);
    },
    fallback: (entry) => {
      rules.fallback = readFallback(entry, context);
    },
    fallback6: (entry) => {
      rules.fallback6 = readFallback(entry, context);
    },
  };
}

function identityOf(head: Entry, context: Context): ServiceIdentity | null {
  const text = head.value ?? '';
  const isIpv6 = head.key === 'virtual6';
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) < 2 ** 32)
    return { kind: 'mark', mark: Number(text), family: isIpv6 ? 'ipv6' : 'ipv4' };
  const endpoint = readEndpoint(text);
  if (endpoint === null || endpoint.port === null)
    return wrong(head, 'an address and a port such as 192.0.2.100:80, or a firewall mark', context);
  if (text.startsWith('[') !== isIpv6) {
    const other = isIpv6 ? 'virtual' : 'virtual6';
    context.findings.fault('family-keyword', { text: head.key, other }, head);
    return null;
  }
  return { kind: 'address', address: endpoint.host, port: endpoint.port };
}

const types = ['connect', 'negotiate', 'ping', 'off', 'on', 'external', 'external-perl'] as const;

function readType(entry: Entry, service: ReadService, context: Context): void {
  const word = entry.value ?? '';
  const type = types.find((name) => name === word);
  if (type !== undefined) service.type = type;
  else if (/^(checktimeout)?\d+$/.test(word)) service.type = 'combined';
  else wrong(entry, `${types.join(', ')} or a number`, context);
}

function readScheduler(entry: Entry, service: ReadService, { findings, where }: Context): void {
  const known = schedulers.find(({ name }) => name === entry.value);
  if (known !== undefined) service.scheduler = known.name;
  else {
    service.scheduler = 'wlc';
    findings.leave(entry.line, phrase(entry, where), 'scheduler-unknown', { text: entry.value ?? '' });
  }
}

function readProtocol(entry: Entry, service: ReadService, context: Context): void {
  if (service.identity.kind === 'mark') {
    if (entry.value !== 'fwm') wrong(entry, 'fwm, for the service is a firewall mark', context);
    return;
  }
  if (entry.value === 'tcp' || entry.value === 'udp') service.protocol = entry.value;
  else wrong(entry, 'tcp or udp', context);
}

function readNetmask(entry: Entry, service: ReadService, context: Context): void {
  const text = entry.value ?? '';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) service.netmask = text;
  else if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 128) service.netmask = `/${text}`;
  else wrong(entry, 'a netmask such as 255.255.255.0, or a prefix length for IPv6', context);
}

function handlersOf(service: ReadService, context: Context): Readonly<Record<string, Handler>> {
  const reals: Handler = (entry) => {
    for (const real of readReals(entry, context)) service.reals.push(real);
  };
  return {
    ...ruleHandlers(service.rules, context),
    real: reals,
    real6: reals,
    checktype: (entry) => readType(entry, service, context),
    service: (entry) => {
      if (isService(entry.value ?? '')) service.service = entry.value;
      else wrong(entry, serviceNames, context);
    },
    checkcommand: (entry) => {
      service.command = textOf(entry);
    },
    checkport: (entry) => {
      service.checkPort = numberOf(entry, context, 1, 65_535);
    },
    request: (entry) => {
      service.request = quotedOf(entry, context);
    },
    receive: (entry) => {
      service.receive = quotedOf(entry, context);
    },
    httpmethod: (entry) => {
      const method = entry.value?.toUpperCase();
      if (method === 'GET' || method === 'HEAD') service.method = method;
      else wrong(entry, 'GET or HEAD', context);
    },
    virtualhost: (entry) => {
      service.virtualHost = textOf(entry) || null;
    },
    scheduler: (entry) => readScheduler(entry, service, context),
    schedflags: (entry) => {
      service.flags = (entry.value ?? '').split(',');
    },
    persistent: (entry) => {
      service.persistence = numberOf(entry, context);
    },
    netmask: (entry) => readNetmask(entry, service, context),
    protocol: (entry) => readProtocol(entry, service, context),
    ops: (entry) => {
      service.onePacket = yesOrNo(entry, context) ?? false;
    },
    servicename: (entry) => {
      service.name = textOf(entry) || null;
    },
    comment: (entry) => {
      if (entry.value) service.comments.push(`# ${entry.value}`);
    },
  };
}

function readOption(entry: Entry, handlers: Readonly<Record<string, Handler>>, context: Context): void {
  const { findings, where } = context;
  const reason = lookUp(leftInService, entry.key);
  if (Object.hasOwn(handlers, entry.key)) handlers[entry.key]?.(entry);
  else if (credentials.has(entry.key))
    findings.leave(entry.line, `${entry.key} in ${where}`, 'no-login', undefined);
  else if (reason !== undefined) findings.leave(entry.line, phrase(entry, where), reason, undefined);
  else {
    const nearest = findings.suggest(entry.key, [...Object.keys(handlers), ...Object.keys(leftInService)]);
    findings.fault('option-refused', { text: entry.key, where, nearest }, entry);
  }
}

export function readService({ head, options }: Service, context: Context): ReadService | null {
  const identity = identityOf(head, context);
  if (identity === null) return null;
  const where = `${head.key} ${head.value}`;
  const service: ReadService = {
    head,
    where,
    identity,
    reals: [],
    rules: noRules(),
    comments: [],
    name: null,
    type: null,
    service: null,
    protocol: identity.kind === 'address' && identity.port === 53 ? 'udp' : 'tcp',
    command: '/bin/true',
    request: null,
    receive: null,
    method: 'GET',
    virtualHost: null,
    checkPort: null,
    scheduler: 'wrr',
    flags: [],
    persistence: null,
    netmask: null,
    onePacket: false,
  };
  const inside: Context = { ...context, where };
  const handlers = handlersOf(service, inside);
  for (const entry of options) readOption(entry, handlers, inside);
  return service;
}
