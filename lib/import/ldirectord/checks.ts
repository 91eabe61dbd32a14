/** The check that a service of ldirectord asks for, as settings of Shoal's health check. */
import type { VirtualSettings } from '../../lvs/directives.ts';
import { whyNotHoldable } from '../../lvs/quoting.ts';
import { bodySettings, isPosix, literalOf } from '../expression.ts';
import type { PlainReason } from '../messages.ts';

export type CheckSettings = Partial<VirtualSettings> & Pick<VirtualSettings, 'checkKind'>;

/** What the lines of a service say of its check. */
export interface Asked {
  readonly type: 'connect' | 'negotiate' | 'ping' | 'on' | 'off' | 'external' | 'external-perl' | 'combined';
  readonly service: string;
  readonly request: string | null;
  readonly receive: string | null;
  readonly command: string;
  readonly method: VirtualSettings['httpMethod'];
  readonly virtualHost: string | null;
  readonly protocol: VirtualSettings['protocol'];
  /** What an external program is given as its first two arguments. */
  readonly serviceWords: readonly [string, string];
}

export interface AnsweredCheck {
  readonly settings: CheckSettings;
  /** What of it is otherwise in Shoal. */
  readonly remarks: readonly PlainReason[];
}

const only = (settings: CheckSettings, ...remarks: PlainReason[]): AnsweredCheck => ({ settings, remarks });

/** The service that ldirectord takes for a port. */
export const serviceOfPort: Readonly<Record<number, string>> = {
  ...{ 21: 'ftp', 25: 'smtp', 53: 'dns', 80: 'http', 110: 'pop', 119: 'nntp', 143: 'imap', 389: 'ldap' },
  ...{ 443: 'https', 587: 'submission', 636: 'ldaps', 993: 'imaps', 995: 'pops', 1521: 'oracle' },
  ...{ 1812: 'radius', 3128: 'http_proxy', 3306: 'mysql', 5060: 'sip', 5432: 'pgsql' },
};

/** The port that is checked when a real server has none. */
export const portOfService: ReadonlyMap<string, number> = new Map(
  Object.entries(serviceOfPort).map(([port, service]) => [service, Number(port)]),
);

/** How servers that speak first begin. */
const greetings: Readonly<Record<string, string>> = {
  ftp: '"220"',
  pop: '"+OK"',
  imap: '"* OK"',
  nntp: '"20"',
};

const services: ReadonlySet<string> = new Set([...portOfService.keys(), 'none', 'simpletcp']);
export const isService = (name: string): boolean => services.has(name);
export const serviceNames = [...services].sort().join(', ');

function web(kind: 'http' | 'https', { request, receive, method, virtualHost }: Asked): AnsweredCheck {
  const remarks: PlainReason[] = [];
  const typed = request ?? '/';
  const isForeign = /^[a-z]+:\/\//.test(typed);
  if (isForeign) remarks.push('foreign-url');
  const path = isForeign ? '/' : typed.startsWith('/') ? typed : `/${typed}`;
  const isUsable = /^\/[!-~]*$/.test(path);
  if (!isUsable) remarks.push('path-unusable');
  const body = receive === null ? {} : bodySettings(receive);
  if (body === null) remarks.push('expression-unfit');
  return {
    remarks,
    settings: {
      checkKind: kind,
      httpMethod: method,
      httpPath: isUsable ? path : '/',
      httpHost: virtualHost,
      ...body,
    },
  };
}

function dns({ request, receive }: Asked): AnsweredCheck {
  const name = (request ?? '').replace(/^\//, '');
  const settings: CheckSettings = {
    checkKind: 'dns',
    dnsName: name === '' ? null : name,
    dnsType: /^[0-9.]+$/.test(name) || name.includes(':') ? 'PTR' : 'A',
  };
  if (receive === null) return only(settings, 'answer-any');
  // Dots of addresses and names are rarely escaped, and meant as dots.
  const literal = /^[\w.\\:-]+$/.test(receive) ? literalOf(receive.replace(/(?<!\\)\./g, '\\.')) : null;
  return literal === null
    ? only(settings, 'answer-expression')
    : { settings: { ...settings, dnsAnswer: literal }, remarks: [] };
}

/** `\.` would be read as an escape of the text first: a bracket says the same. */
const bracketed = (pattern: string): string =>
  pattern.replace(/\\([\s\S])/g, (whole, character: string) =>
    character === '^' || character === '\\' ? whole : `[${character}]`,
  );

function conversation({ request, receive }: Asked): AnsweredCheck {
  // Only \n is an escape there.
  const send = (request ?? '').replace(/\\(?!n)/g, '\\\\');
  const expect = receive === null || !isPosix(receive) ? null : bracketed(receive);
  const isHoldable = [send, expect ?? ''].every(
    (text) => whyNotHoldable(text) === null && !text.includes('"'),
  );
  if (!isHoldable || (receive !== null && expect === null))
    return only({ checkKind: 'tcp' }, 'expression-unfit');
  return {
    remarks: [],
    settings: {
      checkKind: 'send-expect',
      send: send === '' ? null : `"${send}"`,
      expect: expect === null ? null : `"${expect}"`,
      expectIsRegex: expect !== null,
    },
  };
}

function negotiated(asked: Asked): AnsweredCheck {
  const { service } = asked;
  if (service === 'http' || service === 'https') return web(service, asked);
  if (service === 'dns') return dns(asked);
  if (service === 'smtp' || service === 'submission') return only({ checkKind: 'smtp' });
  if (service === 'simpletcp') return conversation(asked);
  if (service === 'none') return only({ checkKind: 'none' });
  const expect = Object.hasOwn(greetings, service) ? greetings[service] : undefined;
  if (expect !== undefined) return only({ checkKind: 'send-expect', expect }, 'greeting-only');
  return asked.protocol === 'udp'
    ? only({ checkKind: 'icmp' }, 'service-by-ping')
    : only({ checkKind: 'tcp' }, 'connect-only');
}

function external({ command, serviceWords, type }: Asked): AnsweredCheck {
  const remarks: PlainReason[] = type === 'external-perl' ? ['perl-program'] : [];
  const program = [command, ...serviceWords, '%h', '%p'].join(' ');
  if (/["']/.test(program)) return only({ checkKind: 'tcp' }, ...remarks, 'program-arguments');
  return { settings: { checkKind: 'script', sendProgram: `"${program}"` }, remarks };
}

export function checkOf(asked: Asked): AnsweredCheck {
  switch (asked.type) {
    case 'connect':
      return only({ checkKind: asked.protocol === 'udp' ? 'icmp' : 'tcp' });
    case 'ping':
      return only({ checkKind: 'icmp' });
    case 'on':
      return only({ checkKind: 'none' });
    case 'off':
      return only({ checkKind: 'none' }, 'checks-off');
    case 'external':
    case 'external-perl':
      return external(asked);
    case 'combined': {
      const { settings, remarks } = negotiated(asked);
      return { settings, remarks: [...remarks, 'always-negotiates'] };
    }
    case 'negotiate':
      return negotiated(asked);
  }
}
