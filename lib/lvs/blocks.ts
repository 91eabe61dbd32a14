/** Open blocks while a file is read, and the model that they become when they close. */
import type { Diagnostic, ModelPath } from './diagnostics.ts';
import type { Scope } from './directives.ts';
import { diagnose } from './messages.ts';
import {
  type ClusterConfig,
  defaultGlobal,
  defaultServer,
  defaultVirtual,
  type RealServer,
  type VirtualServer,
} from './model.ts';
import type { BlockPlaces, Span } from './positions.ts';

/** A server as read, with the port that its virtual server had when its block opened. */
interface ReadServer {
  readonly server: RealServer;
  readonly inheritedPort: number;
}

export interface Block {
  readonly scope: Scope;
  readonly name: string;
  /** Of the head of the block; of the first line for the top level. */
  readonly span: Span;
  /** The head stands on a `#@` line. */
  readonly isShoal: boolean;
  readonly path: ModelPath;
  readonly settings: Record<string, unknown>;
  /** "in virtual server \"web\"", for sentences. */
  readonly where: string;
  /** Where its values stand. */
  readonly places: BlockPlaces;
  /** Keys whose value comes from a `#@` line, and the lines of plain values that such a line overrules. */
  shoalKeys: Set<string> | null;
  overruled: Map<string, number> | null;
  readonly comments: string[];
  readonly unknown: string[];
  /** Depth inside an unknown `#@` block, whose lines all go to `unknown`. */
  keptDepth: number;
  readonly servers: ReadServer[];
  /** Servers only. */
  readonly inheritedPort: number;
}

type Head = Pick<Block, 'scope' | 'name' | 'span' | 'isShoal' | 'path' | 'places'> & {
  readonly inheritedPort?: number;
};

export const openBlock = (head: Head): Block => ({
  inheritedPort: 0,
  ...head,
  where: `${head.scope === 'global' ? 'at' : 'in'} ${describeBlock(head)}`,
  settings: {},
  shoalKeys: null,
  overruled: null,
  comments: [],
  unknown: [],
  keptDepth: 0,
  servers: [],
});

const nouns: Readonly<Record<Scope, string>> = {
  global: 'the top level',
  virtual: 'virtual server',
  failover: 'failover service',
  server: 'real server',
};

/** "virtual server \"web\"", for sentences. */
export const describeBlock = (block: Pick<Block, 'scope' | 'name'>): string =>
  block.scope === 'global' ? nouns.global : `${nouns[block.scope]} "${block.name.slice(0, 60)}"`;

const remarksOf = (block: Block) => ({ comments: block.comments, unknown: block.unknown });

const virtualDefaults = defaultVirtual('');
const serverDefaults = defaultServer('');

const virtualOf = (block: Block): VirtualServer => ({
  ...virtualDefaults,
  ...block.settings,
  ...remarksOf(block),
  name: block.name,
});

const portWhenAbsent = virtualDefaults.port;

/** The port of a virtual server as far as it has been read. */
export function portSoFar({ settings }: Block): number {
  const { port } = settings;
  return typeof port === 'number' ? port : portWhenAbsent;
}

/** A virtual server without port of its own servers resolved: what a server inherits is settled when it opens. */
export function closeVirtual(block: Block): VirtualServer {
  const virtual = virtualOf(block);
  const servers = block.servers.map(({ server, inheritedPort }) =>
    server.port === null && inheritedPort !== virtual.port ? { ...server, port: inheritedPort } : server,
  );
  return { ...virtual, servers };
}

export const closeServer = (block: Block): ReadServer => ({
  server: { ...serverDefaults, ...block.settings, ...remarksOf(block), name: block.name },
  inheritedPort: block.inheritedPort,
});

export const closeTop = (
  block: Block,
  { virtualServers, failoverServices }: Pick<ClusterConfig, 'virtualServers' | 'failoverServices'>,
): ClusterConfig => ({
  ...remarksOf(block),
  global: { ...defaultGlobal(), ...block.settings },
  virtualServers,
  failoverServices,
});

/** Closes an unknown `#@` block that was left open, so that it can be written back. */
export function closeKept(block: Block): Diagnostic[] {
  if (block.keptDepth === 0) return [];
  for (; block.keptDepth > 0; block.keptDepth -= 1) block.unknown.push('}');
  return [
    diagnose(
      'unclosed-block',
      { block: `an unknown "#@" block ${block.where}`, line: block.span.line },
      block.span,
    ),
  ];
}
