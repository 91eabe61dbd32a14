/** What the rest of the agent knows of the nanny. */
import type { RoutingTable } from '#lib/ipvs/table.ts';
import type { ClusterConfig } from '#lib/lvs/model.ts';
import type { HealthStatus } from '#lib/protocol/messages.ts';
import type { ServerNames, ServerOverride } from './overrides.ts';

/**
 * Weight that a real server should have in the kernel's table now; null = it should not be in the table.
 * Names may repeat in lvs.cf, therefore positions: index in `config.virtualServers`, index in its `servers`.
 */
export type WeightOf = (virtualIndex: number, serverIndex: number) => number | null;

export interface Nanny {
  /**
   * Takes a new configuration over: checks that are the same keep their state and their place in time, new ones
   * start at once. `table` is the kernel's table now: what stands in it is adopted as up until a check says otherwise.
   */
  configure(config: ClusterConfig, table: RoutingTable): void;
  readonly weightOf: WeightOf;
  status(): HealthStatus[];
  /** Whether the configuration holds a real server of these names. */
  knows(names: ServerNames): boolean;
  /** From now on these overrides of administrators count and no others. */
  override(list: readonly ServerOverride[]): void;
  /** All overrides, under the names of the configuration. */
  overrides(): readonly ServerOverride[];
  stop(): void;
}

/** `onChange` is called after any change of `weightOf`; the dataplane then converges. */
export interface NannyOptions {
  readonly onChange: () => void;
  readonly overrides: readonly ServerOverride[];
}
