/** `virtual_server … { … }`. */
import type { VirtualSettings } from '../../lvs/directives.ts';
import type { Span } from '../../lvs/positions.ts';
import { hashingSchedulers, type SchedulerName, schedulers } from '../../lvs/schedulers.ts';
import { blockOf, type Handler, readBlock } from './block.ts';
import { type Identity, readMark } from './groups.ts';
import { type Method, readMethod } from './method.ts';
import { endpointOf, type ReadServer, readServer } from './servers.ts';
import { noTiming, readTiming, type Timing } from './timing.ts';
import type { Statement } from './tree.ts';
import { type Context, type Given, givenBy, numberOf, readMask, switchOf, wordOf } from './values.ts';
import { leftInVirtual } from './words.ts';

/** What a virtual server is: one service, or every member of a group. */
export type Name = Given<Identity> | { readonly group: string; readonly at: Span };

export interface ReadVirtual {
  readonly at: Span;
  /** `virtual_server 192.0.2.100 80`. */
  readonly where: string;
  readonly identity: Name;
  name: string | null;
  scheduler: Given<SchedulerName> | null;
  hashPort: boolean;
  hashFallback: boolean;
  onePacket: boolean;
  method: Method | null;
  persistence: Given<number> | null;
  netmask: Given<string | null> | null;
  protocol: Given<VirtualSettings['protocol']> | null;
  family: Given<VirtualSettings['addressFamily']> | null;
  quorum: Given<number> | null;
  hysteresis: Given<number> | null;
  quiesces: Given<boolean> | null;
  virtualHost: string | null;
  sorry: { readonly address: Given<string>; readonly port: Given<number> | null } | null;
  sorryMethod: Method | null;
  readonly timing: Timing;
  readonly servers: ReadServer[];
}

const YEAR_SECONDS = 31_536_000;
/** What `persistence_timeout` alone stands for. */
const DEFAULT_PERSISTENCE = 360;

function identityOf(statement: Statement, context: Context): Name | null {
  const [first, second] = statement.args;
  if (first?.text === 'fwmark') return readMark(statement.args.slice(1), statement, context);
  if (first?.text === 'group') {
    if (second !== undefined) return { group: second.text, at: second };
    context.findings.fault('value-missing', { text: 'virtual_server group' }, statement);
    return null;
  }
  const endpoint = endpointOf(statement, context);
  if (endpoint === null) return null;
  const { address, port } = endpoint;
  return { value: { kind: 'address', address: address.value, port: port?.value ?? 0 }, at: address.at };
}

function readScheduler(line: Statement, virtual: ReadVirtual, inside: Context): void {
  const word = wordOf(line, inside);
  const scheduler = schedulers.find(({ name }) => name === word?.text);
  if (scheduler !== undefined) virtual.scheduler = givenBy(line, scheduler.name);
  else if (word !== null) {
    const expected = schedulers.map(({ name }) => name).join(', ');
    inside.findings.fault('value-wrong', { word: line.keyword, text: word.text, expected }, word);
  }
}

function readProtocol(line: Statement, virtual: ReadVirtual, inside: Context): void {
  const word = wordOf(line, inside);
  const value = (['tcp', 'udp', 'sctp'] as const).find((name) => name === word?.text.toLowerCase());
  if (value !== undefined) virtual.protocol = givenBy(line, value);
  else if (word !== null)
    inside.findings.fault(
      'value-wrong',
      { word: line.keyword, text: word.text, expected: 'TCP, UDP or SCTP' },
      word,
    );
}

function readGranularity(line: Statement, virtual: ReadVirtual, inside: Context): void {
  const word = wordOf(line, inside);
  if (word === null) return;
  const value = /^\d+$/.test(word.text) ? readMask(word.text, true) : readMask(word.text, false);
  if (value !== undefined) virtual.netmask = { value, at: word };
  else {
    const facts = { word: line.keyword, text: word.text, expected: 'a netmask, or a prefix length for IPv6' };
    inside.findings.fault('value-wrong', facts, word);
  }
}

