/** `real_server ADDRESS [PORT] { … }`. */
import type { Span } from '../../lvs/positions.ts';
import { blockOf, readBlock } from './block.ts';
import { checkHandlers, type ReadCheck } from './checks.ts';
import { type Method, readMethod } from './method.ts';
import { readTiming, type Timing } from './timing.ts';
import type { Statement } from './tree.ts';
import { type Context, type Given, numberOf, readIp, switchOf, wordOf } from './values.ts';
import { leftInServer } from './words.ts';

export interface ReadServer {
  readonly at: Span;
  readonly where: string;
  readonly address: Given<string>;
  readonly port: Given<number> | null;
  name: string | null;
  weight: Given<number> | null;
  method: Method | null;
  upper: Given<number> | null;
  lower: Given<number> | null;
  /** A failed check gives weight 0 in place of removal; null = as the virtual server says. */
  quiesces: Given<boolean> | null;
  virtualHost: string | null;
  readonly timing: Timing;
  readonly checks: ReadCheck[];
}

const THRESHOLD_MOST = 2 ** 32 - 1;
/** The greatest weight that lvs.cf takes. */
const WEIGHT_MOST = 65_535;

/** `ADDRESS [PORT]` behind a keyword; faults and null when it is none. */
export function endpointOf(
  statement: Statement,
  { findings }: Context,
  from = 0,
): { readonly address: Given<string>; readonly port: Given<number> | null } | null {
  const [host, port] = statement.args.slice(from, from + 2);
  const address = host === undefined ? null : readIp(host.text);
  if (host === undefined || address === null) {
    const facts = { word: statement.keyword, text: host?.text ?? '', expected: 'an address and a port' };
    findings.fault('value-wrong', facts, host ?? statement);
    return null;
  }
  if (port === undefined) return { address: { value: address, at: host }, port: null };
  const number = /^\d{1,5}$/.test(port.text) ? Number(port.text) : Number.NaN;
  if (number >= 0 && number <= 65_535)
    return { address: { value: address, at: host }, port: { value: number, at: port } };
  const facts = { word: statement.keyword, text: port.text, expected: 'a port from 0 to 65535' };
  findings.fault('value-wrong', facts, port);
  return null;
}

/** What a real server takes over from its virtual server. */
export interface Inherited {
  readonly port: number | null;
  readonly virtualHost: string | null;
  readonly timing: Timing;
}

const isChecker = ({ keyword }: Statement): boolean => /^[A-Z]+_(CHECK|GET)$/.test(keyword);

export function readServer(statement: Statement, inherited: Inherited, context: Context): ReadServer | null {
  const endpoint = endpointOf(statement, context);
  if (endpoint === null) return null;
  const words = [statement.keyword, ...statement.args.map(({ text }) => text)].join(' ');
  const inside: Context = { ...context, where: words };
  const server: ReadServer = {
    ...endpoint,
    at: statement,
    where: `${words} of ${context.where}`,
    name: null,
    weight: null,
    method: null,
    upper: null,
    lower: null,
    quiesces: null,
    virtualHost: inherited.virtualHost,
    timing: { ...inherited.timing },
    checks: [],
  };
  const threshold = { min: 0, max: THRESHOLD_MOST };
  const checked = () => ({
    address: server.address.value,
    port: server.port?.value ?? inherited.port,
    virtualHost: server.virtualHost,
  });
  const handlers = {
    ...readTiming(server.timing, inside),
    ...checkHandlers(server.checks, checked, () => server.timing, inside),
    weight: (line: Statement) => {
      server.weight = numberOf(line, inside, { min: 0, max: WEIGHT_MOST });
    },
    lvs_method: (line: Statement) => {
      server.method = readMethod(line, inside);
    },
    lb_kind: (line: Statement) => {
      server.method = readMethod(line, inside);
    },
    uthreshold: (line: Statement) => {
      server.upper = numberOf(line, inside, threshold);
    },
    lthreshold: (line: Statement) => {
      server.lower = numberOf(line, inside, threshold);
    },
    inhibit_on_failure: (line: Statement) => {
      server.quiesces = switchOf(line, inside);
    },
    virtualhost: (line: Statement) => {
      server.virtualHost = wordOf(line, inside)?.text ?? server.virtualHost;
    },
    snmp_name: (line: Statement) => {
      server.name = wordOf(line, inside)?.text ?? null;
    },
  };
  // What a checker inherits may stand below it.
  const statements = blockOf(statement, context);
  const ordered = [...statements.filter((line) => !isChecker(line)), ...statements.filter(isChecker)];
  readBlock(ordered, handlers, leftInServer, inside);
  return server;
}
