/**
 * A second, independent model of how Piranha 0.8.6 loads a file, for tests alone: written from the Piranha
 * reference 1.1 to 1.4, sharing neither lexer nor table with the product. Says whether the file loads, and with
 * which tokens on each line.
 */

export type PiranhaLoad =
  | { readonly ok: true; readonly lines: readonly (readonly string[])[] }
  | { readonly ok: false; readonly line: number; readonly reason: string };

const words = (text: string): string[] => text.trim().split(/\s+/);

type ValueTest = (value: string) => boolean;

const integer: ValueTest = (value) => /^[+-]?(0x[0-9a-f]+|[1-9]\d*|0[0-7]*)$/i.test(value) || value === '';
const boolean: ValueTest = (value) => integer(value) && [0, 1].includes(Number(value || '0'));
const ipv4: ValueTest = (value) => {
  const parts = value.split('.');
  return parts.length <= 4 && parts.every((part) => /^(0x[0-9a-f]+|\d+)$/i.test(part));
};
/** Piranha asks the resolver; a name in the form of one counts as found. */
const host: ValueTest = (value) => ipv4(value) || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9.])?$/.test(value);
const knownHost: ValueTest = (value) => host(value) && value !== '0.0.0.0';
const port: ValueTest = (value) => integer(value) || /^[a-z][a-z0-9-]*$/.test(value);
const text: ValueTest = () => true;
const among =
  (list: string): ValueTest =>
  (value) =>
    words(list).includes(value);

interface Level {
  readonly values: Readonly<Record<string, ValueTest>>;
  readonly pairs: readonly string[];
  readonly lists: readonly string[];
  readonly blocks: readonly string[];
}

const each = (list: string, test: ValueTest) => Object.fromEntries(words(list).map((name) => [name, test]));

const top: Level = {
  values: {
    ...each(
      'serial_no keepalive deadtime monitor_links syncd_id tcp_timeout tcpfin_timeout udp_timeout',
      integer,
    ),
    ...each('backup_active heartbeat syncdaemon hard_shutdown sync', boolean),
    ...each('primary primary_private backup_private', knownHost),
    ...each('backup', host),
    ...each('heartbeat_port', port),
    ...each('nat_nmask', ipv4),
    ...each(
      'syncd_iface active_cmd inactive_cmd ipvsadm rsh_command debug_level primary_shared backup_shared',
      text,
    ),
    service: among('lvs fos'),
    network: among('nat direct tunnel'),
    reservation_conflict_action: among('nothing preempt'),
  },
  pairs: ['nat_router'],
  lists: [],
  blocks: ['virtual', 'failover'],
};

const service: Level = {
  values: {
    ...each('active use_regex quiesce_server', boolean),
    ...each('fwmark persistent timeout reentry', integer),
    ...each('vip_nmask sorry_server', ipv4),
    ...each('master', host),
    ...each('port', port),
    ...each('pmask send expect send_program load_monitor client_monitor start_cmd stop_cmd', text),
    protocol: among('tcp udp'),
    scheduler: among('lc rr wlc wrr lblc lblcr dh sh'),
  },
  pairs: ['address'],
  lists: ['dirs'],
  blocks: ['server'],
};

const server: Level = {
  values: { ...each('address', host), ...each('active', boolean), ...each('weight port', integer) },
  pairs: [],
  lists: [],
  blocks: [],
};

/** Tokens of one line; null is "quotation mismatch". */
export function piranhaTokens(line: string): string[] | null {
  const tokens: string[] = [];
  let rest = line.replace(/^[ \t]+/, '');
  while (rest !== '') {
    const upToBlank = /^[^ \t]*/.exec(rest)?.[0] ?? '';
    const quote = rest[0];
    if (quote !== '"' && quote !== "'") {
      tokens.push(upToBlank);
      rest = rest.slice(upToBlank.length);
    } else if (upToBlank === rest) {
      if (rest.length < 2 || !rest.endsWith(quote)) return null;
      tokens.push(rest.slice(1, -1));
      rest = '';
    } else {
      const end = rest.indexOf(quote, upToBlank.length);
      if (end === -1) return null;
      tokens.push(rest.slice(1, end));
      rest = rest.slice(end + 1);
    }
    rest = rest.replace(/^[ \t]+/, '');
  }
  return tokens.slice(0, 99);
}

/** Why a line does not load at this level, or null. */
function faultOf([name = '', equal, ...values]: readonly string[], level: Level): string | null {
  if (level.blocks.includes(name)) {
    if (equal === undefined || values.length === 0) return 'missing arguments';
    return values.length > 1 ? 'unexpected arguments' : values[0] === '{' ? null : 'missing arguments';
  }
  const isPair = level.pairs.includes(name);
  const isList = level.lists.includes(name);
  const test = Object.hasOwn(level.values, name) ? level.values[name] : undefined;
  if (!isPair && !isList && test === undefined) return 'unknown command';
  if (equal !== '=') return 'equal expected';
  if (isList) return values[0] === '[' && values.at(-1) === ']' ? null : 'list expected';
  const wanted = isPair ? 2 : 1;
  if (values.length < wanted) return 'missing arguments';
  if (values.length > wanted) return 'unexpected arguments';
  return (test ?? host)(values[0] ?? '') ? null : 'invalid argument';
}

/** Loads a file with LF line ends. */
export function piranhaLoads(file: string): PiranhaLoad {
  if (file === '') return { ok: false, line: 0, reason: 'empty configuration' };
  const open: Level[] = [top];
  const read: string[][] = [];
  for (const [index, line] of file.split('\n').entries()) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const tokens = piranhaTokens(line);
    const level = open.at(-1) ?? top;
    if (tokens === null) return { ok: false, line: index + 1, reason: 'quotation mismatch' };
    read.push(tokens);
    if (tokens[0] === '}' && open.length > 1) {
      open.pop();
      continue;
    }
    const fault = faultOf(tokens, level);
    if (fault !== null) return { ok: false, line: index + 1, reason: fault };
    if (level.blocks.includes(tokens[0] ?? '')) open.push(tokens[0] === 'server' ? server : service);
  }
  return { ok: true, lines: read };
}
