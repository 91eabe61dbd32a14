/**
 * THE TABLE of health-check kinds: which check a virtual server's directives ask for (Piranha reference 3.2, 3.3)
 * and with which options. One kind is one row here and one file in agent/nanny/checks.
 */
import { unescapeText } from './escapes.ts';
import type { VirtualServer } from './model.ts';
import { meaningOf } from './value-kinds.ts';

/** What an answer has to be, escapes already replaced. */
export interface Expectation {
  readonly text: string;
  /** `prefix`: the answer begins with the text; `*` alone takes any answer, also none. `regex`: POSIX ERE anywhere. */
  readonly mode: 'prefix' | 'regex';
}

export interface ConversationOptions {
  /** null: nothing is sent. */
  readonly send: string | null;
  /** null: no answer is waited for. */
  readonly expect: Expectation | null;
}

export interface ScriptOptions {
  /** Program and arguments; `%h` and `%p` still stand for the real server's address and port. */
  readonly argv: readonly [string, ...string[]];
  /** The whole output, without its last line end; null: the exit code alone counts. */
  readonly expect: string | null;
}

export interface TlsOptions {
  /** SNI, and the name that the certificate is verified against; null: the host of the request. */
  readonly name: string | null;
  readonly verify: boolean;
  /** PEM file on the router; null: the authorities that Node.js brings. */
  readonly caFile: string | null;
  /** A certificate with fewer days left is told of; 0: never. */
  readonly daysLeft: number;
}

/** First and last status code of a range. */
export type StatusRange = readonly [first: number, last: number];

export interface HttpOptions {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  /** null: the address of the real server. */
  readonly host: string | null;
  readonly status: readonly StatusRange[];
  /** Must stand somewhere in the body; null: the body is not read. */
  readonly body: { readonly text: string; readonly isRegex: boolean } | null;
}

export interface HttpsOptions extends HttpOptions {
  readonly tls: TlsOptions;
}

export type DnsType = VirtualServer['dnsType'];

export interface DnsOptions {
  readonly name: string;
  readonly type: DnsType;
  /** null: any answer without an error. */
  readonly answer: string | null;
  /** That of the service. */
  readonly transport: 'udp' | 'tcp';
}

export interface SmtpOptions {
  /** null: the host name of the router. */
  readonly helo: string | null;
}

interface CheckRow<Options> {
  readonly label: string;
  /** Whether Piranha's own directives ask for this kind where `#@ check` is silent; the first row that does counts. */
  readonly isAsked?: (virtual: VirtualServer) => boolean;
  /** null: what the kind cannot do without is missing; a rule of validation says so. */
  options(virtual: VirtualServer): Options | null;
}

const row = <Options>(definition: CheckRow<Options>): CheckRow<Options> => definition;

const textOf = (raw: string | null): string | null => (raw === null ? null : unescapeText(meaningOf(raw)));

function conversationOf(virtual: VirtualServer): ConversationOptions {
  const expect = textOf(virtual.expect);
  return {
    send: textOf(virtual.send),
    expect: expect === null ? null : { text: expect, mode: virtual.expectIsRegex ? 'regex' : 'prefix' },
  };
}

const converses = ({ send, expect }: VirtualServer): boolean => send !== null || expect !== null;

/** What Piranha asks on its own account when a web service names no check. */
const defaultHttp: ConversationOptions = {
  send: 'GET / HTTP/1.0\r\n\r\n',
  expect: { text: 'HTTP', mode: 'prefix' },
};

const programOf = ({ sendProgram }: VirtualServer): string[] =>
  meaningOf(sendProgram ?? '')
    .split(/[ \t]+/)
    .filter((word) => word !== '');

/** `200-399,404` as ranges; what does not fit is left out. */
const rangesOf = (text: string): StatusRange[] =>
  text.split(',').flatMap((part) => {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part);
    return match === null ? [] : [[Number(match[1]), Number(match[2] ?? match[1])] as const];
  });

const httpOf = (virtual: VirtualServer): HttpOptions => ({
  method: virtual.httpMethod,
  path: virtual.httpPath,
  host: virtual.httpHost,
  status: rangesOf(virtual.httpStatus),
  body: virtual.httpBody === null ? null : { text: virtual.httpBody, isRegex: virtual.httpBodyIsRegex },
});

