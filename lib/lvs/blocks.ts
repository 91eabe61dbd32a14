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

/** The list of the model that holds the blocks of a scope. */
export const listOf = { virtual: 'virtualServers', failover: 'failoverServices', server: 'servers' } as const;

/** What the head of a block says, and where it stands. */
interface Head {
  readonly scope: Scope;
  readonly name: string;
  /** Of the head of the block; of the first line for the top level. */
  readonly span: Span;
  /** The head stands on a `#@` line. */
  readonly isShoal: boolean;
  /** The block around it; null for the top level. */
  readonly parent: Block | null;
  /** In its list of the model. */
  readonly index: number;
  /** Where its values stand; null where nobody has asked. */
  readonly places: BlockPlaces | null;
  /** Servers only. */
  readonly inheritedPort: number;
}

const virtualDefaults = defaultVirtual('');
const serverDefaults = defaultServer('');

const freshSettings: Readonly<Record<Scope, () => Record<string, unknown>>> = {
  global: () => ({ ...defaultGlobal() }),
  virtual: () => ({ ...virtualDefaults }),
  failover: () => ({ ...virtualDefaults }),
  server: () => ({ ...serverDefaults }),
};

/** A block that is open. What only a fault asks for is made when it is asked: large files have many blocks. */
export class Block implements Head {
  readonly scope: Scope;
  readonly name: string;
  readonly span: Span;
  readonly isShoal: boolean;
  readonly parent: Block | null;
  readonly index: number;
  readonly places: BlockPlaces | null;
  readonly inheritedPort: number;
  /** Values by key; the defaults where the block says nothing. */
  readonly settings: Record<string, unknown>;
  /** Lines of the values that it gives. */
  readonly lines: Record<string, number> = {};
  /** Keys whose value comes from a `#@` line, and the lines of plain values that such a line overrules. */
  shoalKeys: Set<string> | null = null;
  overruled: Map<string, number> | null = null;
  comments: string[] | null = null;
  unknown: string[] | null = null;
  /** Depth inside an unknown `#@` block, whose lines all go to `unknown`. */
  keptDepth = 0;
  readonly servers: ReadServer[] = [];

  constructor(head: Head) {
    this.scope = head.scope;
    this.name = head.name;
    this.span = head.span;
    this.isShoal = head.isShoal;
    this.parent = head.parent;
    this.index = head.index;
    this.places = head.places;
    this.inheritedPort = head.inheritedPort;
    this.settings = freshSettings[head.scope]();
  }

  addComment(line: string): void {
    this.comments ??= [];
    this.comments.push(line);
  }

  addUnknown(text: string): void {
    this.unknown ??= [];
    this.unknown.push(text);
  }

  get path(): ModelPath {
    const { scope, parent } = this;
    if (scope === 'global' || parent === null) return ['global'];
    return [...(parent.scope === 'global' ? [] : parent.path), listOf[scope], this.index];
  }

  /** "in virtual server \"web\"", for sentences. */
  get where(): string {
    return `${this.scope === 'global' ? 'at' : 'in'} ${describeBlock(this)}`;
  }
}

const nouns: Readonly<Record<Scope, string>> = {
  global: 'the top level',
  virtual: 'virtual server',
  failover: 'failover service',
  server: 'real server',
};

/** "virtual server \"web\"", for sentences. */
export const describeBlock = (block: Pick<Block, 'scope' | 'name'>): string =>
  block.scope === 'global' ? nouns.global : `${nouns[block.scope]} "${block.name.slice(0, 60)}"`;

/** A block of the model from its settings, which are not used again and hold the remarks of a block without any. */
function fromSettings<Model extends VirtualServer | RealServer>(block: Block): Model {
  const { settings, name, comments, unknown } = block;
  settings.name = name;
  if (comments !== null) settings.comments = comments;
  if (unknown !== null) settings.unknown = unknown;
  return settings as unknown as Model;
}

/** The port of a virtual server as far as it has been read. */
export const portSoFar = ({ settings }: Block): number => (settings as unknown as VirtualServer).port;

/** A virtual server without port of its own servers resolved: what a server inherits is settled when it opens. */
export function closeVirtual(block: Block): VirtualServer {
  const virtual = fromSettings<VirtualServer>(block);
  const servers = block.servers.map(({ server, inheritedPort }) =>
    server.port === null && inheritedPort !== virtual.port ? { ...server, port: inheritedPort } : server,
  );
  return Object.assign(virtual, { servers });
}

export const closeServer = (block: Block): ReadServer => ({
  server: fromSettings(block),
  inheritedPort: block.inheritedPort,
});

export const closeTop = (
  block: Block,
  { virtualServers, failoverServices }: Pick<ClusterConfig, 'virtualServers' | 'failoverServices'>,
): ClusterConfig => ({
  comments: block.comments ?? [],
  unknown: block.unknown ?? [],
  global: block.settings as unknown as ClusterConfig['global'],
  virtualServers,
  failoverServices,
});

/** Closes an unknown `#@` block that was left open, so that it can be written back. */
export function closeKept(block: Block): Diagnostic[] {
  if (block.keptDepth === 0) return [];
  for (; block.keptDepth > 0; block.keptDepth -= 1) block.addUnknown('}');
  return [
    diagnose(
      'unclosed-block',
      { block: `an unknown "#@" block ${block.where}`, line: block.span.line },
      block.span,
    ),
  ];
}
