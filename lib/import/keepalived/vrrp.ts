/** `vrrp_instance` and `vrrp_sync_group`: the addresses that move, and what the file tells of the two routers. */

import type { Span } from '../../lvs/positions.ts';
import { lookUp } from '../shape.ts';
import { blockOf, type Handler, leave, readBlock } from './block.ts';
import { readSyncDaemon, refreshOf, type SyncDaemon } from './globals.ts';
import type { Statement } from './tree.ts';
import {
  addressOf,
  type Context,
  type Given,
  givenBy,
  type Network,
  numberOf,
  readIp,
  readNetwork,
  timeOf,
  wordOf,
} from './values.ts';
import { leftInInstance, leftInSyncGroup } from './words.ts';

/** An address that a vrrp_instance moves. */
export interface MovingAddress extends Network {
  readonly at: Span;
  /** Its `dev` or `label`, else the interface of its instance; null when the file names none. */
  readonly device: string | null;
}

export interface Instance {
  readonly name: string;
  readonly at: Span;
  /** Whether the state is the first one, of the router that serves at the start; null when the file does not say. */
  startsActive: Given<boolean> | null;
  priority: Given<number>;
  device: Given<string> | null;
  source: Given<string> | null;
  readonly peers: Given<string>[];
  /** Milliseconds between two advertisements. */
  interval: Given<number>;
  /** Missed advertisements after which the other router takes over. */
  missed: Given<number>;
  preempts: Given<boolean>;
  /** Milliseconds. */
  preemptDelay: Given<number> | null;
  refresh: Given<number> | null;
  syncDaemon: SyncDaemon | null;
  /** A router whose own link is down gives up. */
  watchesLinks: boolean;
  readonly addresses: MovingAddress[];
}

const states: Readonly<Record<string, boolean>> = { MASTER: true, BACKUP: false };

function readState(line: Statement, instance: Instance, context: Context): void {
  const word = wordOf(line, context);
  if (word === null) return;
  const value = lookUp(states, word.text);
  if (value !== undefined) instance.startsActive = { value, at: word };
  else
    context.findings.fault(
      'value-wrong',
      { word: line.keyword, text: word.text, expected: Object.keys(states).join(' or ') },
      word,
    );
}

/** Options of an address that take a value, and those that stand alone. */
const addressOptions: Readonly<Record<string, 0 | 1>> = {
  ...{ dev: 1, label: 1, brd: 1, broadcast: 1, scope: 1, peer: 1, preferred_lft: 1 },
  ...{ use_vmac: 0, home: 0, '-nodad': 0, mngtmpaddr: 0, noprefixroute: 0, autojoin: 0, no_track: 0 },
};

function readMovingAddress(line: Statement, instance: Instance, context: Context): void {
  const network = readNetwork(line.keyword);
  if (network === null) {
    const facts = { word: context.where, text: line.keyword, expected: 'an address such as 192.0.2.100/24' };
    context.findings.fault('value-wrong', facts, line);
    return;
  }
  const values = new Map<string, string>();
  for (let index = 0; index < line.args.length; index += 1) {
    const word = line.args[index] as Statement['args'][number];
    const count = lookUp(addressOptions, word.text);
    const value = count === 1 ? (line.args[index + 1]?.text ?? '') : '';
    values.set(word.text, value);
    if (count === undefined)
      context.findings.fault(
        'keyword-unknown',
        { text: word.text, where: context.where, nearest: null },
        word,
      );
    else if (word.text !== 'dev' && word.text !== 'label')
      context.findings.leave(word.line, `${word.text} ${value}`.trim(), 'address-option', {
        address: network.address,
      });
    index += count ?? 0;
  }
  const device = values.get('label') || values.get('dev') || null;
  instance.addresses.push({ ...network, at: line, device });
}

const readAddresses =
  (instance: Instance, context: Context): Handler =>
  (line) => {
    const inside = { ...context, where: line.keyword };
    for (const address of blockOf(line, context)) readMovingAddress(address, instance, inside);
  };

