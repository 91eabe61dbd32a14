/** The checker of one real server. */
import { type Check, checkIntervalMs, checkLimitMs, checkOf, type Expectation } from '../../lvs/checks.ts';
import { effectivePort, type RealServer, type VirtualServer } from '../../lvs/model.ts';
import { hexOf } from '../keepalived/hex.ts';
import { isWritable, type Page, secondsOf, wordOf } from './page.ts';

const metacharacter = /[\\.*+?()[\]{}|^$]/g;

/** A text as an expression that finds it, its backslashes written twice for the quotes. */
const expressionOf = ({ text, isRegex }: { readonly text: string; readonly isRegex: boolean }): string =>
  (isRegex ? text : text.replace(metacharacter, '\\$&')).replace(/\\/g, '\\\\').replace(/"/g, '\\"');

/** What a virtual server's checks say that no checker holds; said once, not for each real server. */
export function leaveOfCheck(virtual: VirtualServer, where: string, page: Page): void {
  const check = checkOf(virtual);
  const leave = (
    what: string,
    code: 'not-in-keepalived' | 'conversation' | 'program-output' | 'check-text',
  ): void => page.leave(`${what} of ${where}`, code, undefined);
  if (check.kind !== 'none' && virtual.rise !== 1) page.leave(`rise of ${where}`, 'one-success', undefined);
  if (virtual.slowStartSeconds !== 0) page.leave(`slow_start of ${where}`, 'no-slow-start', undefined);
  if (check.kind === 'http' || check.kind === 'https') {
    if (check.options.method !== 'GET') leave('http_method', 'not-in-keepalived');
    if (!isWritable(check.options.path)) leave('http_path', 'check-text');
    if (check.options.body !== null && /[\r\n\0$]/.test(check.options.body.text))
      leave('http_body', 'check-text');
  }
  if (
    check.kind === 'https' &&
    check.options.tls.name !== null &&
    check.options.tls.name !== check.options.host
  )
    leave('tls_name', 'not-in-keepalived');
  if (check.kind === 'dns' && check.options.answer !== null) leave('dns_answer', 'not-in-keepalived');
  if (check.kind === 'dns' && !dnsTypes.has(check.options.type)) leave('dns_type', 'not-in-keepalived');
  if (check.kind === 'script' && check.options.expect !== null) leave('expect', 'program-output');
  if (check.kind === 'script' && !isWritable(check.options.argv.join(' ')))
    leave('send_program', 'check-text');
  if (check.kind === 'send-expect') leave('send and expect', 'conversation');
  if (check.kind === 'udp' && !isHexable(check.options.expect)) leave('expect', 'check-text');
}

const dnsTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SOA', 'TXT']);

/** keepalived 2.2 takes no byte ff. */
const bytesOf = (text: string): string | null => {
  const hex = hexOf(text);
  return hex === null || hex.match(/../g)?.includes('ff') === true
    ? null
    : (hex.match(/../g) ?? []).join(' ');
};

const isHexable = (expect: Expectation | null): boolean =>
  expect === null || expect.text === '*' || (expect.mode === 'prefix' && bytesOf(expect.text) !== null);

function writeUrl(check: Check<'http' | 'https'>, page: Page): void {
  const { path, status, host, body } = check.options;
  page.block('url', () => {
    page.line(`path ${isWritable(path) ? wordOf(path) : '/'}`);
    page.line(
      `status_code ${status.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(' ')}`,
    );
    if (host !== null && isWritable(host)) page.line(`virtualhost ${wordOf(host)}`);
    if (body !== null && !/[\r\n\0$]/.test(body.text)) page.line(`regex "${expressionOf(body)}"`);
  });
}

/** Text of `%h` and `%p` as keepalived's programs get it: the address and port themselves. */
const argumentsFor = (argv: readonly string[], address: string, port: number): string =>
  argv.map((word) => word.replaceAll('%h', address).replaceAll('%p', String(port))).join(' ');

function writePayload(check: Check<'udp'>, page: Page): void {
  const { send, expect } = check.options;
  const payload = send === null ? null : bytesOf(send);
  if (payload !== null && payload !== '') page.line(`payload ${payload}`);
  if (expect === null || !isHexable(expect)) return;
  page.line(expect.text === '*' ? 'require_reply' : `require_reply ${bytesOf(expect.text)}`);
}

/** The port that the check connects to where it is not that of the real server. */
function connectPortOf(virtual: VirtualServer, server: RealServer): number | null {
  const given = server.checkPort ?? virtual.checkPort;
  if (virtual.firewallMark !== 0) return given ?? (effectivePort(virtual, server) || null);
  return given === effectivePort(virtual, server) ? null : given;
}

function writeConnection(virtual: VirtualServer, server: RealServer, page: Page): void {
  const port = connectPortOf(virtual, server);
  if (server.checkAddress !== null) page.line(`connect_ip ${server.checkAddress}`);
  if (port !== null) page.line(`connect_port ${port}`);
  if (virtual.checkSource !== null) page.line(`bindto ${virtual.checkSource}`);
  page.line(`connect_timeout ${secondsOf(checkLimitMs(virtual))}`);
}

interface Checker {
  readonly keyword: string;
  /** What its kind has of its own. */
  readonly own: (page: Page) => void;
}

const nothing = (): void => undefined;

/** null: the real server has no checker. */
function checkerOf(check: Check, virtual: VirtualServer, server: RealServer): Checker | null {
  switch (check.kind) {
    case 'none':
      return null;
    case 'tcp':
    case 'send-expect':
      return { keyword: 'TCP_CHECK', own: nothing };
    case 'icmp':
      return { keyword: 'PING_CHECK', own: nothing };
    case 'http':
      return { keyword: 'HTTP_GET', own: (page) => writeUrl(check, page) };
    case 'https':
      return {
        keyword: 'SSL_GET',
        own: (page) => {
          if (check.options.host !== null) page.line('enable_sni');
          writeUrl(check, page);
        },
      };
    case 'smtp': {
      const { helo } = check.options;
      return {
        keyword: 'SMTP_CHECK',
        own: (page) => {
          if (helo !== null && isWritable(helo)) page.line(`helo_name ${wordOf(helo)}`);
        },
      };
    }
    case 'dns': {
      const { name, type } = check.options;
      return {
        keyword: 'DNS_CHECK',
        own: (page) => {
          if (dnsTypes.has(type)) page.line(`type ${type}`);
          if (name !== '.' && isWritable(name)) page.line(`name ${wordOf(name)}`);
        },
      };
    }
    case 'udp':
      return { keyword: 'UDP_CHECK', own: (page) => writePayload(check, page) };
    case 'script': {
      const { argv } = check.options;
      const program = argumentsFor(argv, server.address ?? '', effectivePort(virtual, server));
      if (!isWritable(argv.join(' '))) return null;
      return { keyword: 'MISC_CHECK', own: (page) => page.line(`misc_path "${program}"`) };
    }
  }
}

export function writeCheck(virtual: VirtualServer, server: RealServer, page: Page): void {
  const check = checkOf(virtual);
  const checker = checkerOf(check, virtual, server);
  if (checker === null) return;
  page.block(checker.keyword, () => {
    checker.own(page);
    if (check.kind === 'script') page.line(`misc_timeout ${Math.ceil(checkLimitMs(virtual) / 1000)}`);
    else writeConnection(virtual, server, page);
    // Repeated at the interval, as Shoal does.
    page.line(`retry ${virtual.fall - 1}`);
    page.line(`delay_before_retry ${secondsOf(checkIntervalMs(virtual))}`);
  });
}