export const checkKinds = {
  script: row<ScriptOptions>({
    label: 'Program on the router',
    isAsked: (virtual) => programOf(virtual).length > 0,
    options(virtual) {
      const [program, ...rest] = programOf(virtual);
      return program === undefined ? null : { argv: [program, ...rest], expect: textOf(virtual.expect) };
    },
  }),
  udp: row<ConversationOptions>({
    label: 'UDP datagram',
    isAsked: ({ protocol }) => protocol === 'udp',
    options: conversationOf,
  }),
  'send-expect': row<ConversationOptions>({
    label: 'TCP conversation',
    isAsked: (virtual) => virtual.protocol === 'tcp' && (converses(virtual) || virtual.port === 80),
    options: (virtual) => (converses(virtual) || virtual.port !== 80 ? conversationOf(virtual) : defaultHttp),
  }),
  http: row<HttpOptions>({ label: 'HTTP', options: httpOf }),
  https: row<HttpsOptions>({
    label: 'HTTPS',
    options: (virtual) => ({
      ...httpOf(virtual),
      tls: {
        name: virtual.tlsName,
        verify: virtual.tlsVerify,
        caFile: virtual.tlsCaFile,
        daysLeft: virtual.tlsDaysLeft,
      },
    }),
  }),
  dns: row<DnsOptions>({
    label: 'DNS query',
    options: ({ dnsName, dnsType, dnsAnswer, protocol }) => ({
      name: dnsName ?? '.',
      type: dnsType,
      answer: dnsAnswer,
      transport: protocol === 'tcp' ? 'tcp' : 'udp',
    }),
  }),
  smtp: row<SmtpOptions>({ label: 'SMTP greeting', options: ({ smtpHelo }) => ({ helo: smtpHelo }) }),
  /** SCTP is nothing that Node.js can speak: Piranha never served it, and an echo is what can be known. */
  icmp: row<Record<string, never>>({
    label: 'ICMP echo',
    isAsked: ({ protocol }) => protocol === 'sctp',
    options: () => ({}),
  }),
  none: row<Record<string, never>>({ label: 'No check', options: () => ({}) }),
  tcp: row<Record<string, never>>({ label: 'TCP connection', isAsked: () => true, options: () => ({}) }),
};

export type CheckKind = keyof typeof checkKinds;

/** The options of each kind, as its row gives them. */
export type CheckOptions = {
  readonly [Kind in CheckKind]: NonNullable<ReturnType<(typeof checkKinds)[Kind]['options']>>;
};

/** A kind together with its own options. */
export type Check<Kind extends CheckKind = CheckKind> = {
  [Key in Kind]: { readonly kind: Key; readonly options: CheckOptions[Key] };
}[Kind];

/** The kind that a virtual server asks for: by `#@ check`, else as Piranha decides. */
export function kindOf(virtual: VirtualServer): CheckKind {
  if (virtual.checkKind !== null) return virtual.checkKind;
  const rows = Object.entries(checkKinds) as [CheckKind, CheckRow<unknown>][];
  return rows.find(([, { isAsked }]) => isAsked?.(virtual) ?? false)?.[0] ?? 'tcp';
}

function checkWith<Kind extends CheckKind>(kind: Kind, virtual: VirtualServer): Check | null {
  const rows: { readonly [Key in CheckKind]: CheckRow<CheckOptions[Key]> } = checkKinds;
  const options = rows[kind].options(virtual);
  return options === null ? null : ({ kind, options } as Check);
}

/** The health check of a virtual server's real servers. */
export const checkOf = (virtual: VirtualServer): Check =>
  checkWith(kindOf(virtual), virtual) ?? { kind: 'tcp', options: {} };

/** Time from one check to the next, in ms. */
export const checkIntervalMs = (virtual: VirtualServer): number =>
  virtual.checkIntervalMilliseconds ?? Math.max(1, virtual.checkSeconds) * 1000;

/** Longest time that a check may take, in ms: never longer than the interval unless it is given. */
export const checkLimitMs = (virtual: VirtualServer): number =>
  virtual.checkLimitMilliseconds ??
  Math.min(Math.max(1, virtual.checkSeconds) * 1000, checkIntervalMs(virtual));