function readPeers(line: Statement, instance: Instance, context: Context): void {
  for (const peer of blockOf(line, context)) {
    const value = readIp(peer.keyword);
    if (value !== null) instance.peers.push({ value, at: peer });
    else {
      const facts = { word: line.keyword, text: peer.keyword, expected: 'an IPv4 or IPv6 address' };
      context.findings.fault('value-wrong', facts, peer);
    }
    for (const option of peer.args.filter(({ text }) => /^(min|max)_ttl$/.test(text)))
      context.findings.leave(option.line, `${option.text} in ${line.keyword}`, 'vrrp', undefined);
  }
}

/** Links with a weight only change a priority; Shoal's routers have none. */
function readLinks(line: Statement, instance: Instance, context: Context): void {
  for (const link of blockOf(line, context)) {
    const weight = link.args.findIndex(({ text }) => text === 'weight');
    if (weight === -1 || link.args[weight + 1]?.text === '0') instance.watchesLinks = true;
    else
      context.findings.leave(
        link.line,
        `${link.keyword} weight in ${line.keyword}`,
        'link-weight',
        undefined,
      );
  }
}

const newInstance = (statement: Statement, name: string): Instance => ({
  name,
  at: statement,
  startsActive: null,
  priority: { value: 100, at: statement },
  device: null,
  source: null,
  peers: [],
  interval: { value: 1000, at: statement },
  missed: { value: 3, at: statement },
  preempts: { value: true, at: statement },
  preemptDelay: null,
  refresh: null,
  syncDaemon: null,
  watchesLinks: true,
  addresses: [],
});

function handlersOf(instance: Instance, inside: Context): Readonly<Record<string, Handler>> {
  const source: Handler = (line) => {
    instance.source = addressOf(line, inside) ?? instance.source;
  };
  const addresses = readAddresses(instance, inside);
  return {
    state: (line) => readState(line, instance, inside),
    interface: (line) => {
      const word = wordOf(line, inside);
      if (word !== null) instance.device = givenBy(line, word.text);
    },
    priority: (line) => {
      instance.priority = numberOf(line, inside, { min: 1, max: 255 }) ?? instance.priority;
    },
    advert_int: (line) => {
      instance.interval = timeOf(line, inside, 10) ?? instance.interval;
    },
    down_timer_adverts: (line) => {
      instance.missed = numberOf(line, inside, { min: 1, max: 100 }) ?? instance.missed;
    },
    nopreempt: (line) => {
      instance.preempts = givenBy(line, false);
    },
    preempt: (line) => {
      instance.preempts = givenBy(line, true);
    },
    preempt_delay: (line) => {
      instance.preemptDelay = timeOf(line, inside);
    },
    garp_master_refresh: (line) => {
      instance.refresh = refreshOf(line, inside);
    },
    unicast_src_ip: source,
    mcast_src_ip: source,
    unicast_peer: (line) => readPeers(line, instance, inside),
    track_interface: (line) => readLinks(line, instance, inside),
    dont_track_primary: () => {
      instance.watchesLinks = false;
    },
    lvs_sync_daemon_interface: (line) => {
      instance.syncDaemon = readSyncDaemon(line, inside);
    },
    virtual_ipaddress: addresses,
    virtual_ipaddress_excluded: addresses,
  };
}

export function readInstance(statement: Statement, context: Context): Instance {
  const name = wordOf(statement, context)?.text ?? '';
  const instance = newInstance(statement, name);
  const inside: Context = { ...context, where: `${statement.keyword} ${name}`.trim() };
  readBlock(blockOf(statement, context), handlersOf(instance, inside), leftInInstance, inside);
  const device = instance.device?.value ?? null;
  instance.addresses.splice(
    0,
    instance.addresses.length,
    ...instance.addresses.map((address) => ({ ...address, device: address.device ?? device })),
  );
  return instance;
}

/** Names of the instances that move together. */
export function readSyncGroup(statement: Statement, context: Context): string[] {
  const members: string[] = [];
  const inside: Context = {
    ...context,
    where: `${statement.keyword} ${statement.args[0]?.text ?? ''}`.trim(),
  };
  readBlock(
    blockOf(statement, context),
    {
      group: (line) => {
        for (const member of blockOf(line, inside))
          members.push(member.keyword, ...member.args.map(({ text }) => text));
      },
    },
    leftInSyncGroup,
    inside,
  );
  if (members.length === 0) leave(statement, 'empty-group', context);
  return members;
}
