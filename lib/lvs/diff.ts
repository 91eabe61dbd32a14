/**
 * Difference of two configurations in words, one sentence a change. Blocks are matched by name (and by their
 * number among blocks of the same name); the labels come from the table of directives.
 */
import type { ModelPath } from './diagnostics.ts';
import type { Directive } from './directive.ts';
import { directivesOf, type Scope } from './directives.ts';
import type { ClusterConfig, RealServer, Remarks, VirtualServer } from './model.ts';
import { isSame } from './same.ts';

export interface Change {
  /** In `after`; of a removed block in `before`. */
  readonly path: ModelPath;
  /** "real server rs2 of web: weight 1 → 3". */
  readonly message: string;
}

/** Empty exactly when the configurations are equal. */
export function diffConfigs(before: ClusterConfig, after: ClusterConfig): Change[] {
  return [
    ...topChanges(before, after),
    ...listChanges('failoverServices', before.failoverServices, after.failoverServices),
    ...listChanges('virtualServers', before.virtualServers, after.virtualServers),
  ];
}

const topChanges = (before: ClusterConfig, after: ClusterConfig): Change[] => [
  ...settingChanges('global', before.global, after.global, { path: ['global'], what: '' }),
  ...remarkChanges(before, after, { path: ['global'], what: 'top of the file' }),
];

/** Counts known of blocks, each against one other: of a large configuration, an edit changes one. */
const known = new WeakMap<VirtualServer, { readonly before: VirtualServer; readonly count: number }>();

/** How many changes diffConfigs finds, without their sentences. */
export const countChanges = (before: ClusterConfig, after: ClusterConfig): number =>
  topChanges(before, after).length +
  countOfList('failoverServices', before.failoverServices, after.failoverServices) +
  countOfList('virtualServers', before.virtualServers, after.virtualServers);

function countOfList(
  list: ListName,
  before: readonly VirtualServer[],
  after: readonly VirtualServer[],
): number {
  const { removed, added, both, isReordered } = paired(before, after);
  const changed = both.reduce((sum, pair) => sum + countOfBlock(list, pair.before, pair.after), 0);
  return removed.length + added.length + changed + (isReordered ? 1 : 0);
}

function countOfBlock(list: ListName, before: VirtualServer, after: VirtualServer): number {
  if (before === after) return 0;
  const last = known.get(after);
  if (last?.before === before) return last.count;
  const count = virtualChanges(list, before, after, 0).length;
  known.set(after, { before, count });
  return count;
}

interface Place {
  readonly path: ModelPath;
  /** The block in words; '' for the top level. */
  readonly what: string;
}

type Settings = Readonly<Record<string, unknown>>;

const change = ({ path, what }: Place, key: string | null, text: string): Change => ({
  path: key === null ? path : [...path, key],
  message: what === '' ? text : `${what}: ${text}`,
});

function shownValue(directive: Directive, value: unknown): string {
  const { kind } = directive;
  if (kind.widget === 'switch') return value === true ? 'on' : 'off';
  const text = kind.format(value);
  return text === null ? 'none' : kind.unit === undefined ? text : `${text} ${kind.unit}`;
}

function settingChanges(scope: Scope, before: object, after: object, place: Place): Change[] {
  return directivesOf[scope].flatMap((directive) => {
    const old = (before as Settings)[directive.key];
    const now = (after as Settings)[directive.key];
    if (old === now || isSame(old, now)) return [];
    const label = directive.label.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
    const text = `${place.what === '' ? directive.label : label} ${shownValue(directive, old)} → ${shownValue(directive, now)}`;
    return [change(place, directive.key, text)];
  });
}

function remarkChanges(before: Remarks, after: Remarks, place: Place): Change[] {
  const changes: Change[] = [];
  if (!isSame(before.comments, after.comments)) changes.push(change(place, 'comments', 'comments changed'));
  if (!isSame(before.unknown, after.unknown))
    changes.push(change(place, 'unknown', 'lines that begin with "#@" and are not known here changed'));
  return changes;
}