/** `ops`, `sh-port` …: a word alone. */
function flagHandlers(virtual: ReadVirtual): Readonly<Record<string, Handler>> {
  const port: Handler = () => {
    virtual.hashPort = true;
  };
  const fallback: Handler = () => {
    virtual.hashFallback = true;
  };
  const named = hashingSchedulers.flatMap((name) => [
    [`${name}-port`, port],
    [`${name}-fallback`, fallback],
  ]);
  return {
    ...(Object.fromEntries(named) as Readonly<Record<string, Handler>>),
    // Flag 1 of sh and mh is the fallback, flag 2 the port (ip_vs.h).
    'flag-1': fallback,
    'flag-2': port,
    ops: () => {
      virtual.onePacket = true;
    },
  };
}

function handlersOf(virtual: ReadVirtual, inside: Context): Readonly<Record<string, Handler>> {
  const scheduler: Handler = (line) => readScheduler(line, virtual, inside);
  const method: Handler = (line) => {
    virtual.method = readMethod(line, inside) ?? virtual.method;
  };
  const weights = { min: 0, max: 2 ** 31 - 1 };
  return {
    ...readTiming(virtual.timing, inside),
    ...flagHandlers(virtual),
    lvs_sched: scheduler,
    lb_algo: scheduler,
    lvs_method: method,
    lb_kind: method,
    persistence_timeout: (line) => {
      virtual.persistence =
        line.args.length === 0
          ? { value: DEFAULT_PERSISTENCE, at: line }
          : numberOf(line, inside, { min: 1, max: YEAR_SECONDS });
    },
    persistence_granularity: (line) => readGranularity(line, virtual, inside),
    protocol: (line) => readProtocol(line, virtual, inside),
    ip_family: (line) => {
      const word = wordOf(line, inside);
      if (word?.text === 'inet' || word?.text === 'inet6')
        virtual.family = givenBy(line, word.text === 'inet' ? 'ipv4' : 'ipv6');
      else if (word !== null)
        inside.findings.fault(
          'value-wrong',
          { word: line.keyword, text: word.text, expected: 'inet or inet6' },
          word,
        );
    },
    quorum: (line) => {
      virtual.quorum = numberOf(line, inside, { ...weights, min: 1 });
    },
    hysteresis: (line) => {
      virtual.hysteresis = numberOf(line, inside, weights);
    },
    inhibit_on_failure: (line) => {
      virtual.quiesces = switchOf(line, inside);
    },
    virtualhost: (line) => {
      virtual.virtualHost = wordOf(line, inside)?.text ?? virtual.virtualHost;
    },
    snmp_name: (line) => {
      virtual.name = wordOf(line, inside)?.text ?? null;
    },
    sorry_server: (line) => {
      virtual.sorry = endpointOf(line, inside);
    },
    sorry_server_lvs_method: (line) => {
      virtual.sorryMethod = readMethod(line, inside);
    },
    real_server: (line) => {
      const { identity, virtualHost, timing } = virtual;
      const port = 'value' in identity && identity.value.kind === 'address' ? identity.value.port : null;
      const server = readServer(line, { port, virtualHost, timing }, inside);
      if (server !== null) virtual.servers.push(server);
    },
  };
}

export function readVirtual(statement: Statement, context: Context): ReadVirtual | null {
  const where = [statement.keyword, ...statement.args.map(({ text }) => text)].join(' ');
  const identity = identityOf(statement, context);
  if (identity === null) return null;
  const virtual: ReadVirtual = {
    at: statement,
    where,
    identity,
    name: null,
    scheduler: null,
    hashPort: false,
    hashFallback: false,
    onePacket: false,
    method: null,
    persistence: null,
    netmask: null,
    protocol: null,
    family: null,
    quorum: null,
    hysteresis: null,
    quiesces: null,
    virtualHost: null,
    sorry: null,
    sorryMethod: null,
    timing: noTiming(),
    servers: [],
  };
  const inside: Context = { ...context, where };
  // What a real server inherits may stand below it.
  const statements = blockOf(statement, context);
  const isServer = ({ keyword }: Statement): boolean => keyword === 'real_server';
  const ordered = [...statements.filter((line) => !isServer(line)), ...statements.filter(isServer)];
  readBlock(ordered, handlersOf(virtual, inside), leftInVirtual, inside);
  return virtual;
}
