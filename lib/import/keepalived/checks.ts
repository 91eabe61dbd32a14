/** The checkers of a real server, each as the settings of Shoal's health check that ask the same. */

import type { VirtualSettings } from '../../lvs/directives.ts';
import type { Span } from '../../lvs/positions.ts';
import { bodySettings } from '../expression.ts';
import { blockOf, type Handler, leave, readBlock } from './block.ts';
import { bytesOf, rawTextOf } from './hex.ts';
import { splitScript, unescapeWord } from './lexer.ts';
import { readTiming, type Timing } from './timing.ts';
import type { Statement } from './tree.ts';
import { addressOf, type Context, type Given, portOf, timeOf, wordOf } from './values.ts';
import { leftInCheck, leftInUrl } from './words.ts';

export type CheckSettings = Partial<VirtualSettings> & Pick<VirtualSettings, 'checkKind'>;

export interface ReadCheck {
  readonly at: Span;
  /** `TCP_CHECK`, and what follows it in a list. */
  readonly words: string;
  readonly settings: CheckSettings;
  readonly timing: Timing;
  /** Where the check connects to, if not to the real server itself. */
  readonly address: Given<string> | null;
  readonly port: Given<number> | null;
}

/** The real server that is checked. */
export interface Checked {
  readonly address: string;
  readonly port: number | null;
  /** The host name of web checks that name none. */
  readonly virtualHost: string | null;
}

/** What a checker's block collects while it is read. */
interface Draft {
  settings: CheckSettings;
  timing: Timing;
  address: Given<string> | null;
  port: Given<number> | null;
  virtualHost: string | null;
}

const common = (draft: Draft, inside: Context): Readonly<Record<string, Handler>> => ({
  ...readTiming(draft.timing, inside, 0),
  connect_ip: (line) => {
    draft.address = addressOf(line, inside) ?? draft.address;
  },
  connect_port: (line) => {
    draft.port = portOf(line, inside) ?? draft.port;
  },
  bindto: (line) => {
    const source = addressOf(line, inside);
    if (source !== null) draft.settings = { ...draft.settings, checkSource: source.value };
  },
});

/** What a kind of check reads beyond the common options. */
type Options = (draft: Draft, inside: Context, checked: Checked) => Readonly<Record<string, Handler>>;

const set = (draft: Draft, settings: Partial<VirtualSettings>): void => {
  draft.settings = { ...draft.settings, ...settings };
};

const statusCodes = /^[1-5]\d\d(-[1-5]\d\d)?$/;

function readUrl(statement: Statement, draft: Draft, context: Context): void {
  const inside: Context = { ...context, where: `url in ${context.where}` };
  set(draft, { httpPath: '/' });
  const expression: { line?: Statement; isUnfit: boolean } = { isUnfit: false };
  readBlock(
    blockOf(statement, context),
    {
      path: (line) => {
        const word = wordOf(line, inside);
        if (word === null) return;
        if (/^\/[!-~]*$/.test(word.text)) set(draft, { httpPath: word.text });
        else leave(line, 'path-unusable', inside);
      },
      status_code: (line) => {
        const wrong = line.args.find(({ text }) => !statusCodes.test(text));
        if (wrong === undefined && line.args.length > 0)
          set(draft, { httpStatus: line.args.map(({ text }) => text).join(',') });
        else {
          const facts = {
            word: line.keyword,
            text: wrong?.text ?? '',
            expected: 'status codes such as 200-299 301',
          };
          inside.findings.fault('value-wrong', facts, wrong ?? line);
        }
      },
      virtualhost: (line) => {
        draft.virtualHost = wordOf(line, inside)?.text ?? draft.virtualHost;
      },
      regex: (line) => {
        expression.line = line;
      },
      regex_no_match: (line) => {
        expression.isUnfit = true;
        leave(line, 'expression-reversed', inside);
      },
      regex_options: (line) => {
        expression.isUnfit = true;
        leave(line, 'expression-options', inside);
      },
    },
    leftInUrl,
    inside,
  );
  if (expression.line === undefined) return;
  const pattern = unescapeWord(wordOf(expression.line, inside)?.text ?? '');
  const settings = expression.isUnfit || pattern === '' ? null : bodySettings(pattern);
  if (settings === null) leave(expression.line, 'expression-unfit', inside);
  else set(draft, settings);
}

const web =
  (kind: 'http' | 'https'): Options =>
  (draft, inside, checked) => {
    let urls = 0;
    draft.virtualHost = checked.virtualHost;
    set(draft, { checkKind: kind, httpStatus: '200-299' });
    return {
      url: (line) => {
        urls += 1;
        if (urls === 1) readUrl(line, draft, inside);
        else leave(line, 'one-url', inside);
      },
      virtualhost: (line) => {
        draft.virtualHost = wordOf(line, inside)?.text ?? draft.virtualHost;
      },
    };
  };

const dnsTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SOA', 'TXT'] as const;

const dns: Options = (draft, inside) => {
  set(draft, { checkKind: 'dns', dnsType: 'SOA', dnsName: null });
  return {
    type: (line) => {
      const word = wordOf(line, inside);
      const dnsType = dnsTypes.find((type) => type === word?.text);
      if (dnsType !== undefined) set(draft, { dnsType });
      else if (word !== null) {
        const facts = { word: line.keyword, text: word.text, expected: dnsTypes.join(', ') };
        inside.findings.fault('value-wrong', facts, word);
      }
    },
    name: (line) => {
      const name = wordOf(line, inside)?.text ?? '.';
      set(draft, { dnsName: name === '.' ? null : name });
    },
  };
};