type ListName = 'virtualServers' | 'failoverServices';

const nouns = { virtualServers: 'virtual server', failoverServices: 'failover service' } as const;

/** Blocks of both lists by name and number among equal names. */
function paired<Block extends { readonly name: string }>(before: readonly Block[], after: readonly Block[]) {
  const keyed = (blocks: readonly Block[]) => {
    const counts = new Map<string, number>();
    return new Map(
      blocks.map((block, index) => {
        const count = counts.get(block.name) ?? 0;
        counts.set(block.name, count + 1);
        return [`${count} ${block.name}`, { block, index }] as const;
      }),
    );
  };
  const [old, now] = [keyed(before), keyed(after)];
  const kept = [...now.keys()].filter((key) => old.has(key));
  return {
    removed: [...old].flatMap(([key, item]) => (now.has(key) ? [] : [item])),
    added: [...now].flatMap(([key, item]) => (old.has(key) ? [] : [item])),
    both: kept.flatMap((key) => {
      const [was, is] = [old.get(key), now.get(key)];
      return was && is ? [{ before: was.block, after: is.block, index: is.index }] : [];
    }),
    isReordered: !isSame(
      [...old.keys()].filter((key) => now.has(key)),
      kept,
    ),
  };
}

function listChanges(
  list: ListName,
  before: readonly VirtualServer[],
  after: readonly VirtualServer[],
): Change[] {
  const noun = nouns[list];
  const { removed, added, both, isReordered } = paired(before, after);
  return [
    ...removed.map(({ block, index }) => ({ path: [list, index], message: `${noun} ${block.name} removed` })),
    ...both.flatMap((pair) => virtualChanges(list, pair.before, pair.after, pair.index)),
    ...added.map(({ block, index }) => ({
      path: [list, index],
      message: `${noun} ${block.name} added${summary(block)}`,
    })),
    ...(isReordered ? [{ path: [list], message: `order of the ${noun}s changed` }] : []),
  ];
}

/** What a new virtual server brings, so that its sentence stands for all of it. */
function summary({ vip, port, protocol, firewallMark, servers }: VirtualServer): string {
  const identity =
    firewallMark !== 0
      ? `firewall mark ${firewallMark}`
      : vip?.address
        ? `${vip.address}:${port} ${protocol}`
        : '';
  const count = servers.length === 0 ? '' : `${servers.length} real server${servers.length === 1 ? '' : 's'}`;
  const parts = [identity, count].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function virtualChanges(
  list: ListName,
  before: VirtualServer,
  after: VirtualServer,
  index: number,
): Change[] {
  if (before === after) return [];
  const scope = list === 'virtualServers' ? 'virtual' : 'failover';
  const place = { path: [list, index], what: `${nouns[list]} ${after.name}` };
  const { removed, added, both, isReordered } = paired(before.servers, after.servers);
  const what = (server: RealServer) => `real server ${server.name} of ${after.name}`;
  const at = (serverIndex: number): ModelPath => [list, index, 'servers', serverIndex];
  return [
    ...settingChanges(scope, before, after, place),
    ...remarkChanges(before, after, place),
    ...removed.map(({ block, index: from }) => ({ path: at(from), message: `${what(block)} removed` })),
    ...both.flatMap((pair) => {
      const server = { path: at(pair.index), what: what(pair.after) };
      return [
        ...settingChanges('server', pair.before, pair.after, server),
        ...remarkChanges(pair.before, pair.after, server),
      ];
    }),
    ...added.map(({ block, index: to }) => ({
      path: at(to),
      message: `${what(block)} added (${block.address ?? 'no address'}, weight ${block.weight})`,
    })),
    ...(isReordered
      ? [{ path: [...place.path, 'servers'], message: `order of the real servers of ${after.name} changed` }]
      : []),
  ];
}
