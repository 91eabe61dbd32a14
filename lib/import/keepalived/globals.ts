/** `global_defs`: what of it concerns the routing table or the pair of routers. */
import { lookUp } from '../shape.ts';
import { blockOf, leave, readBlock } from './block.ts';
import type { Statement } from './tree.ts';
import { type Context, type Given, givenBy, timeOf, wordOf } from './values.ts';
import { leftInGlobals } from './words.ts';

export interface SyncDaemon {
  readonly device: Given<string>;
  readonly id: Given<number> | null;
}

export interface Globals {
  /** Interface of addresses that name none. */
  device: Given<string> | null;
  syncDaemon: SyncDaemon | null;
  tcpTimeout: Given<number> | null;
  tcpFinTimeout: Given<number> | null;
  udpTimeout: Given<number> | null;
  /** Seconds between repeated announcements. */
  refresh: Given<number> | null;
}

export const noGlobals = (): Globals => ({
  device: null,
  syncDaemon: null,
  tcpTimeout: null,
  tcpFinTimeout: null,
  udpTimeout: null,
  refresh: null,
});

const timeouts: Readonly<Record<string, 'tcpTimeout' | 'tcpFinTimeout' | 'udpTimeout'>> = {
  tcp: 'tcpTimeout',
  tcpfin: 'tcpFinTimeout',
  udp: 'udpTimeout',
};

/** `lvs_timeouts tcp 900 tcpfin 120 udp 300`. */
function readTimeouts(statement: Statement, globals: Globals, { findings }: Context): void {
  for (let index = 0; index < statement.args.length; index += 2) {
    const [name, value] = statement.args.slice(index, index + 2);
    const key = lookUp(timeouts, name?.text ?? '');
    if (name !== undefined && key !== undefined && value !== undefined && /^\d{1,8}$/.test(value.text))
      globals[key] = { value: Number(value.text), at: value };
    else
      findings.fault(
        'value-wrong',
        {
          word: statement.keyword,
          text: (value ?? name)?.text ?? '',
          expected: 'tcp, tcpfin or udp and seconds',
        },
        value ?? name ?? statement,
      );
  }
}

/** `lvs_sync_daemon eth1 [[inst] VI_1] [id 5] [maxlen …] [port …] [ttl …] [group …]`. */
export function readSyncDaemon(statement: Statement, context: Context): SyncDaemon | null {
  const device = wordOf(statement, context);
  if (device === null) return null;
  const at = statement.args.findIndex(({ text }, index) => index > 0 && text === 'id');
  const id = at === -1 ? undefined : statement.args[at + 1];
  const isNumber = id !== undefined && /^\d{1,3}$/.test(id.text) && Number(id.text) <= 255;
  if (at !== -1 && !isNumber) {
    const facts = { word: 'id', text: id?.text ?? '', expected: 'a whole number from 0 to 255' };
    context.findings.fault('value-wrong', facts, id ?? statement);
  }
  const others = statement.args.filter(({ text }) => ['maxlen', 'port', 'ttl', 'group'].includes(text));
  for (const { text, line } of others)
    context.findings.leave(line, `${text} in ${statement.keyword}`, 'sync-option', undefined);
  return {
    device: { value: device.text, at: device },
    id: isNumber ? { value: Number(id.text), at: id } : null,
  };
}

/** Seconds, rounded up: 0 would turn it off. */
export function refreshOf(statement: Statement, context: Context): Given<number> | null {
  const given = timeOf(statement, context);
  return given && { ...given, value: Math.ceil(given.value / 1000) };
}

export function readGlobals(statement: Statement, globals: Globals, context: Context): void {
  const inside: Context = { ...context, where: 'global_defs' };
  readBlock(
    blockOf(statement, context),
    {
      default_interface: (line) => {
        const word = wordOf(line, inside);
        if (word !== null) globals.device = givenBy(line, word.text);
      },
      lvs_timeouts: (line) => readTimeouts(line, globals, inside),
      lvs_sync_daemon: (line) => {
        if (globals.syncDaemon === null) globals.syncDaemon = readSyncDaemon(line, inside);
        else leave(line, 'one-sync-daemon', inside);
      },
      vrrp_garp_master_refresh: (line) => {
        globals.refresh = refreshOf(line, inside);
      },
    },
    leftInGlobals,
    inside,
  );
}