const smtp: Options = (draft, inside) => {
  let hosts = 0;
  set(draft, { checkKind: 'smtp' });
  return {
    helo_name: (line) => {
      const name = wordOf(line, inside)?.text;
      if (name !== undefined) set(draft, { smtpHelo: name });
    },
    host: (line) => {
      hosts += 1;
      if (hosts > 1) leave(line, 'one-host', inside);
      else {
        const within = { ...inside, where: `host in ${inside.where}` };
        readBlock(blockOf(line, inside), common(draft, within), leftInCheck, within);
      }
    },
  };
};

/** The program line of lvs.cf: `%h` and `%p` stand for the real server, so that one line serves all of them. */
function programOf(text: string, checked: Checked): string | null {
  const argv = splitScript(unescapeWord(text)).map((word) => {
    if (word === checked.address) return '%h';
    return checked.port !== null && word === String(checked.port) ? '%p' : word;
  });
  return argv.some((word) => /[\s"']/.test(word) || word === '') ? null : argv.join(' ');
}

const script: Options = (draft, inside, checked) => {
  set(draft, { checkKind: 'script' });
  return {
    misc_path: (line) => {
      const word = wordOf(line, inside);
      if (word === null) return;
      const program = programOf(word.text, checked);
      if (program === null) leave(line, 'program-arguments', inside);
      else set(draft, { sendProgram: `"${program}"` });
    },
    misc_timeout: (line) => {
      draft.timing.limit = timeOf(line, inside) ?? draft.timing.limit;
    },
  };
};

const udp: Options = (draft, inside) => {
  set(draft, { checkKind: 'udp' });
  const textOf = (line: Statement): string | null => {
    const bytes = bytesOf(line.args.map(({ text }) => text).join(' '));
    const text = bytes === null ? null : rawTextOf(bytes);
    if (text === null) leave(line, 'binary-payload', inside);
    return text;
  };
  return {
    payload: (line) => {
      const send = textOf(line);
      if (send !== null) set(draft, { send });
    },
    require_reply: (line) => {
      const expect = line.args.length === 0 ? '"*"' : textOf(line);
      if (expect !== null) set(draft, { expect });
    },
  };
};

/** Options of each checker that can be carried over. */
const kinds: Readonly<Record<string, Options>> = {
  TCP_CHECK: (draft) => {
    set(draft, { checkKind: 'tcp' });
    return {};
  },
  HTTP_GET: web('http'),
  SSL_GET: web('https'),
  SMTP_CHECK: smtp,
  DNS_CHECK: dns,
  MISC_CHECK: script,
  UDP_CHECK: udp,
  PING_CHECK: (draft) => {
    set(draft, { checkKind: 'icmp' });
    return {};
  },
};

/** A check without what it lives by is no check. */
function isWhole({ checkKind, sendProgram, httpPath }: CheckSettings): boolean {
  if (checkKind === 'script') return (sendProgram ?? null) !== null;
  return (checkKind !== 'http' && checkKind !== 'https') || httpPath !== undefined;
}

function readCheck(
  options: Options,
  statement: Statement,
  checked: Checked,
  inherited: Timing,
  context: Context,
): ReadCheck | null {
  const inside: Context = { ...context, where: `${statement.keyword} in ${context.where}` };
  const draft: Draft = {
    settings: { checkKind: null },
    timing: { ...inherited },
    address: null,
    port: null,
    virtualHost: null,
  };
  const own = options(draft, inside, checked);
  readBlock(blockOf(statement, context), { ...common(draft, inside), ...own }, leftInCheck, inside);
  if (!isWhole(draft.settings)) {
    context.findings.fault('check-empty', { text: statement.keyword }, statement);
    return null;
  }
  const { settings, timing, address, port } = draft;
  // keepalived sends a payload without waiting for an answer; Shoal's check needs one to tell up from down.
  if (
    settings.checkKind === 'udp' &&
    (settings.send ?? null) !== null &&
    (settings.expect ?? null) === null
  ) {
    leave(statement, 'reply-needed', context);
    delete settings.send;
  }
  const isWeb = settings.checkKind === 'http' || settings.checkKind === 'https';
  return {
    at: statement,
    words: `${statement.keyword} of ${context.where}`,
    settings: isWeb ? { ...settings, httpHost: draft.virtualHost } : settings,
    timing,
    address,
    port,
  };
}

/** Handlers of a real server's block that collect its checks. */
export function checkHandlers(
  checks: ReadCheck[],
  checkedOf: () => Checked,
  inheritedOf: () => Timing,
  context: Context,
): Readonly<Record<string, Handler>> {
  const carried = Object.entries(kinds).map(([keyword, options]) => [
    keyword,
    (line: Statement) => {
      const check = readCheck(options, line, checkedOf(), inheritedOf(), context);
      if (check !== null) checks.push(check);
    },
  ]);
  return Object.fromEntries([
    ...carried,
    ['BFD_CHECK', (line: Statement) => leave(line, 'bfd', context)],
    ['FILE_CHECK', (line: Statement) => leave(line, 'file-check', context)],
  ]) as Readonly<Record<string, Handler>>;
}
