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

/** `read` returns the options when the directives ask for this kind, else null. */
interface CheckRow<Options> {
  readonly label: string;
  read(virtual: VirtualServer): Options | null;
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

/** What Piranha asks on its own account when a web service names no check. */
const defaultHttp: ConversationOptions = {
  send: 'GET / HTTP/1.0\r\n\r\n',
  expect: { text: 'HTTP', mode: 'prefix' },
};

/** The first row that applies is the check. */
export const checkKinds = {
  script: row<ScriptOptions>({
    label: 'Program on the router',
    read(virtual) {
      const [program, ...rest] = meaningOf(virtual.sendProgram ?? '')
        .split(/[ \t]+/)
        .filter((word) => word !== '');
      return program === undefined ? null : { argv: [program, ...rest], expect: textOf(virtual.expect) };
    },
  }),
  udp: row<ConversationOptions>({
    label: 'UDP datagram',
    read: (virtual) => (virtual.protocol === 'udp' ? conversationOf(virtual) : null),
  }),
  'send-expect': row<ConversationOptions>({
    label: 'TCP conversation',
    read(virtual) {
      if (virtual.send !== null || virtual.expect !== null) return conversationOf(virtual);
      return virtual.port === 80 ? defaultHttp : null;
    },
  }),
  tcp: row<Record<string, never>>({ label: 'TCP connection', read: () => ({}) }),
};

export type CheckKind = keyof typeof checkKinds;

/** The options of each kind, as its row reads them. */
export type CheckOptions = {
  readonly [Kind in CheckKind]: NonNullable<ReturnType<(typeof checkKinds)[Kind]['read']>>;
};

/** A kind together with its own options. */
export type Check<Kind extends CheckKind = CheckKind> = {
  [Key in Kind]: { readonly kind: Key; readonly options: CheckOptions[Key] };
}[Kind];

function readKind<Kind extends CheckKind>(kind: Kind, virtual: VirtualServer): Check | null {
  const rows: { readonly [Key in CheckKind]: CheckRow<CheckOptions[Key]> } = checkKinds;
  const options = rows[kind].read(virtual);
  return options === null ? null : ({ kind, options } as Check);
}

/** The health check of a virtual server's real servers. */
export function checkOf(virtual: VirtualServer): Check {
  for (const kind of Object.keys(checkKinds) as CheckKind[]) {
    const check = readKind(kind, virtual);
    if (check !== null) return check;
  }
  return { kind: 'tcp', options: {} };
}
