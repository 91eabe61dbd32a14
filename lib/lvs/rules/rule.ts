/** What a rule is, and the blocks that rules walk over. */
import type { Diagnostic, ModelPath } from '../diagnostics.ts';
import type { Directive } from '../directive.ts';
import { directivesOf, type Scope } from '../directives.ts';
import type { ClusterConfig, RealServer, VirtualServer } from '../model.ts';
import { isSame } from '../same.ts';

/** One rule across directives. Pure; returns nothing where the configuration is fine. */
export type Rule = (config: ClusterConfig) => readonly Diagnostic[];

export interface VirtualPlace {
  readonly virtual: VirtualServer;
  readonly path: ModelPath;
  /** `virtual server "web"`, for sentences. */
  readonly where: string;
}

export interface ServerPlace extends VirtualPlace {
  readonly server: RealServer;
}

const clipped = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

const virtualPlaces = (
  list: 'virtualServers' | 'failoverServices',
  noun: string,
  virtuals: readonly VirtualServer[],
): VirtualPlace[] =>
  virtuals.map((virtual, index) => ({
    virtual,
    path: [list, index],
    where: `${noun} "${clipped(virtual.name)}"`,
  }));

/** Virtual servers that serve: active ones, unless the file is about failover services. */
export const activeVirtuals = (config: ClusterConfig): VirtualPlace[] =>
  config.global.serviceKind === 'lvs' ? allVirtuals(config).filter(({ virtual }) => virtual.enabled) : [];

export const allVirtuals = (config: ClusterConfig): VirtualPlace[] =>
  virtualPlaces('virtualServers', 'virtual server', config.virtualServers);

export const allFailovers = (config: ClusterConfig): VirtualPlace[] =>
  virtualPlaces('failoverServices', 'failover service', config.failoverServices);

/** Real servers of one virtual server. */
export const serversOf = (place: VirtualPlace): ServerPlace[] =>
  place.virtual.servers.map((server, index) => ({
    virtual: place.virtual,
    server,
    path: [...place.path, 'servers', index],
    where: `real server "${clipped(server.name)}" of ${place.where}`,
  }));

/** Active real servers of active virtual servers. */
export const activeServers = (config: ClusterConfig): ServerPlace[] =>
  activeVirtuals(config).flatMap((place) => serversOf(place).filter(({ server }) => server.enabled));

/** One value of the configuration with its row of the table. */
export interface ValuePlace {
  readonly directive: Directive;
  readonly value: unknown;
  readonly path: ModelPath;
  /** "at the top level", `in virtual server "web"`. */
  readonly where: string;
}

function* valuesOf(scope: Scope, settings: object, path: ModelPath, where: string): Generator<ValuePlace> {
  const values = settings as Readonly<Record<string, unknown>>;
  for (const directive of directivesOf[scope]) {
    const value = values[directive.key];
    if (!isSame(value, directive.default)) yield { directive, value, path: [...path, directive.key], where };
  }
}

/** Every value of the configuration that is not the default, in file order. Defaults have no fault. */
export function* givenValues(config: ClusterConfig): Generator<ValuePlace> {
  yield* valuesOf('global', config.global, ['global'], 'at the top level');
  for (const place of [...allFailovers(config), ...allVirtuals(config)]) {
    yield* valuesOf('virtual', place.virtual, place.path, `in ${place.where}`);
    for (const { server, path, where } of serversOf(place))
      yield* valuesOf('server', server, path, `in ${where}`);
  }
}
