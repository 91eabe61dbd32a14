/** What a rule is, and the blocks that rules walk over. */
import type { Diagnostic, ModelPath } from '../diagnostics.ts';
import type { Directive } from '../directive.ts';
import type { Scope } from '../directives.ts';
import type { ClusterConfig, RealServer, VirtualServer } from '../model.ts';
import { onceFor } from '../once-for.ts';
import { isSame } from '../same.ts';

/** One rule across directives. Pure; returns nothing where the configuration is fine. */
export type Rule = (config: ClusterConfig) => readonly Diagnostic[];

export interface VirtualPlace {
  readonly virtual: VirtualServer;
  readonly path: ModelPath;
  /** `virtual server "web"`, for sentences. */
  readonly where: string;
  readonly servers: readonly ServerPlace[];
}

export interface ServerPlace extends Omit<VirtualPlace, 'servers'> {
  readonly server: RealServer;
}

const clipped = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

const nouns = { virtualServers: 'virtual server', failoverServices: 'failover service' } as const;

/** The places of its real servers are made when a rule walks over them; most rules do not. */
class VirtualOfList implements VirtualPlace {
  readonly virtual: VirtualServer;
  readonly path: ModelPath;
  readonly where: string;
  #servers: readonly ServerPlace[] | null = null;

  constructor(list: keyof typeof nouns, virtual: VirtualServer, index: number) {
    this.virtual = virtual;
    this.path = [list, index];
    this.where = `${nouns[list]} "${clipped(virtual.name)}"`;
  }

  get servers(): readonly ServerPlace[] {
    this.#servers ??= this.virtual.servers.map((server, index) => new ServerOfVirtual(this, server, index));
    return this.#servers;
  }
}

// Views of a configuration, made once: many rules walk over the same tens of thousands of blocks.
export const allVirtuals = onceFor((config: ClusterConfig): readonly VirtualPlace[] =>
  config.virtualServers.map((virtual, index) => new VirtualOfList('virtualServers', virtual, index)),
);

export const allFailovers = onceFor((config: ClusterConfig): readonly VirtualPlace[] =>
  config.failoverServices.map((virtual, index) => new VirtualOfList('failoverServices', virtual, index)),
);

/** Virtual servers that serve: active ones, unless the file is about failover services. */
export const activeVirtuals = onceFor((config: ClusterConfig): readonly VirtualPlace[] =>
  config.global.serviceKind === 'lvs' ? allVirtuals(config).filter(({ virtual }) => virtual.enabled) : [],
);

/** Path and words are for sentences; they are made when there is something to say. */
class ServerOfVirtual implements ServerPlace {
  readonly #place: Omit<VirtualPlace, 'servers'>;
  readonly #index: number;
  readonly server: RealServer;

  constructor(place: Omit<VirtualPlace, 'servers'>, server: RealServer, index: number) {
    this.#place = place;
    this.#index = index;
    this.server = server;
  }

  get virtual(): VirtualServer {
    return this.#place.virtual;
  }

  get path(): ModelPath {
    return [...this.#place.path, 'servers', this.#index];
  }

  get where(): string {
    return `real server "${clipped(this.server.name)}" of ${this.#place.where}`;
  }
}

/** Active real servers of active virtual servers. */
const activeServers = onceFor((config: ClusterConfig): readonly ServerPlace[] =>
  activeVirtuals(config).flatMap(({ servers }) => servers.filter(({ server }) => server.enabled)),
);

/** The faults of all active real servers, at most one of each; a large file has tens of thousands, most without any. */
export function faultsOfServers(
  config: ClusterConfig,
  judge: (place: ServerPlace) => Diagnostic | null,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const place of activeServers(config)) {
    const fault = judge(place);
    if (fault !== null) found.push(fault);
  }
  return found;
}

/** One value of the configuration with its row of the table. */
export interface ValuePlace {
  readonly directive: Directive;
  readonly value: unknown;
  readonly path: ModelPath;
  /** "at the top level", `in virtual server "web"`. */
  readonly where: string;
}

type BlockPlace = Pick<VirtualPlace, 'path' | 'where'>;

/** Path and words are for sentences; they are made when there is something to say. */
class ValueOfBlock implements ValuePlace {
  readonly directive: Directive;
  readonly value: unknown;
  readonly #block: BlockPlace;

  constructor(directive: Directive, value: unknown, block: BlockPlace) {
    this.directive = directive;
    this.value = value;
    this.#block = block;
  }

  get path(): ModelPath {
    return [...this.#block.path, this.directive.key];
  }

  get where(): string {
    const { where } = this.#block;
    return this.#block === topLevel ? where : `in ${where}`;
  }
}

const topLevel: BlockPlace = { path: ['global'], where: 'at the top level' };

/** A row of the table that a walk over the values looks at, with what the walk knows of it. */
interface WalkedRow {
  readonly directive: Directive;
}

/**
 * Visits the values of some rows that are not the default, in file order. Defaults have no fault. The walk names its
 * rows, because most rows of most blocks have nothing to say, and a large file has tens of thousands of blocks.
 */
function eachGiven<Row extends WalkedRow>(
  settings: object,
  rows: readonly Row[],
  block: BlockPlace,
  visit: (place: ValuePlace, row: Row) => void,
): void {
  const values = settings as Readonly<Record<string, unknown>>;
  for (const row of rows) {
    const { directive } = row;
    const value = values[directive.key];
    if (value !== directive.default && !isSame(value, directive.default))
      visit(new ValueOfBlock(directive, value, block), row);
  }
}

type RowsOf<Row, Of extends Scope> = Readonly<Record<Of, readonly Row[]>>;

/** The values of the top level. */
export const eachGlobalValue = <Row extends WalkedRow>(
  { global }: ClusterConfig,
  rows: RowsOf<Row, 'global'>,
  visit: (place: ValuePlace, row: Row) => void,
): void => eachGiven(global, rows.global, topLevel, visit);

/** The values of all blocks. */
export function eachBlockValue<Row extends WalkedRow>(
  config: ClusterConfig,
  rows: RowsOf<Row, 'virtual' | 'server'>,
  visit: (place: ValuePlace, row: Row) => void,
): void {
  for (const place of [...allFailovers(config), ...allVirtuals(config)]) {
    eachGiven(place.virtual, rows.virtual, place, visit);
    for (const server of place.servers) eachGiven(server.server, rows.server, server, visit);
  }
}
